/**
 * What every journal must do, whatever keeps its records. Call `journalConformance` from the test
 * file of each implementation.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Entry, Journal, JournalRecord } from '../../src/journal/journal.ts';
import { parseJson } from '../../src/journal/chain.ts';
import { RECORD_KINDS } from '../../src/journal/journal.ts';
import { canonical } from '../../src/lib/json.ts';
import type { Json } from '../../src/lib/json.ts';

/** Where one journal lives. */
export interface JournalPlace {
  /** Opens the journal; after a close, the same one again. */
  open(): Promise<Journal>;
  remove(): void;
}

const NOON = 1_760_000_000_000;
const tick = (n: number): Entry => ({ kind: 'tick', at: NOON + n, body: { n } });

/** More than one page of any store. */
const MANY = 1300;

export function journalConformance(name: string, createPlace: () => JournalPlace): void {
  /** Opens a journal for one test and clears it away, also when the test fails. */
  async function use(
    test: (journal: Journal, place: JournalPlace) => Promise<void>,
  ): Promise<void> {
    const place = createPlace();
    const opened: Journal[] = [];
    const keep: JournalPlace = {
      ...place,
      async open() {
        const journal = await place.open();
        opened.push(journal);
        return journal;
      },
    };
    try {
      await test(await keep.open(), keep);
    } finally {
      await Promise.allSettled(opened.map((journal) => journal.close()));
      place.remove();
    }
  }

  // Side by side, because most of their time is spent waiting for threads and disks.
  describe(`journal conformance: ${name}`, { concurrency: 4 }, () => {
    ordering(use);
    reading(use);
    snapshots(use);
    sideTable(use);
    ending(use);
  });
}

type Use = (test: (journal: Journal, place: JournalPlace) => Promise<void>) => Promise<void>;

function ordering(use: Use): void {
  it('starts empty, at record 0 and 64 zeros', () =>
    use(async (journal) => {
      assert.deepEqual(journal.head(), { seq: 0, hash: '0'.repeat(64) });
      assert.deepEqual(await all(journal), []);
      assert.equal((await journal.verify()).ok, true);
      assert.equal(await journal.loadSnapshot(), undefined);
      assert.equal((await journal.identities()).size, 0);
    }));

  it('numbers entries at once and gives them back in order', () =>
    use(async (journal) => {
      const entries: readonly Entry[] = RECORD_KINDS.map((kind, i) =>
        i % 2 === 0
          ? { kind, at: NOON + i, body: { i } }
          : { kind, at: NOON + i + 0.5, agent: `agent-${i}`, body: [i] },
      );
      const numbers = entries.map((entry) => journal.append(entry));
      assert.deepEqual(
        numbers,
        [...RECORD_KINDS.keys()].map((i) => i + 1),
      );
      const records = await all(journal);
      const bare = records.map(({ seq: _seq, format: _format, hash: _hash, ...entry }) => entry);
      assert.deepEqual(bare, entries);
      assert.deepEqual(
        records.map(({ seq }) => seq),
        numbers,
      );
      assert.equal(journal.head().hash, records.at(-1)?.hash);
    }));

  it('chains each record to the one before by the documented hash', () =>
    use(async (journal) => {
      for (let n = 0; n < 20; n += 1) journal.append({ ...tick(n), agent: `a${n % 3}` });
      assertChained(await all(journal));
    }));

  it('keeps any JSON byte for byte, whatever the order of its keys', () =>
    use(async (journal) => {
      const bodies: Json[] = [
        { b: 1, a: { d: [], c: 'ü 😀 \u0000 \ud800 \\ " \u2028' } },
        parseJson('{"__proto__": {"x": 1}, "constructor": null}'),
        [[[]], {}, '', 0, -1.5e-300, 1e21, true, null],
        'text',
        null,
      ];
      const drawn = fc.sample(fc.json(), { numRuns: 300, seed: 11 });
      bodies.push(...drawn.map(parseJson));
      for (const [at, body] of bodies.entries()) journal.append({ kind: 'observed', at, body });
      const records = await all(journal);
      assert.deepEqual(
        records.map(({ body }) => canonical(body)),
        bodies.map(canonical),
      );
      assertChained(records);
      assert.equal((await journal.verify()).ok, true);
    }));

  it('keeps what was appended, not what the caller makes of it later', () =>
    use(async (journal) => {
      const body = { list: [1, 2] };
      journal.append({ kind: 'policy', at: NOON, body });
      body.list.push(3);
      assert.deepEqual((await all(journal))[0]?.body, { list: [1, 2] });
      assert.equal((await journal.verify()).ok, true);
    }));

  it('makes records durable for every caller that waits, in any order', () =>
    use(async (journal, place) => {
      const numbers = Array.from({ length: MANY }, (_, n) => journal.append(tick(n)));
      const waits = numbers.toReversed().map((seq) => journal.durable(seq));
      await Promise.all([...waits, journal.durable(0), journal.durable(MANY)]);
      await journal.close();
      const again = await place.open();
      assert.equal(again.head().seq, MANY);
      assert.equal((await all(again)).length, MANY);
    }));

  it('refuses to wait for a record that nobody appended', () =>
    use(async (journal) => {
      journal.append(tick(1));
      await assert.rejects(journal.durable(2), /seq: 2 is not appended; the head is 1/);
    }));

  it('refuses an entry that cannot be kept, and goes on', () =>
    use(async (journal) => {
      assert.throws(() => journal.append({ ...tick(1), at: Number.NaN }), /entry\.at: NaN/);
      for (const agent of ['', 'a\0b', '\ud800', 'x'.repeat(257)]) {
        assert.throws(
          () => journal.append({ ...tick(1), agent }),
          /entry\.agent: .*cannot be stored/,
        );
      }
      const body = 'x'.repeat(16 * 1024 * 1024);
      assert.throws(() => journal.append({ ...tick(1), body }), /entry\.body: .* the limit is/);
      assert.equal(journal.append(tick(2)), 1);
      assert.deepEqual(
        (await all(journal)).map(({ body: kept }) => kept),
        [{ n: 2 }],
      );
    }));
}

