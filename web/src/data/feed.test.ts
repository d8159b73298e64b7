/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { BoardItem, Summary } from '../../../src/api/contract/board.ts';
import { createBoardStore } from './board-store.ts';
import type { BoardStore } from './board-store.ts';
import { createCell } from './cell.ts';
import type { Cell } from './cell.ts';
import { createFeed, SILENCE_MS } from './feed.ts';
import type { Connection, Feed, StreamHandlers, StreamMessage } from './feed.ts';
import { createServerClock } from './server-clock.ts';
import { ApiError } from './trouble.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

interface Bench {
  now: number;
  readonly timers: Set<Timer>;
  readonly opened: StreamHandlers[];
  closed: number;
  /** Answers the oldest request for the board that is still open. */
  readonly answer: (items: readonly BoardItem[] | ApiError) => Promise<void>;
  readonly waiting: () => number;
  whyLost: ApiError | undefined;
  readonly say: (message: StreamMessage) => void;
  /** Passes time, and runs what falls due. */
  readonly pass: (ms: number) => void;
  readonly feed: Feed;
  readonly store: BoardStore;
  readonly connection: Cell<Connection>;
  readonly summary: Cell<Summary | undefined>;
}

const SERVER_AHEAD_MS = 3_600_000;

function createBench(): Bench {
  const timers = new Set<Timer>();
  const opened: StreamHandlers[] = [];
  const requests: ((items: readonly BoardItem[] | ApiError) => void)[] = [];
  const clock = createServerClock(() => bench.now);
  const store = createBoardStore({ onFrame: (task) => task(), serverNow: clock.now });
  const connection = createCell<Connection>({ kind: 'starting' });
  const summary = createCell<Summary | undefined>(undefined);
  const feed = createFeed(
    {
      now: () => bench.now,
      random: () => 0.5,
      after(delayMs, task) {
        const timer = { at: bench.now + delayMs, task };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      openStream(handlers) {
        opened.push(handlers);
        return () => (bench.closed += 1);
      },
      loadBoard: () =>
        new Promise((resolve, reject) => {
          requests.push((items) => (items instanceof ApiError ? reject(items) : resolve(items)));
        }),
      async probe() {
        if (bench.whyLost !== undefined) throw bench.whyLost;
      },
    },
    { store, clock, connection, summary },
  );
  const bench: Bench = {
    now: 5_000_000,
    timers,
    opened,
    closed: 0,
    async answer(items) {
      requests.shift()?.(items);
      await turn();
    },
    waiting: () => requests.length,
    whyLost: undefined,
    say: (message) => opened.at(-1)?.onMessage(message),
    pass(ms) {
      bench.now += ms;
      for (const timer of Array.from(timers)) {
        if (timer.at > bench.now) continue;
        timers.delete(timer);
        timer.task();
      }
    },
    feed,
    store,
    connection,
    summary,
  };
  return bench;
}

function itemOf(id: string, why = ''): BoardItem {
  return { id, name: id, teams: [], platforms: [], step: 'in_step', stepSince: 0, why };
}

function hello(bench: Bench): StreamMessage {
  return { event: 'hello', data: { serverTime: bench.now + SERVER_AHEAD_MS } };
}

async function live(): Promise<Bench> {
  const bench = createBench();
  bench.feed.start();
  bench.say(hello(bench));
  await bench.answer([itemOf('a'), itemOf('b')]);
  return bench;
}

describe('the feed', () => {
  it('is live only when the stream is open and the board has been loaded', async () => {
    const bench = createBench();
    bench.feed.start();
    assert.equal(bench.connection.get().kind, 'starting');
    assert.equal(bench.waiting(), 0);
    bench.say(hello(bench));
    assert.equal(bench.connection.get().kind, 'starting');
    await bench.answer([itemOf('a')]);
    assert.equal(bench.connection.get().kind, 'live');
    assert.equal(bench.store.view().total, 1);
  });

  it('applies after the pages what came while they were loading', async () => {
    const bench = createBench();
    bench.feed.start();
    bench.say(hello(bench));
    bench.say({ event: 'agents', data: { items: [itemOf('a', 'newer'), itemOf('c')] } });
    bench.say({ event: 'gone', data: { ids: ['b'] } });
    await bench.answer([itemOf('a', 'older'), itemOf('b')]);
    assert.equal(bench.store.item('a')?.why, 'newer');
    assert.equal(bench.store.item('b'), undefined);
    assert.equal(bench.store.item('c')?.id, 'c');
  });

  it('says since when it is lost, on the server’s clock, and keeps saying it', async () => {
    const bench = await live();
    const lastHeard = bench.now + SERVER_AHEAD_MS;
    bench.now += 700;
    bench.opened.at(-1)?.onLost();
    const lost = bench.connection.get();
    assert.equal(lost.kind === 'lost' ? lost.since : 0, lastHeard);
    bench.pass(60_000);
    bench.opened.at(-1)?.onLost();
    const still = bench.connection.get();
    assert.equal(still.kind === 'lost' ? still.since : 0, lastHeard);
  });

  it('comes back with a whole new board', async () => {
    const bench = await live();
    bench.opened.at(-1)?.onLost();
    bench.pass(60_000);
    assert.equal(bench.opened.length, 2);
    bench.say(hello(bench));
    assert.equal(bench.connection.get().kind, 'lost');
    await bench.answer([itemOf('z')]);
    assert.equal(bench.connection.get().kind, 'live');
    assert.equal(bench.store.item('a'), undefined);
    assert.equal(bench.store.item('z')?.id, 'z');
  });

  it('waits longer after each failure, up to a limit', async () => {
    const bench = await live();
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      bench.opened.at(-1)?.onLost();
      const state = bench.connection.get();
      const wait = state.kind === 'lost' ? (state.nextTryAt ?? 0) - bench.now : 0;
      waits.push(wait);
      bench.pass(wait);
    }
    assert.deepEqual(waits, [375, 750, 1500, 3000, 6000, 11_250, 11_250, 11_250, 11_250]);
  });

  it('takes silence for a lost stream', async () => {
    const bench = await live();
    bench.pass(SILENCE_MS - 1);
    bench.say({ event: 'gone', data: { ids: [] } });
    bench.pass(SILENCE_MS - 1);
    assert.equal(bench.connection.get().kind, 'live');
    bench.pass(1);
    assert.equal(bench.connection.get().kind, 'lost');
    assert.equal(bench.closed, 1);
  });

  it('gives up a connection that never says hello', () => {
    const bench = createBench();
    bench.feed.start();
    bench.pass(SILENCE_MS);
    assert.equal(bench.connection.get().kind, 'lost');
  });

  it('tells why: the server’s own reason, for the pages and for the stream', async () => {
    const bench = createBench();
    bench.feed.start();
    bench.say(hello(bench));
    await bench.answer(new ApiError({ kind: 'status', status: 500 }));
    const first = bench.connection.get();
    assert.deepEqual(first.kind === 'lost' && first.trouble, { kind: 'status', status: 500 });

    bench.whyLost = new ApiError({ kind: 'signed_out' });
    bench.pass(60_000);
    bench.opened.at(-1)?.onLost();
    await turn();
    const second = bench.connection.get();
    assert.deepEqual(second.kind === 'lost' && second.trouble, { kind: 'signed_out' });
  });

  it('does not wait when asked to try now, and leaves a live stream alone', async () => {
    const bench = await live();
    bench.feed.tryNow();
    assert.equal(bench.opened.length, 1);
    bench.opened.at(-1)?.onLost();
    bench.feed.tryNow();
    assert.equal(bench.opened.length, 2);
    const state = bench.connection.get();
    assert.equal(state.kind === 'lost' && 'nextTryAt' in state, false);
  });

  it('loads the board anew when ages keep not fitting it', async () => {
    const bench = await live();
    const ages: StreamMessage = {
      event: 'ages',
      data: { serverTime: bench.now + SERVER_AHEAD_MS, platforms: { five9: [1, 2, 3] } },
    };
    bench.say(ages);
    bench.say(ages);
    assert.equal(bench.connection.get().kind, 'live');
    bench.say(ages);
    assert.equal(bench.connection.get().kind, 'lost');
  });

  it('leaves no timer behind when it stops', async () => {
    const bench = await live();
    bench.feed.stop();
    assert.equal(bench.timers.size, 0);
    assert.equal(bench.closed, 1);
  });
});
