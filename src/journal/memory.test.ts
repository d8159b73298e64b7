import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { journalConformance } from '../../test/conformance/journal.ts';
import { createMemoryDisk, createMemoryJournal } from './memory.ts';

journalConformance('memory', () => {
  const disk = createMemoryDisk();
  return { open: async () => createMemoryJournal({ disk }), remove: () => undefined };
});

describe('memory journal', () => {
  it('loses what was not flushed when the disk is opened again, and nothing else', async () => {
    const disk = createMemoryDisk();
    const first = createMemoryJournal({ disk });
    await first.durable(first.append({ kind: 'tick', at: 1, body: 1 }));
    const lost = first.append({ kind: 'tick', at: 2, body: 2 });
    const second = createMemoryJournal({ disk });
    assert.equal(second.head().seq, 1);
    await assert.rejects(first.durable(lost), { code: 'JOURNAL_LOCKED' });
    await second.durable(second.append({ kind: 'tick', at: 3, body: 3 }));
    assert.equal((await second.verify()).records, 2);
    await assert.rejects(first.verify(), { code: 'JOURNAL_LOCKED' });
  });

  it('is damaged when its disk is: neither read nor verify pass over it', async () => {
    const disk = createMemoryDisk();
    const journal = createMemoryJournal({ disk });
    for (let at = 0; at < 9; at += 1) journal.append({ kind: 'tick', at, body: { at } });
    await journal.durable(9);
    disk.records = disk.records.map((r) => (r.seq === 4 ? { ...r, body: '{"at":7}' } : r));
    assert.equal((await journal.verify()).brokenAt, 4);
    const seen = async (): Promise<void> => {
      for await (const { seq } of journal.read()) assert.ok(seq < 4);
    };
    await assert.rejects(seen(), { code: 'JOURNAL_CORRUPT' });
  });
});
