/**
 * The WebSocket seam on `ws`: the one place where a connector's socket meets the network.
 *
 * S1  Nothing is sent to an origin outside the egress list, and a name that resolves to a private
 *     address is not connected to. The list is checked before any packet leaves.
 * S2  A redirect is never followed: it is a refused handshake.
 * S3  `onClose` comes exactly once for each socket, also when the handshake failed.
 * S4  Nothing grows without a bound: frames, the text that waits to be sent, the handshake.
 * S5  `bytes` counts the whole life of every socket, failed and closed ones included.
 */
import { lookup } from 'node:dns';
import type { ClientRequest } from 'node:http';
import type { LookupFunction, Socket as NetSocket } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import type { OpenSocket, Socket, SocketHandlers, SocketRequest } from '../../lib/socket.ts';
import {
  createEgress,
  guardedLookup,
  type Egress,
  type EgressOptions,
  type Resolve,
} from './egress.ts';

/** The egress list is the one of HTTP: `https://…` there also allows `wss://…`. */
export interface SocketOptions extends EgressOptions {
  readonly limits?: Partial<SocketLimits>;
  /** How names are resolved; the system's way by default. */
  readonly resolve?: Resolve;
}

interface SocketLimits {
  readonly handshakeMs: number;
  /** How long a closing handshake may take before the socket is cut. */
  readonly closeMs: number;
  /** Most text that may wait to be sent; beyond it the peer is taken for dead. */
  readonly bufferedBytes: number;
}

const SOCKET_LIMITS: SocketLimits = {
  handshakeMs: 10_000,
  closeMs: 5_000,
  bufferedBytes: 1_048_576,
};

/** Bytes after compression and before TLS, handshakes included. */
interface SocketTraffic {
  readonly received: number;
  readonly sent: number;
}

export interface Sockets {
  readonly open: OpenSocket;
  bytes(): SocketTraffic;
}

interface Meter {
  readonly live: Set<NetSocket>;
  received: number;
  sent: number;
}

interface Line {
  readonly limits: SocketLimits;
  readonly meter: Meter;
  readonly lookup: LookupFunction;
}

/** A socket that never opened ends with this code, as the protocol's own "abnormal closure". */
const NEVER_OPENED = 1006;

export function createSockets(options: SocketOptions): Sockets {
  const egress = createEgress(options);
  const line: Line = {
    limits: { ...SOCKET_LIMITS, ...options.limits },
    meter: { live: new Set(), received: 0, sent: 0 },
    lookup: guardedLookup(egress, options.resolve ?? lookup),
  };
  return {
    open(request, handlers): Socket {
      if (!permits(egress, request.url)) return refused(handlers, 'the origin is not on the list');
      return connect(request, handlers, line);
    },
    bytes: () => total(line.meter),
  };
}

function permits(egress: Egress, address: string): boolean {
  if (!/^wss?:\/\//i.test(address)) return false;
  const likeness = address.replace(/^ws/i, 'http');
  return URL.canParse(likeness) && egress.permits(new URL(likeness));
}

function refused(handlers: SocketHandlers, why: string): Socket {
  // Later, as with any other socket: the caller has not got hold of it yet.
  queueMicrotask(() => handlers.onClose(NEVER_OPENED, why));
  return { send: () => undefined, close: () => undefined };
}

function connect(request: SocketRequest, handlers: SocketHandlers, line: Line): Socket {
  let ws: WebSocket;
  try {
    ws = new WebSocket(request.url, settingsOf(request, line));
  } catch {
    // A header or an address that cannot be put on the wire; its text may hold a secret.
    return refused(handlers, 'the address or a header cannot be sent');
  }
  let why = '';
  ws.on('unexpected-response', (sent, response) => {
    why = `the handshake was answered with HTTP ${response.statusCode ?? 0}`;
    // The body is of no use, and reading it would be one more thing without a bound.
    sent.destroy();
    ws.terminate();
  });
  ws.on('open', () => handlers.onOpen());
  ws.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary) passOn(data, request, handlers);
  });
  ws.on('error', (error: Error) => {
    if (why === '') why = error.message;
  });
  ws.on('close', (code: number, reason: Buffer) => {
    handlers.onClose(code, reason.length > 0 ? reason.toString('utf8') : why);
  });
  return {
    send(text): void {
      if (ws.readyState !== WebSocket.OPEN) return;
      if (ws.bufferedAmount > line.limits.bufferedBytes) {
        why = 'the peer takes nothing any more';
        ws.terminate();
        return;
      }
      ws.send(text);
    },
    close: (code = 1000, reason = '') => ws.close(code, reason),
  };
}

function settingsOf(request: SocketRequest, line: Line): WebSocket.ClientOptions {
  const settings = {
    headers: { ...request.headers },
    maxPayload: request.maxPayloadBytes,
    perMessageDeflate: true,
    followRedirects: false,
    handshakeTimeout: line.limits.handshakeMs,
    closeTimeout: line.limits.closeMs,
    lookup: line.lookup,
    finishRequest(sent: ClientRequest): void {
      sent.once('socket', (socket) => measure(socket, line.meter));
      sent.end();
    },
  };
  return settings;
}

function passOn(data: RawData, { bytesFrom }: SocketRequest, handlers: SocketHandlers): void {
  const bytes = bytesOf(data);
  const isLarge = bytesFrom !== undefined && bytes.length >= bytesFrom;
  // `ws` has checked that it is UTF-8.
  if (isLarge && handlers.onBytes !== undefined) handlers.onBytes(ownBytes(bytes));
  else handlers.onText(bytes.toString('utf8'));
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** Copied only where the bytes are a part of a larger buffer. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function measure(socket: NetSocket, meter: Meter): void {
  const counted = meter;
  // What waits for a connection that is never made counts as written, so counting starts later.
  socket.once('connect', () => counted.live.add(socket));
  socket.once('close', () => {
    if (!counted.live.delete(socket)) return;
    counted.received += socket.bytesRead;
    counted.sent += socket.bytesWritten;
  });
}

function total(meter: Meter): SocketTraffic {
  let { received, sent } = meter;
  for (const socket of meter.live) {
    received += socket.bytesRead;
    sent += socket.bytesWritten;
  }
  return { received, sent };
}
