import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Agent, request as ask, Server } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, it } from 'node:test';
import type { InboundAnswer, InboundRequest } from '../connectors/connector.ts';
import { listenForPlatforms, type Inbound } from './inbound.ts';

const MEGA = 1024 ** 2;
/** Long enough for a busy machine where nothing has to run out. */
const PATIENT_MS = 30_000;

type Receive = (request: InboundRequest) => Promise<InboundAnswer>;

let inbound: Inbound | undefined;
let bodies = 0;

afterEach(async () => {
  await inbound?.close();
  inbound = undefined;
});

/** Reads the body at `/ours` and gives its length back; knows no other address. */
const ours: Receive = async (request) => {
  if (request.path !== '/ours') return { status: 404 };
  bodies += 1;
  const body = await request.body().catch(() => undefined);
  return body === undefined ? { status: 413 } : { status: 202, text: `${body.length}` };
};

async function listen(receive: Receive | null = ours, timeoutMs = PATIENT_MS): Promise<URL> {
  bodies = 0;
  inbound = await listenForPlatforms({
    host: '127.0.0.1',
    port: 0,
    connectors: [{}, receive === null ? {} : { receive }],
    timeoutMs,
  });
  return new URL(inbound.url);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly connection: string | undefined;
}

async function post(url: URL, path: string, body: string | Buffer, agent?: Agent): Promise<Answer> {
  const sent = ask(new URL(path, url), { method: 'POST', agent: agent ?? false });
  sent.end(body);
  const answer = await answerTo(sent);
  return {
    status: answer.statusCode ?? 0,
    text: await text(answer),
    connection: answer.headers.connection,
  };
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
}

async function raw(url: URL, said: string): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  socket.setEncoding('utf8');
  // A connection may be ended under what is still being sent.
  socket.on('error', () => undefined);
  socket.write(said);
  return socket;
}

async function heard(socket: Socket): Promise<string> {
  let all = '';
  socket.on('data', (chunk) => (all += String(chunk)));
  // An error only comes before the end.
  await new Promise((resolve) => socket.once('close', resolve));
  return all;
}

