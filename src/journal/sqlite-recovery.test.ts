import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { GENESIS, seal } from './chain.ts';
import type { Sealed } from './chain.ts';
import { SqliteFailure } from './failure.ts';
import { JournalError } from './journal.ts';
import { openDatabase } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';

const BATCHES = 12;
const PER_BATCH = 30;
const TOTAL = BATCHES * PER_BATCH;

const folder = mkdtempSync(join(tmpdir(), 'lockstep-recovery-'));
let files = 0;

function newPath(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

interface Image {
  readonly db: Buffer;
  readonly wal: Buffer;
}

/**
 * The files of a journal whose process was killed: everything but the tables is still in the WAL,
 * unless the WAL was started anew before the last batch.
 */
function killedJournal(walRestarted = false): Image {
  const path = newPath();
  const driver = openDatabase(path, 2 ** 30);
  const store = new SqliteStore(driver, path);
  let head = GENESIS;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const records: Sealed[] = [];
    for (let n = 0; n < PER_BATCH; n += 1) {
      const body = { n, text: 'x'.repeat(n * 8) };
      const record = seal(head, { kind: 'observed', at: n, agent: `a${n}`, body });
      records.push(record);
      head = record;
    }
    if (walRestarted && batch === BATCHES - 1) driver.exec('PRAGMA wal_checkpoint(RESTART)');
    store.commit({ records, identities: [] });
  }
  return { db: readFileSync(path), wal: readFileSync(`${path}-wal`) };
}

/** Lays the files down under a new name and opens them as a restarted process would. */
function restart({ db, wal }: Image, spoil: string[] = []): SqliteStore {
  const path = newPath();
  writeFileSync(path, db);
  if (wal.length > 0) writeFileSync(`${path}-wal`, wal);
  if (spoil.length > 0) {
    const driver = openDatabase(path, 2 ** 30);
    for (const sql of spoil) driver.exec(sql);
    return new SqliteStore(driver, path);
  }
  return new SqliteStore(openDatabase(path, 2 ** 30), path);
}

function verified(store: SqliteStore): number {
  let step = store.verifyStep(GENESIS);
  let records = step.records;
  while (!step.done && step.broken === undefined) {
    step = store.verifyStep(step.head);
    records += step.records;
  }
  assert.equal(step.broken, undefined);
  return records;
}

const UNHARMED = { cutBytes: 0, cutRecords: 0, lostRecords: 0, droppedSnapshots: 0 };

