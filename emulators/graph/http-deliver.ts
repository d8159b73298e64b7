/** Notifications over real HTTP and HTTPS, a connection for each; an answer beyond 64 KB is cut. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Deliver, Delivered } from './deliver.ts';

const MAX_ANSWER_BYTES = 65_536;

export function httpDeliver(): Deliver {
  return (url, headers, body, timeoutMs) =>
    new Promise<Delivered>((resolve, reject) => {
      const request = url.startsWith('https:') ? httpsRequest : httpRequest;
      const length = { 'content-length': Buffer.byteLength(body) };
      const call = request(
        url,
        { method: 'POST', headers: { ...headers, ...length }, agent: false },
        (incoming) => {
          readAnswer(incoming).then(resolve, reject);
        },
      );
      const timer = setTimeout(() => {
        call.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      call.on('close', () => clearTimeout(timer));
      call.on('error', reject);
      call.end(body);
    });
}

async function readAnswer(incoming: IncomingMessage): Promise<Delivered> {
  const parts: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = incoming;
  for await (const part of stream) {
    size += part.length;
    parts.push(part);
    if (size > MAX_ANSWER_BYTES) break;
  }
  const type = incoming.headers['content-type'];
  const body = Buffer.concat(parts).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
  const status = incoming.statusCode ?? 0;
  return { status, body, ...(type === undefined ? {} : { contentType: type }) };
}
