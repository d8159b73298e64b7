import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ExchangeError, type HttpRequest } from '../../lib/exchange.ts';
import { createVirtualClock } from './conformance/rig.ts';
import { selfSigned } from './fixtures/self-signed.ts';
import { createHttp, type Http, type HttpLimits } from './http.ts';

interface Far {
  readonly origin: string;
  readonly sockets: Socket[];
}

const servers: Server[] = [];
const clients: Http[] = [];

after(async () => {
  await Promise.all(clients.map((one) => one.close()));
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener): Promise<Far> {
  const server = createServer(listener);
  return begin(server, 'http://127.0.0.1');
}

async function begin(server: Server, prefix: string): Promise<Far> {
  servers.push(server);
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { origin: `${prefix}:${address.port}`, sockets };
}

function client(allowed: readonly string[], limits: Partial<HttpLimits> = {}): Bench {
  const clock = createVirtualClock();
  const http = createHttp({ clock, allowed, limits });
  clients.push(http);
  return { http, clock };
}

interface Bench {
  readonly http: Http;
  readonly clock: ReturnType<typeof createVirtualClock>;
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}

async function failure(work: Promise<unknown>): Promise<ExchangeError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ExchangeError, `not an ExchangeError: ${String(error)}`);
  return error;
}

/** A listener that holds every request until `answer` is called. */
function holding(): {
  readonly listener: RequestListener;
  readonly held: ServerResponse[];
  /** Resolves when this many requests have arrived. */
  readonly arrived: (count?: number) => Promise<void>;
} {
  const held: ServerResponse[] = [];
  let wake = (): void => {};
  return {
    held,
    listener: (_request, response) => {
      held.push(response);
      wake();
    },
    arrived: (count = 1) =>
      new Promise((resolve) => {
        wake = (): void => {
          if (held.length >= count) resolve();
        };
        wake();
      }),
  };
}

