/**
 * The thread that reads large frames: text to frame, then one part for each question, so that the
 * asking side decides how fast they come.
 */
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { frameOf, type Frame } from './frame.ts';
import { partsOf } from './parts.ts';

export type Question =
  | { readonly id: number; readonly ask: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly ask: 'next' }
  | { readonly id: number; readonly ask: 'drop' };

export interface Part {
  readonly id: number;
  readonly frame: Frame;
}

/** A mark of byte order is no part of JSON, and is refused here as in a small frame. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

function serve(port: MessagePort): void {
  const reading = new Map<number, Iterator<Frame, void>>();
  port.on('message', (question: Question) => {
    const { id, ask } = question;
    if (ask === 'read') reading.set(id, partsOf(frameOf(TEXT.decode(question.bytes))));
    const next = ask === 'drop' ? undefined : reading.get(id)?.next();
    if (next?.done === false) port.postMessage({ id, frame: next.value } satisfies Part);
    const isOver = next?.done !== false || !('more' in next.value);
    if (isOver) reading.delete(id);
  });
}

if (parentPort !== null) serve(parentPort);