describe('the listener for platforms', () => {
  it('hands a request on and gives the answer back as plain text', async () => {
    let seen: InboundRequest | undefined;
    const url = await listen((request) => {
      seen = request;
      return Promise.resolve({ status: 200, text: '<b>é' });
    });
    const sent = ask(new URL('/a/b?validationToken=x%20%3Cy', url), { method: 'POST' });
    sent.end();
    const answer = await answerTo(sent);

    assert.equal(await text(answer), '<b>é');
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.deepEqual([seen?.method, seen?.path], ['POST', '/a/b']);
    assert.equal(seen?.query.get('validationToken'), 'x <y');
  });

  it('gives the body as UTF-8, whole, and keeps the connection for the next', async () => {
    const url = await listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const large = await post(url, '/ours', Buffer.from('é'.repeat(MEGA)), agent);
    const small = await post(url, '/ours', 'x', agent);
    agent.destroy();

    assert.deepEqual([large.status, large.text], [202, String(MEGA)]);
    assert.deepEqual([small.text, small.connection], ['1', 'keep-alive']);
  });

  it('reads no body of a request that is nobody’s, and ends its connection', async () => {
    const url = await listen();
    const socket = await raw(
      url,
      'POST /other HTTP/1.1\r\nhost: x\r\ncontent-length: 999999\r\n\r\n',
    );
    const said = await heard(socket);

    assert.match(said, /^HTTP\/1\.1 404 /);
    assert.match(said, /connection: close/i);
    assert.equal(bodies, 0);
    assert.equal((await post(url, '/other', 'x')).connection, 'close');
  });

  it('answers 404 where nobody listens at all, and 400 where there is no address', async () => {
    const url = await listen(null);
    assert.equal((await post(url, '/ours', 'x')).status, 404);
    const socket = await raw(url, 'POST http://[ HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.match(await heard(socket), /^HTTP\/1\.1 400 /);
  });

  it('reads 4 MB and not more, whatever comes, and goes on with others', async () => {
    const url = await listen();
    const socket = await raw(
      url,
      `POST /ours HTTP/1.1\r\nhost: x\r\ncontent-length: ${1024 * MEGA}\r\n\r\n`,
    );
    const block = 'x'.repeat(MEGA);
    let sent = 0;
    const pump = (): void => {
      while (sent < 1024 && !socket.destroyed) {
        sent += 1;
        if (!socket.write(block)) return;
      }
    };
    socket.on('drain', pump);
    pump();
    await heard(socket);

    assert.ok(sent < 64, `${sent} MB were taken`);
    assert.equal((await post(url, '/ours', 'x'.repeat(4 * MEGA))).status, 202);
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('waits only so long for a slow body, and for slow headers', async () => {
    const url = await listen(ours, 200);
    const began = performance.now();
    const body = raw(url, 'POST /ours HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab');
    const headers = raw(url, 'POST /ours HTTP/1.1\r\nhost');
    await Promise.all([heard(await body), heard(await headers)]);

    assert.ok(performance.now() - began < 10_000);
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('survives a body that breaks off', async () => {
    let told: (status: number) => void = () => undefined;
    let begun = (): void => undefined;
    const answered = new Promise<number>((resolve) => (told = resolve));
    const reading = new Promise<void>((resolve) => (begun = resolve));
    const url = await listen(async (request) => {
      begun();
      const answer = await ours(request);
      told(answer.status);
      return answer;
    });
    const socket = await raw(url, 'POST /ours HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc');
    await reading;
    socket.destroy();

    assert.equal(await answered, 413);
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('answers requests in a row in order, and ends at garbage behind them', async () => {
    const url = await listen();
    const one = (body: string, more = ''): string =>
      `POST /ours HTTP/1.1\r\nhost: x\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
    const said = await heard(await raw(url, one('a') + one('bcd', 'connection: close\r\n')));
    assert.equal(said.match(/HTTP\/1\.1 202/g)?.length, 2);
    assert.ok(said.indexOf('\r\n1\r\n') < said.indexOf('\r\n3\r\n'));

    await heard(await raw(url, `${one('a')}\0\0 garbage\r\n\r\n${one('a')}`));
    assert.equal(bodies, 3, 'what comes behind garbage is no request');
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('answers 500 when a connector fails against its promise, and lives on', async () => {
    let isBroken = true;
    const url = await listen((request) => {
      if (isBroken) return Promise.reject(new Error('a secret'));
      return ours(request);
    });
    const answer = await post(url, '/ours', 'x');
    isBroken = false;

    assert.deepEqual([answer.status, answer.text], [500, '']);
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('outlives connections that cannot be taken', async () => {
    const url = await listen();
    const servers: Server[] = [];
    const note = (message: unknown): void => {
      const isOf = typeof message === 'object' && message !== null && 'server' in message;
      if (isOf && message.server instanceof Server) servers.push(message.server);
    };
    channel('http.server.request.start').subscribe(note);
    await post(url, '/ours', 'x');
    channel('http.server.request.start').unsubscribe(note);

    assert.equal(servers.length, 1);
    for (let n = 0; n < 3; n += 1) servers[0]?.emit('error', new Error('EMFILE'));
    assert.equal((await post(url, '/ours', 'x')).status, 202);
  });

  it('says at once when its address is taken', async () => {
    const url = await listen();
    const again = listenForPlatforms({
      host: url.hostname,
      port: Number(url.port),
      connectors: [],
    });

    await assert.rejects(again, /EADDRINUSE/);
  });

  it('ends at once, whoever is still connected', async () => {
    const url = await listen();
    const idle = await raw(url, 'POST /ours HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n');
    await once(idle, 'connect');
    const closed = heard(idle);
    await inbound?.close();
    await closed;
  });
});