describe('the HTTP exchange', () => {
  it('carries method, path, headers and body, and brings back status, headers and text', async () => {
    const seen: { request?: IncomingMessage; body: string } = { body: '' };
    const far = await listen((request, response) => {
      seen.request = request;
      request.on('data', (chunk: Buffer) => (seen.body += chunk.toString()));
      request.on('end', () => {
        response.setHeader('set-cookie', ['a=1', 'b=2']);
        response.setHeader('X-Two', ['x', 'y']);
        response.statusCode = 418;
        response.end('schön');
      });
    });
    const { http } = client([far.origin]);
    const answer = await http.exchange({
      method: 'POST',
      url: `${far.origin}/path?q=1`,
      headers: { 'content-type': 'application/json' },
      body: '{"ü":1}',
    });
    assert.equal(seen.request?.method, 'POST');
    assert.equal(seen.request?.url, '/path?q=1');
    assert.equal(seen.request?.headers['content-type'], 'application/json');
    assert.equal(seen.request?.headers['accept-encoding'], 'gzip');
    assert.equal(seen.body, '{"ü":1}');
    assert.equal(answer.status, 418);
    assert.equal(answer.body, 'schön');
    assert.equal(answer.headers['set-cookie'], 'a=1\nb=2');
    assert.equal(answer.headers['x-two'], 'x, y');
  });

  it('decodes gzip and tells how long the body was on its way', async () => {
    const packed = gzipSync('x'.repeat(10_000));
    const far = await listen((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.write(packed.subarray(0, 10));
      response.end(packed.subarray(10));
    });
    const answer = await client([far.origin]).http.exchange(get(far.origin));
    assert.equal(answer.body.length, 10_000);
    assert.equal(answer.headers['content-length'], String(packed.length));
  });

  it('keeps connections alive for requests that follow one another', async () => {
    const far = await listen((_request, response) => response.end('ok'));
    const { http } = client([far.origin]);
    for (let i = 0; i < 9; i += 1) await http.exchange(get(far.origin));
    // The pool rests a connection for one turn of the loop, so two may take turns.
    assert.ok(far.sockets.length <= 2, `${far.sockets.length} connections for 9 requests`);
  });

  it('refuses an origin that is not listed, before connecting', async () => {
    const far = await listen((_request, response) => response.end('ok'));
    const { http } = client(['https://graph.microsoft.com']);
    const error = await failure(http.exchange(get(far.origin)));
    assert.equal(error.sent, false);
    assert.equal(far.sockets.length, 0);
    assert.equal((await failure(http.exchange(get('no url')))).sent, false);
  });

  it('does not follow a redirect', async () => {
    let asked = 0;
    const far = await listen((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await client([far.origin]).http.exchange(get(far.origin));
    assert.equal(answer.status, 302);
    assert.equal(asked, 1);
  });
});

describe('a failed exchange', () => {
  it('was not sent when the connection is refused', async () => {
    const far = await listen(() => {});
    servers.pop()?.close();
    const error = await failure(client([far.origin]).http.exchange(get(far.origin)));
    assert.deepEqual([error.kind, error.sent], ['connect', false]);
  });

  it('may have had an effect when the connection breaks after sending', async () => {
    const far = await listen((request) => request.socket.destroy());
    const error = await failure(client([far.origin]).http.exchange(get(far.origin)));
    assert.deepEqual([error.kind, error.sent], ['reset', true]);
  });

  it('may have had an effect when the body is cut short or cannot be decoded', async () => {
    const far = await listen((request, response) => {
      if (request.url === '/gzip') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
        return;
      }
      response.writeHead(200, { 'content-length': '100' });
      response.write('short', () => request.socket.destroy());
    });
    const { http } = client([far.origin]);
    for (const path of ['/cut', '/gzip']) {
      const error = await failure(http.exchange(get(far.origin + path)));
      assert.deepEqual([error.kind, error.sent], ['reset', true], path);
    }
  });

  it('times out as a whole, however slowly the answer drips', async () => {
    const { listener, held, arrived } = holding();
    const far = await listen(listener);
    const { http, clock } = client([far.origin]);
    const work = failure(http.exchange({ ...get(far.origin), timeoutMs: 5_000 }));
    await arrived();
    held[0]?.write('drip');
    await clock.advance(5_000);
    const error = await work;
    assert.deepEqual([error.kind, error.sent], ['timeout', true]);
  });

  it('was not sent while it waited for a connection, and never leaves afterwards', async () => {
    const { listener, held, arrived } = holding();
    const far = await listen(listener);
    const { http, clock } = client([far.origin], { connections: 1 });
    const first = http.exchange({ ...get(`${far.origin}/first`), timeoutMs: 60_000 });
    await arrived();
    const second = failure(http.exchange({ ...get(`${far.origin}/second`), timeoutMs: 5_000 }));
    await clock.advance(5_000);
    const error = await second;
    assert.deepEqual([error.kind, error.sent], ['timeout', false]);
    held[0]?.end('done');
    assert.equal((await first).body, 'done');
    const third = http.exchange({ ...get(`${far.origin}/third`), timeoutMs: 60_000 });
    await arrived(2);
    held[1]?.end('third');
    assert.equal((await third).body, 'third');
    assert.equal(held.length, 2);
  });

  it('stops at a body that is too large, packed or not', async () => {
    const far = await listen((request, response) => {
      if (request.url === '/plain') return response.end('x'.repeat(2_000));
      response.setHeader('content-encoding', 'gzip');
      return response.end(gzipSync('x'.repeat(2_000)));
    });
    const { http } = client([far.origin], { bodyBytes: 1_000 });
    for (const path of ['/plain', '/packed']) {
      const error = await failure(http.exchange(get(far.origin + path)));
      assert.deepEqual([error.kind, error.sent], ['too_large', true], path);
    }
  });

  it('was not sent when too many requests wait already', async () => {
    const { listener, arrived } = holding();
    const far = await listen(listener);
    const { http, clock } = client([far.origin], { connections: 1, requests: 2 });
    const waiting = [
      failure(http.exchange(get(far.origin))),
      failure(http.exchange(get(far.origin))),
    ];
    await arrived();
    const error = await failure(http.exchange(get(far.origin)));
    assert.deepEqual([error.kind, error.sent], ['connect', false]);
    await clock.advance(60_000);
    await Promise.all(waiting);
  });

  it('rejects what is in flight when the client closes, and everything after', async () => {
    const { listener, arrived } = holding();
    const far = await listen(listener);
    const { http } = client([far.origin]);
    const work = failure(http.exchange(get(far.origin)));
    await arrived();
    await http.close();
    assert.equal((await work).sent, true);
    assert.equal((await failure(http.exchange(get(far.origin)))).sent, false);
  });
});

describe('the byte counters', () => {
  it('count what travelled, TLS included, for open and closed connections', async () => {
    const now = Date.UTC(2026, 0, 1);
    const pair = selfSigned({
      name: 'localhost',
      notBefore: now,
      notAfter: now + 3e12,
      kind: 'ec',
    });
    const server = createSecureServer(
      { key: pair.key, cert: pair.certificate },
      (_request, response) => response.end('x'.repeat(1_000)),
    );
    const far = await begin(server, 'https://localhost');
    const clock = createVirtualClock();
    const http = createHttp({ clock, allowed: [far.origin], ca: pair.certificate });
    clients.push(http);
    await http.exchange(get(far.origin));
    const open = http.bytes();
    assert.ok(open.received > 1_000 && open.sent > 100, JSON.stringify(open));
    const socket = far.sockets[0];
    assert.ok(socket !== undefined);
    const ended = once(socket, 'close');
    await http.close();
    await ended;
    const total = http.bytes();
    assert.ok(total.sent >= open.sent && total.received >= open.received, 'a closed one is lost');
    assert.equal(total.sent, socket.bytesRead);
    // The server's last alert may come too late to be read.
    const unread = socket.bytesWritten - total.received;
    assert.ok(unread >= 0 && unread < 64, `${unread} bytes unread`);
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    const now = Date.UTC(2026, 0, 1);
    const pair = selfSigned({
      name: 'localhost',
      notBefore: now,
      notAfter: now + 3e12,
      kind: 'ec',
    });
    const server = createSecureServer({ key: pair.key, cert: pair.certificate }, () => {});
    const far = await begin(server, 'https://localhost');
    const error = await failure(client([far.origin]).http.exchange(get(far.origin)));
    assert.deepEqual([error.kind, error.sent], ['connect', false]);
  });
});