describe('recovery after a crash', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));
  const image = killedJournal();
  const frame = 24 + image.wal.readUInt32BE(8);

  it('finds everything in the files of a killed process', () => {
    const store = restart(image);
    assert.deepEqual(store.recovery, UNHARMED);
    assert.equal(verified(store), TOTAL);
  });

  it('cuts a write that broke off back to the last whole batch, wherever it broke off', () => {
    const cuts = [1, 23, 24, frame - 1, frame, frame + 1, 2 * frame];
    const drawn = fc.sample(fc.integer({ min: 1, max: image.wal.length }), {
      numRuns: 40,
      seed: 5,
    });
    let last = TOTAL;
    for (const cut of [...cuts, ...drawn].sort((a, b) => a - b)) {
      const wal = image.wal.subarray(0, image.wal.length - cut);
      const store = restart({ ...image, wal });
      const found = verified(store);
      assert.equal(found % PER_BATCH, 0, `cut of ${cut}`);
      assert.ok(found <= last, `cut of ${cut}: ${found} records`);
      const { cutBytes, ...rest } = store.recovery;
      assert.deepEqual({ ...rest, cutBytes: 0 }, UNHARMED, `cut of ${cut}`);
      if (cut < frame) assert.ok(cutBytes > 0 && found === TOTAL - PER_BATCH, `cut of ${cut}`);
      last = found;
    }
  });

  it('passes over a part of the last write that never reached the disk', () => {
    const offset = fc.integer({ min: 1, max: 2 * frame });
    fc.assert(
      fc.property(offset, fc.integer({ min: 1, max: 600 }), (fromEnd, length) => {
        const wal = Buffer.from(image.wal);
        const start = wal.length - fromEnd;
        for (let i = start; i < Math.min(wal.length, start + length); i += 1) wal[i] = 0xa5;
        const store = restart({ ...image, wal });
        assert.ok(verified(store) >= TOTAL - 2 * PER_BATCH);
        assert.equal(store.recovery.lostRecords, 0);
      }),
      { numRuns: 20, seed: 8 },
    );
  });

  it('does not take the leftovers of an earlier use of the WAL for broken writes', () => {
    const restarted = killedJournal(true);
    assert.ok(restarted.wal.length > 9 * frame);
    const store = restart(restarted);
    assert.deepEqual(store.recovery, UNHARMED);
    assert.equal(verified(store), TOTAL);
  });

  it('appends behind what it has cut', () => {
    const wal = image.wal.subarray(0, image.wal.length - 100);
    const store = restart({ ...image, wal });
    store.commit({
      records: [seal(store.head, { kind: 'epoch', at: 0, body: 2 })],
      identities: [],
    });
    assert.equal(verified(store), TOTAL - PER_BATCH + 1);
  });

  it('cuts a last record that is not whole, and says that it had been written', () => {
    const store = restart(image, [`UPDATE records SET body = '{' WHERE seq = ${TOTAL}`]);
    assert.deepEqual(store.recovery, { ...UNHARMED, cutRecords: 1, lostRecords: 1 });
    assert.equal(verified(store), TOTAL - 1);
  });

  it('says how many records are missing at the end, and drops the snapshots of them', () => {
    const snapshots = [
      `hash, 'json', 'x', x'79' FROM records WHERE seq IN (${TOTAL - 5}, ${TOTAL})`,
    ];
    const store = restart(image, [
      ...snapshots.map((rest) => `INSERT INTO snapshots SELECT seq, ${rest}`),
      `DELETE FROM records WHERE seq > ${TOTAL - 3}`,
    ]);
    assert.deepEqual(store.recovery, { ...UNHARMED, lostRecords: 3, droppedSnapshots: 1 });
    assert.equal(verified(store), TOTAL - 3);
  });

  it('cuts a record that was added behind the head and does not fit', () => {
    const columns = 'format, kind, at, agent, body, hash FROM records WHERE seq = 4';
    const store = restart(image, [`INSERT INTO records SELECT ${TOTAL + 1}, ${columns}`]);
    assert.deepEqual(store.recovery, { ...UNHARMED, cutRecords: 1 });
    assert.equal(verified(store), TOTAL);
  });

  it('refuses damage that is not at the end', () => {
    const spoils = [
      `UPDATE records SET body = '{' WHERE seq = ${TOTAL - 1}`,
      `DELETE FROM records WHERE seq = ${TOTAL - 9}`,
      `UPDATE records SET kind = 'x' WHERE seq = ${TOTAL}`,
      `UPDATE meta SET value = 'f' WHERE name = 'head_hash'`,
      'DELETE FROM records',
    ];
    for (const spoil of spoils) {
      const corrupt = { code: 'JOURNAL_CORRUPT', message: /The journal is damaged: / };
      assert.throws(() => restart(image, [spoil]), corrupt, spoil);
    }
  });

  it('never serves a wrong record from a file with a flipped bit', () => {
    const whole = closedImage(image);
    const original = JSON.stringify(contents(restart(whole)));
    fc.assert(
      fc.property(fc.nat(whole.db.length - 1), fc.nat(7), (at, bit) => {
        const db = Buffer.from(whole.db);
        db.writeUInt8(db.readUInt8(at) ^ (1 << bit), at);
        const seen = contentsOrDamage(() => restart({ ...whole, db }));
        if (seen !== undefined) assert.equal(JSON.stringify(seen), original);
      }),
      { numRuns: 60, seed: 13 },
    );
  });
});

/** The same journal after a clean close: all in one file. */
function closedImage(image: Image): Image {
  const path = newPath();
  writeFileSync(path, image.db);
  writeFileSync(`${path}-wal`, image.wal);
  new SqliteStore(openDatabase(path, 2 ** 30), path).close();
  return { db: readFileSync(path), wal: Buffer.alloc(0) };
}

function contents(store: SqliteStore): readonly Sealed[] {
  const records: Sealed[] = [];
  while (records.length < store.head.seq) {
    records.push(...store.page(records.length + 1, store.head.seq));
  }
  return records;
}

/** Undefined when the damage was noticed, by opening, reading or verifying. */
function contentsOrDamage(open: () => SqliteStore): readonly Sealed[] | undefined {
  try {
    const store = open();
    if (store.recovery.lostRecords > 0) return undefined;
    return contents(store);
  } catch (error) {
    if (error instanceof JournalError || error instanceof SqliteFailure) return undefined;
    throw error;
  }
}
