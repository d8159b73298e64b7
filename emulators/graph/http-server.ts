/**
 * Puts backends on one real HTTP server: bodies, gzip, latency, broken connections. What is
 * answered is none of its business.
 *
 * 1. A request body beyond 1 MB is refused with 413 and not read to its end.
 * 2. `close` ends every connection, also those that a fault keeps waiting.
 */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pause, type Clock } from '../../src/lib/clock.ts';
import type { HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import type { Arrival, Arrived, Backend } from '../entra/transport.ts';

export interface HttpServer {
  readonly url: string;
  /** Must be called once before the first request. */
  handleWith(routing: Routing): void;
  close(): Promise<void>;
}

interface Routing {
  readonly clock: Clock;
  backendFor(path: string): Backend;
}

const MAX_BODY_BYTES = 1_048_576;

export async function openHttpServer(host: string, port: number): Promise<HttpServer> {
  let routing: Routing | undefined;
  const server = createServer((incoming, outgoing) => {
    if (routing === undefined) {
      outgoing.writeHead(503).end();
      return;
    }
    answer(routing, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await listen(server, host, port);
  return {
    url: urlOf(server, host),
    handleWith(next): void {
      routing = next;
    },
    close: () => shut(server),
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return `http://${host}:${address.port}`;
}

async function shut(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

async function answer(
  routing: Routing,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const request = requestOf(incoming, body);
  const backend = routing.backendFor(new URL(request.url).pathname);
  const departure = backend.depart(request);
  if (departure.kind === 'gone') {
    if (departure.how !== 'silence') reset(incoming.socket);
    return;
  }
  if (departure.upMs > 0) await pause(routing.clock, departure.upMs);
  const arrival = await arrived(backend.arrive(request));
  if (departure.downMs > 0) await pause(routing.clock, departure.downMs);
  if (arrival.kind === 'answer') send(request, arrival.response, outgoing);
  else if (arrival.how === 'reset') breakOff(arrival.response, outgoing);
}

async function arrived(arrival: Arrival): Promise<Arrived> {
  return arrival.kind === 'later' ? arrival.arrived : arrival;
}

/** Undefined when there is too much of it. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = incoming.iterator({ destroyOnReturn: false });
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function requestOf(incoming: IncomingMessage, body: string): HttpRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const url = new URL(incoming.url ?? '/', `http://${headers['host'] ?? 'localhost'}`).href;
  return { method: methodOf(incoming.method), url, headers, body };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A method that the seam does not know is answered like PUT: not supported. */
function methodOf(text: string | undefined): HttpRequest['method'] {
  return METHODS.find((method) => method === text) ?? 'PUT';
}

function send(request: HttpRequest, response: HttpResponse, outgoing: ServerResponse): void {
  const headers: OutgoingHttpHeaders = { ...response.headers };
  const zips = (request.headers['accept-encoding'] ?? '').includes('gzip') && response.body !== '';
  const body = zips ? gzipSync(response.body) : Buffer.from(response.body);
  if (zips) headers['content-encoding'] = 'gzip';
  headers['content-length'] = body.length;
  outgoing.writeHead(response.status, headers).end(body);
}

/** Promises the whole answer, sends half of it and hangs up. */
function breakOff(response: HttpResponse, outgoing: ServerResponse): void {
  const body = Buffer.from(response.body);
  const headers = { ...response.headers, 'content-length': Math.max(1, body.length) };
  outgoing.writeHead(response.status, headers);
  const { socket } = outgoing;
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.destroy());
  if (body.length < 2) socket?.destroy();
}

function reset(socket: Socket): void {
  socket.resetAndDestroy();
}
