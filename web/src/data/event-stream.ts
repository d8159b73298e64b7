/**
 * `/v1/stream` over the browser's EventSource. Reconnecting is the feed's business, so the source
 * is closed at its first error.
 */
import { STREAM_PATH } from './api.ts';
import type { StreamHandlers, StreamMessage } from './feed.ts';

const EVENTS: readonly StreamMessage['event'][] = ['hello', 'agents', 'gone', 'ages', 'summary'];

export function openEventStream(handlers: StreamHandlers): () => void {
  const source = new EventSource(STREAM_PATH);
  for (const event of EVENTS) {
    source.addEventListener(event, (message: MessageEvent<string>) => {
      handlers.onMessage({ event, data: JSON.parse(message.data) });
    });
  }
  source.addEventListener('error', () => {
    source.close();
    handlers.onLost();
  });
  return () => source.close();
}
