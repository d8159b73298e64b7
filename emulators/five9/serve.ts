/**
 * The double on real HTTP and WebSocket: an outermost shell around the same core that runs in
 * memory. Listens on the loopback interface only unless told otherwise: the control API has no
 * password.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { isControlPath } from './control.ts';
import { Five9Core } from './core.ts';
import { type Five9Emulator, controlResponse, emulatorOf } from './emulator.ts';
import { responseOf } from './in-memory.ts';
import { type Five9Options, five9Settings } from './options.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_SOCKET_TEXT_BYTES = 10_000;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type ServeOptions = Omit<Five9Options, 'baseUrl' | 'loginUrl' | 'standbyUrl'> & {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Opens a second data centre for migrations on this port; absent: they stay at the first. */
  readonly standbyPort?: number;
  readonly host?: string;
};

export interface ServedFive9 {
  readonly url: string;
  readonly emulator: Five9Emulator;
  close(): Promise<void>;
}

export async function serveFive9(options: ServeOptions): Promise<ServedFive9> {
  const { port = 0, standbyPort, host = '127.0.0.1', ...rest } = options;
  const servers = [await listening(port, host)];
  if (standbyPort !== undefined) servers.push(await listening(standbyPort, host));
  const [baseUrl = '', standbyUrl = baseUrl] = servers.map((server) => urlOf(server, host));
  const core = new Five9Core(five9Settings({ ...rest, baseUrl, standbyUrl }));
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: { zlibDeflateOptions: { level: 1 }, threshold: 1_024 },
    maxPayload: MAX_SOCKET_TEXT_BYTES,
    autoPong: false,
  });
  for (const server of servers) {
    const base = urlOf(server, host);
    server.on('request', (request, response) => {
      receive(core, base, { request, response });
    });
    server.on('upgrade', (request, socket, head) => {
      upgrade({ core, sockets, base }, request, socket, head);
    });
  }
  return {
    url: baseUrl,
    emulator: emulatorOf(core),
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await Promise.all(servers.map(closed));
    },
  };
}

function listening(port: number, host: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://${host}:${address.port}`;
}

interface HttpPair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function receive(core: Five9Core, base: string, pair: HttpPair): void {
  const { request, response } = pair;
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    const read = length > MAX_BODY_BYTES ? undefined : requestOf(base, request, body);
    if (read === undefined) response.writeHead(length > MAX_BODY_BYTES ? 413 : 405).end();
    else answer(core, read, response);
  });
}

function requestOf(base: string, message: IncomingMessage, body: string): HttpRequest | undefined {
  const method = METHODS.find((known) => known === message.method);
  const url = `${base}${message.url ?? '/'}`;
  if (method === undefined || !URL.canParse(url)) return undefined;
  return { method, url, headers: headersOf(message), ...(body === '' ? {} : { body }) };
}

function headersOf(message: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}

function answer(core: Five9Core, request: HttpRequest, response: ServerResponse): void {
  if (isControlPath(new URL(request.url).pathname)) {
    write(response, controlResponse(core, request));
    return;
  }
  const result = core.handle(request);
  if (result.kind === 'unreachable') response.destroy();
  if (result.kind !== 'reply') return;
  const { restMs, restJitterMs } = core.settings.latency;
  const delayMs = restMs + core.settings.random.next() * restJitterMs + result.delayMs;
  const send = (): void => write(response, responseOf(result.reply));
  if (delayMs === 0) send();
  else core.settings.clock.after(delayMs, send);
}

function write(response: ServerResponse, answered: ReturnType<typeof responseOf>): void {
  for (const [name, value] of Object.entries(answered.headers)) {
    response.setHeader(name, name === 'set-cookie' ? value.split('\n') : value);
  }
  response.writeHead(answered.status).end(answered.body);
}

interface Upgrading {
  readonly core: Five9Core;
  readonly sockets: WebSocketServer;
  readonly base: string;
}

function upgrade(to: Upgrading, message: IncomingMessage, socket: Duplex, head: Buffer): void {
  const url = `${to.base}${message.url ?? '/'}`;
  const admission = to.core.admit({ url, headers: headersOf(message) });
  if (admission.kind === 'refused') {
    socket.end(`HTTP/1.1 ${admission.status} Refused\r\nConnection: close\r\n\r\n`);
    return;
  }
  to.sockets.handleUpgrade(message, socket, head, (webSocket) => {
    const line = to.core.attach(admission, peerOf(webSocket));
    webSocket.on('message', (data, isBinary) => {
      if (!isBinary) line.receive(textOf(data));
    });
    webSocket.on('ping', (data) => {
      if (!line.silent()) webSocket.pong(data);
    });
    webSocket.on('close', () => line.gone());
    // A broken frame closes the socket by itself; the handler keeps the process alive.
    webSocket.on('error', () => line.gone());
  });
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

function peerOf(webSocket: WebSocket): {
  send(text: string): void;
  close(code: number, reason: string): void;
  freeze(frozen: boolean): void;
} {
  return {
    send: (text) => webSocket.send(text),
    // 1006 cannot be sent: it means that no close frame came.
    close: (code, reason) => {
      if (code === 1006) webSocket.terminate();
      else webSocket.close(code, reason);
    },
    freeze: (frozen) => {
      if (frozen) webSocket.pause();
      else if (webSocket.isPaused) webSocket.resume();
    },
  };
}
