import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcp, type Server as TcpServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Socket } from '../../lib/socket.ts';
import { createSockets, type Sockets } from './socket.ts';

interface Peer {
  readonly url: string;
  readonly allowed: string;
  readonly server: WebSocketServer;
  accepted(): Promise<{ ws: WebSocket; headers: IncomingHttpHeaders }>;
}

interface Opened {
  readonly socket: Socket;
  readonly texts: string[];
  readonly closes: { code: number; reason: string }[];
  readonly open: Promise<void>;
  readonly closed: Promise<void>;
}

const MAX = 1_000_000;
const cleanups: (() => void)[] = [];
after(() => {
  for (const clean of cleanups) clean();
});

async function listen(server: Server | TcpServer | WebSocketServer): Promise<number> {
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

async function peer(): Promise<Peer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true });
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const port = await listen(server);
  return {
    url: `ws://127.0.0.1:${port}`,
    allowed: `http://127.0.0.1:${port}`,
    server,
    accepted: () =>
      new Promise((resolve) => {
        server.once('connection', (ws, request) => resolve({ ws, headers: request.headers }));
      }),
  };
}

function open(sockets: Sockets, url: string, maxPayloadBytes = MAX): Opened {
  const texts: string[] = [];
  const closes: Opened['closes'] = [];
  let opened = (): void => undefined;
  let ended = (): void => undefined;
  const openPromise = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const closed = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const socket = sockets.open(
    { url, headers: { 'x-probe': 'seven' }, maxPayloadBytes },
    {
      onOpen: opened,
      onText: (text) => texts.push(text),
      onClose(code, reason): void {
        closes.push({ code, reason });
        ended();
      },
    },
  );
  return { socket, texts, closes, open: openPromise, closed };
}