function reading(use: Use): void {
  it('reads any range, appended records included', () =>
    use(async (journal) => {
      for (let n = 1; n <= MANY; n += 1) journal.append(tick(n));
      const ranges: readonly [number, number][] = [
        [1, 1],
        [511, 514],
        [700, MANY],
        [MANY, MANY + 50],
        [-5, 2],
        [5, 4],
        [MANY + 1, MANY + 9],
      ];
      for (const [from, to] of ranges) {
        const first = Math.max(1, from);
        const length = Math.max(0, Math.min(to, MANY) - first + 1);
        const expected = Array.from({ length }, (_, i) => first + i);
        const seen = await all(journal, from, to);
        assert.deepEqual(
          seen.map(({ seq }) => seq),
          expected,
          `range ${from} to ${to}`,
        );
      }
      const records = await all(journal);
      assert.deepEqual(
        records.map(({ body }) => body),
        records.map(({ seq }) => ({ n: seq })),
      );
    }));

  it('reads what was there when the reading was asked for, while others append', () =>
    use(async (journal) => {
      for (let n = 0; n < 5; n += 1) journal.append(tick(n));
      const records = journal.read();
      let seen = 0;
      for await (const { seq } of records) {
        seen += 1;
        assert.equal(seq, seen);
        journal.append(tick(seq));
      }
      assert.equal(seen, 5);
      assert.equal(journal.head().seq, 10);
      assert.equal((await journal.verify()).records, 10);
    }));

  it('lets a reader stop early', () =>
    use(async (journal) => {
      for (let n = 0; n < MANY; n += 1) journal.append(tick(n));
      for await (const { seq } of journal.read()) if (seq === 3) break;
      await journal.durable(journal.append(tick(0)));
      assert.equal(journal.head().seq, MANY + 1);
    }));

  it('continues the chain after it was closed and opened again', () =>
    use(async (first, place) => {
      let journal = first;
      for (let life = 0; life < 3; life += 1) {
        for (let n = 0; n < 7; n += 1) journal.append(tick(n));
        const head = journal.head();
        await journal.close();
        journal = await place.open();
        assert.deepEqual(journal.head(), head);
      }
      const records = await all(journal);
      assert.equal(records.length, 21);
      assertChained(records);
      assert.equal((await journal.verify()).records, 21);
    }));
}

