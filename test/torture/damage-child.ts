/**
 * Opens damaged copies of a journal, one after the other, and says what it found in each: what
 * crashes or hangs a process must not take the test with it.
 *
 * Argument: a folder with `db`, `wal` and `contents.json`. Lines in: a `Damage` as JSON. Lines out:
 * its `Finding`.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { GENESIS } from '../../src/journal/chain.ts';
import { journalFailure } from '../../src/journal/failure.ts';
import { openDatabase } from '../../src/journal/sqlite-schema.ts';
import { SqliteStore } from '../../src/journal/sqlite-store.ts';
import type { Damage, Finding, Found } from './damage.ts';
import { spoil } from './damage.ts';
import type { Contents } from './damage-image.ts';

const folder = process.argv.at(-1) ?? '';
const whole = { db: readFileSync(join(folder, 'db')), wal: readFileSync(join(folder, 'wal')) };
const contents = contentsOf(JSON.parse(readFileSync(join(folder, 'contents.json'), 'utf8')));
const originals = contents.records.map((record) => JSON.stringify(record));

/** The test has written it. */
function contentsOf(value: Contents): Contents {
  return value;
}

/** How far reading goes on behind a place that cannot be read. */
const SKIP = 24;

function look(damage: Damage): Finding {
  const path = join(folder, `${damage.id}.db`);
  const { db, wal } = spoil(whole, damage);
  writeFileSync(path, db);
  if (wal.length > 0) writeFileSync(`${path}-wal`, wal);
  try {
    return { id: damage.id, found: found(new SqliteStore(openDatabase(path, 2 ** 30), path)) };
  } catch (error) {
    const { code, message, fix } = journalFailure('the journal', error);
    return { id: damage.id, refused: { code, message, fix } };
  } finally {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  }
}

function found(store: SqliteStore): Found {
  const { recovery, head } = store;
  const read = readAll(store);
  return { recovery, head: head.seq, ...read, brokenAt: verified(store), ...sides(store) };
}

/** Reads from each record on, so that damage in the middle does not hide what is behind it. */
function readAll(store: SqliteStore): Pick<Found, 'served' | 'wrong' | 'stopped'> {
  let [served, wrong] = [0, 0];
  let stopped: string | undefined;
  for (let next = 1; next <= store.head.seq;) {
    try {
      const page = store.page(next, store.head.seq);
      wrong += page.filter((record) => JSON.stringify(record) !== originals[record.seq - 1]).length;
      served += page.length;
      if (page.length === 0) stopped ??= `nothing at ${next}`;
      next += Math.max(1, page.length);
    } catch (error) {
      stopped ??= journalFailure('the journal', error).code;
      next += SKIP;
    }
  }
  return stopped === undefined ? { served, wrong } : { served, wrong, stopped };
}

/** 0 when the chain verifies. */
function verified(store: SqliteStore): number {
  let head = GENESIS;
  try {
    for (;;) {
      const step = store.verifyStep(head);
      if (step.broken !== undefined) return step.broken.at;
      if (step.done) return 0;
      head = step.head;
    }
  } catch {
    return head.seq + 1;
  }
}

function sides(store: SqliteStore): Pick<Found, 'identities' | 'snapshot'> {
  const attempt = <T>(task: () => T): T | 'refused' => {
    try {
      return task();
    } catch {
      return 'refused';
    }
  };
  const identities = attempt(() => {
    const all = store.identities();
    const same = all.filter(({ agent, identity }) => contents.identities[agent] === identity);
    if (same.length < all.length) return 'wrong';
    return all.length === Object.keys(contents.identities).length ? 'same' : 'fewer';
  });
  const snapshot = attempt(() => {
    const kept = store.snapshot(store.head.seq);
    if (kept === undefined) return 'fewer';
    return Buffer.from(kept.body).toString() === contents.snapshot.body ? 'same' : 'wrong';
  });
  return { identities, snapshot };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const finding = look(damageOf(JSON.parse(line)));
  process.stdout.write(`${JSON.stringify(finding)}\n`);
});

function damageOf(value: Damage): Damage {
  return value;
}
