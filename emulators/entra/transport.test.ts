import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExchangeError, HttpRequest } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { createFaultBook } from './fault-book.ts';
import { virtualClock } from '../virtual-clock.ts';
import { departWith, exchangeWith, returnWith, type Backend, type WayFault } from './transport.ts';

const REQUEST: HttpRequest = { method: 'GET', url: 'http://x/', headers: {}, timeoutMs: 10_000 };
const TARGET = { ops: ['read'] };

function open(latencyMs = 0): {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly book: ReturnType<typeof createFaultBook<WayFault>>;
  readonly send: () => Promise<unknown>;
  readonly effects: () => number;
} {
  const clock = virtualClock(0);
  const random = seededRandom(1);
  const book = createFaultBook<WayFault>(clock, random);
  let effects = 0;
  const backend: Backend = {
    depart: () => departWith(book, random, TARGET, { latencyMs, latencyJitterMs: 0 }),
    arrive: () => {
      effects += 1;
      return returnWith(book, TARGET, { status: 200, headers: {}, body: '' });
    },
  };
  const exchange = exchangeWith(clock, backend);
  // Failures become values, so that nothing is ever an unhandled rejection.
  const send = (): Promise<unknown> =>
    exchange(REQUEST).then(
      (response) => response.status,
      (error: ExchangeError) => `${error.kind} sent=${error.sent}`,
    );
  return { clock, book, send, effects: () => effects };
}

describe('exchange with an emulator', () => {
  it('answers without any timer when there is no latency', async () => {
    const { clock, send } = open();
    assert.equal(await send(), 200);
    assert.equal(clock.waiting(), 0);
  });

  it('takes its latency, half of it before the effect', async () => {
    const { clock, send, effects } = open(100);
    const answer = send();
    clock.advance(49);
    assert.equal(effects(), 0);
    clock.advance(1);
    assert.equal(effects(), 1);
    clock.advance(50);
    assert.equal(await answer, 200);
    assert.equal(clock.waiting(), 0);
  });

  it('says surely unsent only for a refused connection', async () => {
    const { book, send, effects } = open();
    book.add({ kind: 'down', count: 1 });
    assert.equal(await send(), 'connect sent=false');
    book.add({ kind: 'down', how: 'reset', count: 1 });
    assert.equal(await send(), 'reset sent=true');
    assert.equal(effects(), 0);
  });

  it('loses a request without effect and an answer with effect', async () => {
    const { clock, book, send, effects } = open();
    book.add({ kind: 'lost_request', count: 1 });
    const first = send();
    clock.advance(10_000);
    assert.equal(await first, 'timeout sent=true');
    assert.equal(effects(), 0);
    book.add({ kind: 'lost_answer', count: 1 });
    const second = send();
    clock.advance(10_000);
    assert.equal(await second, 'timeout sent=true');
    book.add({ kind: 'lost_answer', how: 'reset', count: 1 });
    assert.equal(await send(), 'reset sent=true');
    assert.equal(effects(), 2);
  });

  it('lets a late request take effect after the client gave up', async () => {
    const { clock, send, effects } = open(24_000);
    const answer = send();
    clock.advance(10_000);
    assert.equal(await answer, 'timeout sent=true');
    assert.equal(effects(), 0);
    clock.advance(14_000);
    assert.equal(effects(), 1);
  });

  it('slows answers down on top of the latency', async () => {
    const { clock, book, send } = open(100);
    book.add({ kind: 'slow', ms: 5_000 });
    let done = false;
    const answer = send().then((value) => {
      done = true;
      return value;
    });
    clock.advance(5_000);
    assert.equal(done, false);
    clock.advance(100);
    assert.equal(await answer, 200);
  });
});
