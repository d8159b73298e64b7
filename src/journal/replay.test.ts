import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Journal } from './journal.ts';
import { createMemoryDisk, createMemoryJournal } from './memory.ts';
import { replayJournal } from './replay.ts';

function filled(count: number): Journal {
  const journal = createMemoryJournal();
  for (let n = 1; n <= count; n += 1) journal.append({ kind: 'tick', at: n, body: n });
  return journal;
}

describe('replayJournal', () => {
  it('applies every record once, in order, and reports progress up to the end', async () => {
    const seen: unknown[] = [];
    const progress: unknown[] = [];
    const journal = filled(1234);
    const head = await replayJournal(journal, 1, ({ body }) => seen.push(body), {
      progressEvery: 500,
      onProgress: (step) => progress.push(step),
    });
    assert.deepEqual(
      seen,
      Array.from({ length: 1234 }, (_, i) => i + 1),
    );
    assert.deepEqual(head, journal.head());
    assert.deepEqual(
      progress,
      [500, 1000, 1234].map((seq) => ({ seq, to: 1234 })),
    );
  });

  it('starts after a snapshot and stops where it is told', async () => {
    const seen: number[] = [];
    const head = await replayJournal(filled(9), 4, ({ seq }) => seen.push(seq), { to: 6 });
    assert.deepEqual(seen, [4, 5, 6]);
    assert.equal(head?.seq, 6);
  });

  it('has nothing to do when the snapshot is at the head', async () => {
    const never = (): void => assert.fail('applied');
    assert.equal(await replayJournal(filled(3), 4, never), undefined);
    assert.equal(await replayJournal(filled(0), 1, never), undefined);
  });

  it('refuses to start after the head: the snapshot is newer than the journal', async () => {
    const apply = (): void => undefined;
    await assert.rejects(replayJournal(filled(3), 5, apply), /records 4 to 4 are missing/);
  });

  it('fails when a record is missing, and when apply does', async () => {
    const disk = createMemoryDisk();
    const journal = createMemoryJournal({ disk });
    for (let at = 0; at < 9; at += 1) journal.append({ kind: 'tick', at, body: null });
    await journal.durable(9);
    disk.records = disk.records.filter(({ seq }) => seq < 8);
    const apply = (): void => undefined;
    await assert.rejects(replayJournal(journal, 1, apply), /record 8 is missing/);
    const boom = (): void => {
      throw new Error('boom');
    };
    await assert.rejects(replayJournal(journal, 1, boom), /boom/);
  });
});