describe('socket', () => {
  it('carries text both ways with the headers given, compressed, and counts its bytes', async () => {
    const far = await peer();
    const sockets = createSockets({ allowed: [far.allowed] });
    const accepted = far.accepted();
    const near = open(sockets, `${far.url}/feed`);
    const { ws, headers } = await accepted;
    assert.equal(headers['x-probe'], 'seven');
    await near.open;
    const heard = once(ws, 'message');
    near.socket.send('ping');
    assert.equal(String((await heard)[0]), 'ping');
    ws.send('x'.repeat(100_000));
    ws.send(Buffer.from('binary is not for us'));
    ws.close(4001, 'enough');
    await near.closed;
    assert.deepEqual(near.texts, ['x'.repeat(100_000)]);
    assert.deepEqual(near.closes, [{ code: 4001, reason: 'enough' }]);
    const { received, sent } = sockets.bytes();
    assert.ok(received > 100 && received < 10_000, `${received} bytes: compressed and counted`);
    assert.ok(sent > 100, `${sent} bytes sent`);
  });

  it('gives a long text as bytes of its own where they are asked for', async () => {
    const far = await peer();
    const accepted = far.accepted();
    const texts: string[] = [];
    const long = `é${'x'.repeat(99_998)}`;
    const came = new Promise<Uint8Array<ArrayBuffer>>((resolve) => {
      createSockets({ allowed: [far.allowed] }).open(
        { url: far.url, headers: {}, maxPayloadBytes: MAX, bytesFrom: 100_000 },
        {
          onOpen: () => undefined,
          onText: (text) => texts.push(text),
          onBytes: resolve,
          onClose: () => undefined,
        },
      );
    });
    const { ws } = await accepted;
    ws.send('y'.repeat(99_999));
    ws.send(long);
    const bytes = await came;
    assert.deepEqual(texts, ['y'.repeat(99_999)]);
    assert.equal(new TextDecoder().decode(bytes), long);
    assert.equal(bytes.buffer.byteLength, bytes.length, 'nothing else is in the buffer');
    assert.equal(structuredClone(bytes, { transfer: [bytes.buffer] }).length, 100_000);
  });

  it('counts an open socket too, and never forgets a closed one', async () => {
    const far = await peer();
    const sockets = createSockets({ allowed: [far.allowed] });
    const accepted = far.accepted();
    const first = open(sockets, far.url);
    const { ws } = await accepted;
    await first.open;
    const whileOpen = sockets.bytes().received;
    assert.ok(whileOpen > 0);
    ws.terminate();
    await first.closed;
    assert.ok(sockets.bytes().received >= whileOpen);
  });

  it('refuses an origin outside the list without connecting', async () => {
    const far = await peer();
    let connections = 0;
    far.server.on('connection', () => {
      connections += 1;
    });
    const sockets = createSockets({ allowed: ['https://*.example.com'] });
    const near = open(sockets, far.url);
    await near.closed;
    near.socket.send('lost');
    near.socket.close();
    assert.equal(near.closes[0]?.code, 1006);
    assert.match(near.closes[0]?.reason ?? '', /not on the list/);
    assert.equal(connections, 0);
    assert.equal(sockets.bytes().sent, 0);
  });

  it('ends an address that cannot be put on the wire like any other socket', async () => {
    const far = await peer();
    const near = open(createSockets({ allowed: [far.allowed] }), `${far.url}/x#fragment`);
    await near.closed;
    assert.match(near.closes[0]?.reason ?? '', /cannot be sent/);
  });

  it('tells the status of a refused handshake, and follows no redirect', async () => {
    const far = await peer();
    for (const status of [401, 302]) {
      const server = createServer();
      server.on('upgrade', (_request, socket) => {
        socket.end(`HTTP/1.1 ${status} No\r\nlocation: ${far.url}\r\ncontent-length: 0\r\n\r\n`);
      });
      cleanups.push(() => server.close());
      server.listen(0, '127.0.0.1');
      const url = `ws://127.0.0.1:${await listen(server)}`;
      const sockets = createSockets({ allowed: [url.replace('ws', 'http'), far.allowed] });
      const near = open(sockets, url);
      await near.closed;
      assert.equal(near.closes.length, 1);
      assert.match(near.closes[0]?.reason ?? '', new RegExp(`HTTP ${status}`));
      assert.ok(sockets.bytes().sent > 0, 'the failed handshake is counted');
    }
    assert.equal(far.server.clients.size, 0);
  });

  it('closes once when nobody listens, and when the handshake never ends', async () => {
    const mute = createTcp((socket) => void socket.resume());
    mute.listen(0, '127.0.0.1');
    const url = `ws://127.0.0.1:${await listen(mute)}`;
    const sockets = createSockets({
      allowed: [url.replace('ws', 'http')],
      limits: { handshakeMs: 50 },
    });
    const near = open(sockets, url);
    await near.closed;
    assert.match(near.closes[0]?.reason ?? '', /timed out/);
    mute.close();
    await once(mute, 'close');
    const nobody = open(sockets, url);
    await nobody.closed;
    assert.match(nobody.closes[0]?.reason ?? '', /ECONNREFUSED/);
    assert.equal(near.closes.length + nobody.closes.length, 2);
  });

  it('closes on a frame that is longer than allowed, also when it only unpacks to it', async () => {
    const far = await peer();
    const sockets = createSockets({ allowed: [far.allowed] });
    const accepted = far.accepted();
    const near = open(sockets, far.url, 1_000);
    const { ws } = await accepted;
    await near.open;
    ws.send('y'.repeat(500_000));
    await near.closed;
    assert.equal(near.texts.length, 0);
    assert.equal(near.closes.length, 1);
  });

  it('cuts a peer that does not answer the close', async () => {
    const far = await peer();
    const sockets = createSockets({ allowed: [far.allowed], limits: { closeMs: 20 } });
    const accepted = far.accepted();
    const near = open(sockets, far.url);
    const { ws } = await accepted;
    await near.open;
    ws.pause();
    near.socket.close();
    await near.closed;
    assert.equal(near.closes[0]?.code, 1006);
  });

  it('cuts a peer that reads nothing while text piles up', async () => {
    const far = await peer();
    const sockets = createSockets({ allowed: [far.allowed], limits: { bufferedBytes: 10_000 } });
    const accepted = far.accepted();
    const near = open(sockets, far.url);
    const { ws } = await accepted;
    await near.open;
    ws.pause();
    for (let i = 0; i < 200 && near.closes.length === 0; i += 1) {
      near.socket.send(String(Math.sin(i)).repeat(20_000));
    }
    await near.closed;
    assert.match(near.closes[0]?.reason ?? '', /takes nothing/);
  });
});

describe('socket egress', () => {
  const far = ['https://*.five9.com', 'https://one.example:8443'];

  it('refuses look-alikes, other schemes, other ports and credentials', async () => {
    const sockets = createSockets({ allowed: far });
    for (const url of [
      'wss://evilfive9.com/',
      'wss://five9.com.evil.example/',
      'wss://app.five9.com@evil.example/',
      'wss://user:pass@app.five9.com/',
      'ws://app.five9.com/',
      'https://app.five9.com/',
      'wss://app.five9.com:8443/',
      'wss://one.example/',
      'wss://[::ffff:7f00:1]:9000/',
      'not an address',
    ]) {
      const near = open(sockets, url);
      await near.closed;
      assert.match(near.closes[0]?.reason ?? '', /not on the list/, url);
    }
    assert.deepEqual(sockets.bytes(), { received: 0, sent: 0 });
  });

  it('does not connect to a name that resolves to a private address', async () => {
    const sockets = createSockets({
      allowed: ['https://*.five9.com'],
      resolve: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const near = open(sockets, 'wss://app.five9.com/');
    await near.closed;
    assert.equal(near.closes[0]?.code, 1006);
    assert.match(near.closes[0]?.reason ?? '', /no public address/);
    assert.equal(sockets.bytes().sent, 0);
  });

  it('tells that a name is not known', async () => {
    const sockets = createSockets({
      allowed: ['https://*.five9.com'],
      resolve: (_name, _options, done) => done(new Error('no such name'), []),
    });
    const near = open(sockets, 'wss://app.five9.com/');
    await near.closed;
    assert.match(near.closes[0]?.reason ?? '', /no such name/);
  });
});
