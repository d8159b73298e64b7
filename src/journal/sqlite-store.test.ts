import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { GENESIS, recordHash, seal } from './chain.ts';
import type { Sealed } from './chain.ts';
import type { Driver } from './driver.ts';
import { JournalError } from './journal.ts';
import { READ_COLUMNS, fromRow } from './sqlite-rows.ts';
import { openDatabase } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';

const LENGTH = 600;

/** Ways to tamper with the tables of a journal; `a` and `b` are two different records. */
const TAMPER: Readonly<Record<string, (driver: Driver, a: number, b: number) => void>> = {
  body: (d, a) => d.prepare(`UPDATE records SET body = '{"n":-1}' WHERE seq = ?`).run(a),
  'one character of the body': (d, a) =>
    d.prepare(`UPDATE records SET body = replace(body, 'n', 'm') WHERE seq = ?`).run(a),
  'a byte that is no text': (d, a) =>
    d.prepare(`UPDATE records SET body = CAST(x'22ff22' AS TEXT) WHERE seq = ?`).run(a),
  kind: (d, a) => d.prepare(`UPDATE records SET kind = 'sent' WHERE seq = ?`).run(a),
  'unknown kind': (d, a) => d.prepare(`UPDATE records SET kind = 'x' WHERE seq = ?`).run(a),
  time: (d, a) => d.prepare('UPDATE records SET at = at + 1 WHERE seq = ?').run(a),
  agent: (d, a) => d.prepare(`UPDATE records SET agent = 'other' WHERE seq = ?`).run(a),
  format: (d, a) => d.prepare('UPDATE records SET format = 2 WHERE seq = ?').run(a),
  hash: (d, a, b) =>
    d
      .prepare('UPDATE records SET hash = (SELECT hash FROM records WHERE seq = ?) WHERE seq = ?')
      .run(b, a),
  deletion: (d, a) => d.prepare('DELETE FROM records WHERE seq = ?').run(a),
  'deletion with the numbers closed up': (d, a) => {
    d.prepare('DELETE FROM records WHERE seq = ?').run(a);
    d.prepare('UPDATE records SET seq = -(seq - 1) WHERE seq > ?').run(a);
    d.exec('UPDATE records SET seq = -seq WHERE seq < 0');
  },
  'deletion of the end': (d, a) => d.prepare('DELETE FROM records WHERE seq >= ?').run(a),
  'insertion with the numbers moved up': (d, a, b) => {
    d.prepare('UPDATE records SET seq = -(seq + 1) WHERE seq >= ?').run(a);
    d.exec('UPDATE records SET seq = -seq WHERE seq < 0');
    copy(d, b < a ? b : b + 1, a);
  },
  'insertion at the end': (d, a) => copy(d, a, LENGTH + 1),
  'insertion before the start': (d, a) => copy(d, a, -a),
  swap: (d, a, b) => {
    d.prepare('UPDATE records SET seq = -1 WHERE seq = ?').run(a);
    d.prepare('UPDATE records SET seq = ? WHERE seq = ?').run(a, b);
    d.prepare('UPDATE records SET seq = ? WHERE seq = -1').run(b);
  },
  'an edit with all later hashes made anew': rechain,
  'the promised head': (d) => d.exec(`UPDATE meta SET value = '5' WHERE name = 'head_seq'`),
  'the snapshot': (d) => d.exec(`UPDATE snapshots SET hash = 'f'`),
};

function copy(driver: Driver, from: number, to: number): void {
  driver
    .prepare(
      `INSERT INTO records SELECT ?, format, kind, at, agent, body, hash FROM records WHERE seq = ?`,
    )
    .run(to, from);
}

/** What a careful forger does; only the hash that was noted elsewhere gives the forgery away. */
function rechain(driver: Driver, at: number): void {
  const rows = driver
    .prepare(`SELECT ${READ_COLUMNS} FROM records WHERE seq >= ? ORDER BY seq`)
    .all(at - 1);
  const write = driver.prepare('UPDATE records SET body = ?, hash = ? WHERE seq = ?');
  let previous = at === 1 ? GENESIS.hash : '';
  for (const record of rows.map(fromRow)) {
    if (record === undefined) continue;
    if (record.seq < at) {
      previous = record.hash;
      continue;
    }
    const body = record.seq === at ? '"forged"' : record.body;
    previous = recordHash(previous, { ...record, body });
    write.run(body, previous, record.seq);
  }
}

