import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/lib/clock.ts';
import type { Exchange } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { OpenSocket } from '../../src/lib/socket.ts';
import { virtualClock } from '../virtual-clock.ts';
import { type Five9Subject, SupervisorClient, eventId } from './conformance-client.ts';
import { five9Conformance } from './conformance.ts';
import { type Five9Control, createFive9Emulator } from './emulator.ts';
import { type ServeOptions, serveFive9 } from './serve.ts';

const USER = { userName: 'supervisor.bridge@example.com', password: 'emulated' };

const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

const overHttp: Exchange = async (request) => {
  const { method, url, headers, body } = request;
  const reply = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return {
    status: reply.status,
    headers: { 'set-cookie': reply.headers.getSetCookie().join('\n') },
    body: await reply.text(),
  };
};

const overWebSocket: OpenSocket = (request, handlers) => {
  const socket = new WebSocket(request.url, { headers: { ...request.headers } });
  socket.on('open', () => handlers.onOpen());
  socket.on('message', (data: Buffer) => handlers.onText(data.toString('utf8')));
  socket.on('close', (code, reason) => handlers.onClose(code, reason.toString('utf8')));
  socket.on('error', () => undefined);
  return {
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
  };
};

function inMemory(): Promise<Five9Subject> {
  const clock = virtualClock(1_767_225_600_000);
  const baseUrl = 'https://app.five9.test';
  const { exchange, openSocket, acts } = createFive9Emulator({
    clock,
    random: seededRandom('conformance'),
    baseUrl,
    agents: 3,
  });
  const passTime = (): Promise<void> => clock.run(250);
  const close = (): Promise<void> => Promise.resolve();
  return Promise.resolve({
    loginUrl: baseUrl,
    ...USER,
    exchange,
    openSocket,
    acts,
    passTime,
    close,
  });
}

const aMoment = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 2);
  });

async function served(
  options: Partial<ServeOptions> = {},
): Promise<Five9Subject & { readonly control: Five9Control }> {
  const server = await serveFive9({
    clock: realClock,
    random: seededRandom('conformance'),
    agents: 3,
    batchMs: 0,
    ...options,
  });
  return {
    loginUrl: server.url,
    ...USER,
    exchange: overHttp,
    openSocket: overWebSocket,
    acts: server.emulator.acts,
    control: server.emulator.control,
    passTime: aMoment,
    close: () => server.close(),
  };
}

five9Conformance('in memory', inMemory);
five9Conformance('over HTTP', () => served());

describe('five9 over HTTP only', () => {
  it('offers the control API, and shows what people did', async () => {
    const subject = await served();
    try {
      const [agent = ''] = subject.acts.agents();
      const ask = (method: 'GET' | 'POST', path: string): ReturnType<Exchange> =>
        subject.exchange({ method, url: `${subject.loginUrl}/_emulator${path}`, headers: {} });
      assert.equal((await ask('POST', `/agents/${agent}/log-in`)).status, 200);
      assert.equal(subject.acts.truth(agent).state, 'NOT_READY');
      assert.equal((await ask('POST', `/agents/${agent}/answer`)).status, 400);
      const { body } = await ask('GET', `/agents/${agent}`);
      assert.match(body, /"state":"NOT_READY"/);
    } finally {
      await subject.close();
    }
  });

  it('moves a domain to the second data centre and leaves the old socket ponging', async () => {
    const subject = await served({ standbyPort: 0 });
    const client = new SupervisorClient(subject);
    try {
      await client.work();
      const before = client.base;
      const heard = await client.listen('old');
      subject.control.faults.on('migration');
      const has = (id: string) => (): boolean => heard.frames.some((one) => eventId(one) === id);
      for (const id of ['70', '1002', '73']) await client.until(`event ${id}`, has(id));
      assert.equal((await client.send('GET', client.org('/users'))).status, 435);
      const count = heard.frames.length;
      subject.acts.logIn(subject.acts.agents()[0] ?? '');
      heard.socket.send('ping');
      await client.until('a pong', has('1202'));
      assert.equal(heard.frames.length, count + 1);
      await client.work();
      assert.notEqual(client.base, before);
    } finally {
      await subject.close();
    }
  });
});
