import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../lib/clock.ts';
import { JournalError } from './journal.ts';
import type { Entry, Journal } from './journal.ts';
import { createMemoryDisk, createMemoryJournal } from './memory.ts';
import type { MemoryOptions } from './memory.ts';

const tick = (n: number): Entry => ({ kind: 'tick', at: n, body: { n } });

/** A disk that holds every flush until it is let go, and remembers the batches. */
function slowDisk(): {
  batches: string[];
  release(): void;
  beforeFlush(a: number, b: number): Promise<void>;
} {
  const held: (() => void)[] = [];
  const batches: string[] = [];
  return {
    batches,
    release: () => held.shift()?.(),
    beforeFlush(first, last) {
      batches.push(`${first}-${last}`);
      return new Promise((resolve) => {
        held.push(resolve);
      });
    },
  };
}

/** Lets everything that waits for nothing but microtasks happen. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function isDurable(journal: Journal, seq: number): Promise<boolean> {
  let durable = false;
  journal.durable(seq).then(
    () => {
      durable = true;
    },
    () => undefined,
  );
  await settle();
  return durable;
}

describe('group commit', () => {
  it('flushes one batch at a time, each as large as what came in meanwhile', async () => {
    const disk = slowDisk();
    const journal = createMemoryJournal({ ...disk, maxBatch: 4 });
    journal.append(tick(1));
    journal.append(tick(2));
    await settle();
    for (let n = 3; n <= 9; n += 1) journal.append(tick(n));
    assert.equal(await isDurable(journal, 1), false);
    disk.release();
    assert.equal(await isDurable(journal, 2), true);
    assert.equal(await isDurable(journal, 3), false);
    disk.release();
    await settle();
    disk.release();
    await journal.durable(9);
    assert.deepEqual(disk.batches, ['1-2', '3-6', '7-9']);
  });

  it('refuses everything after a failed flush, and does not try again', async () => {
    let flushes = 0;
    const disk = createMemoryDisk();
    const beforeFlush = (): void => {
      flushes += 1;
      if (flushes > 1) throw new Error('EIO');
    };
    const journal = createMemoryJournal({ disk, beforeFlush });
    await journal.durable(journal.append(tick(1)));
    const waiting = [
      journal.durable(journal.append(tick(2))),
      journal.durable(journal.append(tick(3))),
    ];
    const identity = journal.remember('a', {});
    const io = { code: 'JOURNAL_IO', message: /EIO/ };
    for (const refused of [...waiting, identity]) await assert.rejects(refused, io);
    await assert.rejects(journal.durable(journal.append(tick(4))), io);
    await assert.rejects(journal.remember('a', {}), io);
    await assert.rejects(journal.identities(), io);
    await assert.rejects(journal.saveSnapshot({ ...journal.head(), body: {} }), io);
    await assert.rejects(journal.loadSnapshot(), io);
    await assert.rejects(journal.verify(), io);
    await assert.rejects(drain(journal), io);
    await assert.rejects(journal.close(), io);
    await journal.durable(1);
    assert.equal(flushes, 2);
    assert.equal(createMemoryJournal({ disk }).head().seq, 1);
  });

  it("passes the store's own words on", async () => {
    const own = new JournalError('JOURNAL_IO', 'The disk is full.', 'Free space.');
    const journal = createMemoryJournal({ beforeFlush: () => Promise.reject(own) });
    await assert.rejects(journal.durable(journal.append(tick(1))), own);
  });

  it('turns away what exceeds the backlog for good, and still writes what it took', async () => {
    for (const bounds of [{ maxBacklog: 3 }, { maxBacklogCharacters: 21 }]) {
      await checkFull(bounds);
    }
  });

  it('takes one record that is longer than the whole backlog when nothing else waits', async () => {
    const journal = createMemoryJournal({ maxBacklogCharacters: 3 });
    await journal.durable(journal.append(tick(1)));
    await journal.durable(journal.append(tick(2)));
    assert.equal(journal.head().seq, 2);
  });

  it('bounds the identities that wait', async () => {
    const disk = slowDisk();
    const journal = createMemoryJournal({ ...disk, maxBacklog: 2 });
    const taken = [journal.remember('a', 1), journal.remember('b', 2)];
    await assert.rejects(journal.remember('c', 3), { code: 'JOURNAL_FULL' });
    await settle();
    disk.release();
    await Promise.all(taken);
    assert.deepEqual([...(await journal.identities()).keys()], ['a', 'b']);
  });

  it('waits for company as long as it was told, a full batch or a reader excepted', async () => {
    const clock = handClock();
    const flushed: string[] = [];
    const beforeFlush = (first: number, last: number): void =>
      void flushed.push(`${first}-${last}`);
    const journal = createMemoryJournal({ beforeFlush, clock, flushAfterMs: 5, maxBatch: 3 });
    journal.append(tick(1));
    journal.append(tick(2));
    assert.equal(await isDurable(journal, 2), false);
    assert.deepEqual(clock.delays, [5]);
    clock.fire();
    assert.equal(await isDurable(journal, 2), true);
    for (let n = 3; n <= 5; n += 1) journal.append(tick(n));
    assert.equal(await isDurable(journal, 5), true);
    journal.append(tick(6));
    assert.equal(await drain(journal), 6);
    journal.append(tick(7));
    await journal.close();
    assert.deepEqual(flushed, ['1-2', '3-5', '6-6', '7-7']);
  });

  it('names a bound that is none', () => {
    const wrong: readonly [MemoryOptions, RegExp][] = [
      [{ maxBatch: 0 }, /maxBatch: 0 is no bound/],
      [{ maxBacklog: 1.5 }, /maxBacklog: 1\.5 is no bound/],
      [{ flushAfterMs: -1 }, /flushAfterMs: -1 is no bound/],
      [{ flushAfterMs: 5 }, /clock: missing/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => createMemoryJournal(options), message);
    }
  });
});

/** Each body is 7 characters, so 21 characters are three records too. */
async function checkFull(bounds: MemoryOptions): Promise<void> {
  const disk = slowDisk();
  const journal = createMemoryJournal({ ...disk, ...bounds });
  for (let n = 1; n <= 3; n += 1) assert.equal(journal.append(tick(n)), n);
  const full = { code: 'JOURNAL_FULL', message: /3 records \(21 characters\)/ };
  await assert.rejects(journal.durable(journal.append(tick(4))), full);
  assert.equal(journal.head().seq, 3);
  disk.release();
  await journal.durable(3);
  await assert.rejects(journal.durable(journal.append(tick(5))), full);
  assert.equal(await drain(journal), 3);
  await journal.close();
}

async function drain(journal: Journal): Promise<number> {
  let count = 0;
  for await (const { seq } of journal.read()) count = seq;
  return count;
}

/** A clock that moves only when the test says so. */
function handClock(): Clock & { readonly delays: number[]; fire(): void } {
  const delays: number[] = [];
  let task: (() => void) | undefined;
  return {
    delays,
    now: () => 0,
    monotonic: () => 0,
    after(delayMs, next) {
      delays.push(delayMs);
      task = next;
      return {
        cancel() {
          task = undefined;
        },
      };
    },
    fire: () => task?.(),
  };
}