function verify(store: SqliteStore): { ok: boolean; records: number } {
  let head = GENESIS;
  let records = 0;
  try {
    for (;;) {
      const step = store.verifyStep(head);
      records += step.records;
      head = step.head;
      if (step.broken !== undefined || step.done) return { ok: step.broken === undefined, records };
    }
  } catch (error) {
    if (error instanceof JournalError) return { ok: false, records };
    throw error;
  }
}

describe('SQLite store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'journal.db');
  const driver = openDatabase(path, 2 ** 30);
  const store = new SqliteStore(driver, path);
  const records: Sealed[] = [];
  for (let n = 1; n <= LENGTH; n += 1) {
    const entry = { kind: 'observed', at: n, agent: `a${n % 7}`, body: { n } } as const;
    records.push(seal(records.at(-1) ?? GENESIS, entry));
  }
  store.commit({ records, identities: [] });
  const body = Buffer.from('"state"');
  const middle = records[400];
  store.putSnapshot({ seq: 401, hash: middle?.hash ?? '', codec: 'json', body });

  it('verifies what it keeps, piece by piece', () => {
    assert.deepEqual(verify(store), { ok: true, records: LENGTH });
    assert.equal(store.verifyStep(GENESIS).records, 512);
  });

  it('finds every edit, deletion, insertion and swap, wherever it is', () => {
    const position = fc.integer({ min: 1, max: LENGTH });
    const pair = fc.tuple(position, position).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(TAMPER)), pair, ([name, tamper], [a, b]) => {
        driver.exec('BEGIN');
        try {
          tamper(driver, a, b);
          assert.equal(verify(store).ok, false, `${name} at ${a} and ${b}`);
        } finally {
          driver.exec('ROLLBACK');
        }
        return true;
      }),
      { numRuns: 90 },
    );
    assert.equal(verify(store).ok, true);
  });

  it('never hands out a page that does not fit the chain', () => {
    driver.exec('BEGIN');
    driver.exec(`UPDATE records SET body = '{"n":8}' WHERE seq = 550`);
    assert.equal(store.page(1, LENGTH).length, 512);
    assert.throws(() => store.page(513, LENGTH), /record 550 does not match its hash/);
    assert.throws(() => store.page(550, 550), /record 550 does not match its hash/);
    driver.exec('DELETE FROM records WHERE seq = 300');
    assert.throws(() => store.page(301, 310), /record 300 is missing/);
    driver.exec('ROLLBACK');
    assert.equal(store.page(550, 550)[0]?.body, '{"n":550}');
  });

  it('shortens a page of long records, but not below one record', () => {
    const lengths = [10, 400_000, 400_000, 400_000, 2_000_000, 10];
    const long: Sealed[] = [];
    for (const [at, length] of lengths.entries()) {
      const entry = { kind: 'feed', at, body: 'x'.repeat(length) } as const;
      long.push(seal(long.at(-1) ?? store.head, entry));
    }
    store.commit({ records: long, identities: [] });
    const pages: number[] = [];
    for (let next = LENGTH + 1; next <= store.head.seq; next += pages.at(-1) ?? 1) {
      pages.push(store.page(next, store.head.seq).length);
    }
    assert.deepEqual(pages, [2, 2, 1, 1]);
  });

  it('falls back to an older snapshot when the newest was damaged', () => {
    const { seq, hash } = store.head;
    store.putSnapshot({ seq, hash, codec: 'json', body: Buffer.from('"newer"') });
    assert.equal(store.snapshot(seq)?.seq, seq);
    driver.prepare('UPDATE snapshots SET body = ? WHERE seq = ?').run(Buffer.from('"forged"'), seq);
    assert.equal(store.snapshot(seq)?.seq, 401);
    assert.equal(store.snapshot(400), undefined);
  });
});
