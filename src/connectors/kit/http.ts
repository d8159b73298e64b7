/**
 * The HTTP seam on undici: one pool of connections an origin, everything bounded.
 *
 * H1  An origin that is not on the egress list is refused before a connection is made, and a name
 *     that resolves to a private address is not connected to. Redirects are never followed.
 * H2  `sent` is false only while no byte of the request can have left: the request waited for a
 *     connection, or the connection could not be made.
 * H3  Requests in flight and waiting, connections, pools, bodies, headers and times have numbers.
 * H4  Nothing is retried here.
 * H5  The byte counters count what crosses the network, handshakes included, for open and closed
 *     connections alike.
 *
 * The `content-length` of an answer is the length of the body as it travelled, before decoding.
 */
import { lookup as resolve } from 'node:dns';
import type { Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Clock } from '../../lib/clock.ts';
import { ExchangeError, type Exchange, type HttpRequest } from '../../lib/exchange.ts';
import { createEgress, guardedLookup, type Egress, type EgressOptions } from './egress.ts';
import { transfer, type Answer, type TransferLimits } from './http-transfer.ts';
import { textOf } from './http-body.ts';

export interface HttpLimits extends TransferLimits {
  /** Connections an origin. */
  readonly connections: number;
  /** Pools; the one that rested longest is closed for a new origin. */
  readonly origins: number;
  /** Requests an origin that may be in flight or waiting. */
  readonly requests: number;
  readonly connectMs: number;
  /** How long an idle connection is kept, and at most, when the server asks for longer. */
  readonly keepAliveMs: number;
  readonly keepAliveMaxMs: number;
}

const HTTP_LIMITS: HttpLimits = {
  connections: 32,
  origins: 16,
  requests: 2_000,
  connectMs: 10_000,
  timeoutMs: 30_000,
  bodyBytes: 16 * 1024 * 1024,
  headerBytes: 32 * 1024,
  keepAliveMs: 30_000,
  keepAliveMaxMs: 600_000,
};

export interface HttpOptions extends EgressOptions {
  readonly clock: Clock;
  readonly limits?: Partial<HttpLimits>;
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string;
}

interface SocketBytes {
  readonly received: number;
  readonly sent: number;
}

export interface Http {
  readonly exchange: Exchange;
  /** Bytes over all connections since the start. */
  bytes(): SocketBytes;
  /** Closes every connection; requests in flight reject. */
  close(): Promise<void>;
}

interface Lane {
  readonly pool: Pool;
  requests: number;
}

export function createHttp(options: HttpOptions): Http {
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const egress = createEgress(options);
  const meter = createMeter();
  const connect = createConnect({ egress, limits, meter, ca: options.ca });
  const lanes = new Map<string, Lane>();
  let closed = false;

  const laneFor = (origin: string): Lane => {
    const known = lanes.get(origin);
    const lane = known ?? { pool: newPool(origin, limits, connect), requests: 0 };
    // Insertion order is the order of last use.
    lanes.delete(origin);
    lanes.set(origin, lane);
    const [eldest] = lanes.keys();
    if (lanes.size > limits.origins && eldest !== undefined) {
      void lanes.get(eldest)?.pool.close();
      lanes.delete(eldest);
    }
    return lane;
  };

  const exchange: Exchange = async (request) => {
    const url = permitted(request, egress);
    if (closed) throw new ExchangeError('connect', false, `${url.host}: the client is closed`);
    const lane = laneFor(url.origin);
    if (lane.requests >= limits.requests) {
      throw new ExchangeError('connect', false, `${url.host}: too many requests are waiting`);
    }
    lane.requests += 1;
    const release = (): void => {
      lane.requests -= 1;
    };
    const answer = await transfer(
      { pool: lane.pool, url, request, release },
      limits,
      options.clock,
    );
    return { status: answer.status, headers: flat(answer), body: await textOf(answer, limits) };
  };

  return {
    exchange,
    bytes: () => meter.total(),
    async close(): Promise<void> {
      closed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.pool.destroy()));
    },
  };
}

function permitted(request: HttpRequest, egress: Egress): URL {
  if (!URL.canParse(request.url)) throw new ExchangeError('connect', false, 'not a URL');
  const url = new URL(request.url);
  if (egress.permits(url)) return url;
  throw new ExchangeError('connect', false, `${url.origin} is not on the list of allowed origins`);
}

function newPool(origin: string, limits: HttpLimits, connect: buildConnector.connector): Pool {
  return new Pool(origin, {
    connect,
    connections: limits.connections,
    pipelining: 1,
    keepAliveTimeout: limits.keepAliveMs,
    keepAliveMaxTimeout: limits.keepAliveMaxMs,
    maxHeaderSize: limits.headerBytes,
  });
}

/** Headers as plain text; the length is that of the body as it travelled. */
function flat(answer: Answer): Readonly<Record<string, string>> {
  const entries = Object.entries(answer.headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const glue = name === 'set-cookie' ? '\n' : ', ';
    return [[name, typeof value === 'string' ? value : value.join(glue)] as const];
  });
  return Object.fromEntries([...entries, ['content-length', String(answer.body.length)]]);
}

interface Meter {
  watch(socket: Socket): void;
  total(): SocketBytes;
}

function createMeter(): Meter {
  const open = new Set<Socket>();
  let received = 0;
  let sent = 0;
  return {
    watch(socket): void {
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        received += socket.bytesRead;
        sent += socket.bytesWritten;
      });
    },
    total(): SocketBytes {
      const sum = { received, sent };
      for (const socket of open) {
        sum.received += socket.bytesRead;
        sum.sent += socket.bytesWritten;
      }
      return sum;
    },
  };
}

/**
 * Connects in two steps, the bare connection first and TLS on top, because only the bare one
 * counts the bytes that really travel.
 */
function createConnect(parts: {
  readonly egress: Egress;
  readonly limits: HttpLimits;
  readonly meter: Meter;
  readonly ca: string | undefined;
}): buildConnector.connector {
  const { egress, limits, meter, ca } = parts;
  const bare = buildConnector({
    lookup: guardedLookup(egress, resolve),
    timeout: limits.connectMs,
    autoSelectFamily: true,
  });
  const secure = buildConnector({
    timeout: limits.connectMs,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
  });
  return (target, callback) => {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    bare({ ...target, protocol: 'http:', port }, (...result) => {
      const [error, socket] = result;
      if (error !== null) return callback(error, null);
      meter.watch(socket);
      if (target.protocol !== 'https:') return callback(null, socket);
      return secure({ ...target, httpSocket: socket }, (...secured) => {
        if (secured[0] !== null) socket.destroy();
        callback(...secured);
      });
    });
  };
}