function snapshots(use: Use): void {
  it('gives back the newest snapshot at or before a record, also after a restart', () =>
    use(async (journal, place) => {
      for (let n = 1; n <= 50; n += 1) {
        journal.append(tick(n));
        if (n % 10 === 0) await journal.saveSnapshot({ ...journal.head(), body: { upTo: n } });
      }
      await journal.close();
      const again = await place.open();
      assert.deepEqual((await again.loadSnapshot())?.body, { upTo: 50 });
      assert.deepEqual((await again.loadSnapshot(49))?.body, { upTo: 40 });
      assert.deepEqual((await again.loadSnapshot(30))?.body, { upTo: 30 });
      assert.equal(await again.loadSnapshot(29), undefined, 'only the newest three are kept');
    }));

  it('keeps a large snapshot and a later one of the same record', () =>
    use(async (journal) => {
      const { seq, hash } = (journal.append(tick(1)), journal.head());
      const body = {
        agents: Array.from({ length: 4000 }, (_, n) => ({ n, text: 'ü'.repeat(n % 40) })),
      };
      await journal.saveSnapshot({ seq, hash, body: 'first' });
      await journal.saveSnapshot({ seq, hash, body });
      assert.deepEqual(await journal.loadSnapshot(), { seq, hash, body });
    }));

  it('refuses a snapshot of another journal, or one newer than itself', () =>
    use(async (journal) => {
      await journal.durable(journal.append(tick(1)));
      const { seq, hash } = journal.head();
      const refused = { code: 'JOURNAL_CORRUPT' };
      await assert.rejects(journal.saveSnapshot({ seq, hash: 'f'.repeat(64), body: {} }), refused);
      await assert.rejects(journal.saveSnapshot({ seq: 2, hash, body: {} }), refused);
      assert.equal(await journal.loadSnapshot(), undefined);
      assert.equal((await journal.verify()).ok, true);
    }));
}

function sideTable(use: Use): void {
  it('remembers identities, and forgetting one leaves the chain intact', () =>
    use(async (journal, place) => {
      await journal.durable(journal.append({ ...tick(1), agent: 'a1' }));
      const names = Array.from({ length: 30 }, (_, n) => `a${n}`);
      await Promise.all(names.map((agent) => journal.remember(agent, { name: `Agent ${agent}` })));
      await journal.remember('a1', { name: 'Agent 001', five9: '17' });
      await Promise.all([journal.forget('a2'), journal.forget('nobody')]);
      assert.equal((await journal.identities()).size, 29);
      await journal.close();
      const again = await place.open();
      const kept = await again.identities();
      assert.deepEqual(kept.get('a1'), { name: 'Agent 001', five9: '17' });
      assert.equal(kept.has('a2'), false);
      assert.equal((await again.verify()).ok, true);
      assert.equal((await all(again))[0]?.agent, 'a1');
    }));

  it('keeps the order of edits of one agent', () =>
    use(async (journal) => {
      const edits = [journal.remember('a', 1), journal.forget('a'), journal.remember('a', 2)];
      await Promise.all([...edits, journal.remember('b', 3), journal.forget('b')]);
      assert.deepEqual([...(await journal.identities())], [['a', 2]]);
    }));
}

function ending(use: Use): void {
  it('flushes when it closes, and can be closed twice', () =>
    use(async (journal, place) => {
      const seq = journal.append(tick(1));
      await Promise.all([journal.close(), journal.close()]);
      await journal.durable(seq);
      assert.equal((await all(await place.open())).length, 1);
    }));

  it('answers everything with JOURNAL_CLOSED once it is closed', () =>
    use(async (journal) => {
      journal.append(tick(1));
      const closing = journal.close();
      const closed = { name: 'JournalError', code: 'JOURNAL_CLOSED' };
      assert.throws(() => journal.append(tick(2)), closed);
      await closing;
      assert.throws(() => journal.append(tick(2)), closed);
      await assert.rejects(all(journal), closed);
      await assert.rejects(journal.saveSnapshot({ ...journal.head(), body: {} }), closed);
      await assert.rejects(journal.loadSnapshot(), closed);
      await assert.rejects(journal.remember('a', {}), closed);
      await assert.rejects(journal.forget('a'), closed);
      await assert.rejects(journal.identities(), closed);
      await assert.rejects(journal.verify(), closed);
    }));
}

async function all(
  journal: Journal,
  from?: number,
  to?: number,
): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read(from, to)) records.push(record);
  return records;
}

/** The chain's definition once more, written from its description and not from the code. */
function assertChained(records: readonly JournalRecord[]): void {
  let previous = '0'.repeat(64);
  for (const { seq, format, kind, at, agent, body, hash } of records) {
    const facts = JSON.stringify([seq, format, kind, at, agent ?? null]);
    const text = `${previous}\n${facts}\n${canonical(body)}`;
    assert.equal(createHash('sha256').update(text, 'utf8').digest('hex'), hash, `record ${seq}`);
    previous = hash;
  }
}
