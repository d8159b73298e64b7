/**
 * Opening the database file: lock, settings, tables, version. Runs in the journal's worker.
 *
 * D1  The connection locks the file for itself alone (exclusive mode), so no second connection can
 *     write or checkpoint. That also keeps clear of a defect in how WAL files are restarted, which
 *     needs two connections: https://www.sqlite.org/wal.html#walresetbug
 *     The lock is the operating system's: it ends with the process, however that ends. On POSIX it
 *     also ends when any other part of the same process opens and closes the file, so nothing in
 *     this process may touch the file while the journal is open.
 * D2  Every commit is on the disk before it returns (WAL with synchronous=FULL, and the stronger
 *     flush where the system has one): https://www.sqlite.org/pragma.html#pragma_synchronous
 * D3  Deleted content is overwritten (secure_delete), so that a forgotten identity is gone.
 */
import { statSync } from 'node:fs';
import { openDriver } from './driver.ts';
import type { Driver } from './driver.ts';
import { SqliteFailure } from './failure.ts';
import { GENESIS, brokenChain } from './chain.ts';
import { JournalError } from './journal.ts';
import { toText } from './sqlite-rows.ts';

/** Version of the tables. A file of a later version is refused, an earlier one would be migrated. */
const SCHEMA_VERSION = 1;

const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at REAL NOT NULL,
    agent TEXT,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE snapshots (
    seq INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    codec TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE TABLE identities (agent TEXT PRIMARY KEY, identity TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES
    ('schema_version', '${SCHEMA_VERSION}'), ('head_seq', '0'), ('head_hash', '${GENESIS.hash}');
`;

/** Opens and locks the file, and makes the tables when it is new. Throws what the driver throws. */
export function openDatabase(path: string, maxBytes: number): Driver {
  refuseEmptied(path);
  const driver = openDriver(path);
  driver.prepare('PRAGMA locking_mode=EXCLUSIVE').get();
  const mode = driver.prepare('PRAGMA journal_mode=WAL').get();
  if (mode?.[0] !== 'wal')
    throw new SqliteFailure(8, `journal mode is ${String(mode?.[0])}, not wal`);
  driver.exec('PRAGMA synchronous=FULL');
  driver.exec('PRAGMA fullfsync=ON');
  driver.exec('PRAGMA checkpoint_fullfsync=ON');
  driver.prepare('PRAGMA secure_delete=ON').get();
  const pageSize = Number(driver.prepare('PRAGMA page_size').get()?.[0]);
  driver.prepare(`PRAGMA max_page_count=${Math.floor(maxBytes / pageSize)}`).get();
  inTransaction(driver, () => checkTables(driver, path));
  return driver;
}

/** SQLite would take an empty file for a new one and delete the log, which holds records. */
function refuseEmptied(path: string): void {
  if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0)
    throw brokenChain('its file is gone or empty, but the log beside it is not');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

export function inTransaction<T>(driver: Driver, task: () => T): T {
  driver.exec('BEGIN IMMEDIATE');
  try {
    const result = task();
    driver.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(driver);
    throw error;
  }
}

/** SQLite has rolled back by itself after some errors; then there is nothing left to undo. */
function rollBack(driver: Driver): void {
  try {
    driver.exec('ROLLBACK');
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
  }
}

function checkTables(driver: Driver, path: string): void {
  const [tables, ours] =
    driver
      .prepare(`SELECT count(*), count(*) FILTER (WHERE name = 'meta') FROM sqlite_schema`)
      .get() ?? [];
  if (tables === 0) {
    driver.exec(TABLES);
    return;
  }
  if (ours !== 1) {
    throw new SqliteFailure(26, 'it is an SQLite file with other tables');
  }
  const version = readMeta(driver, 'schema_version');
  if (version !== String(SCHEMA_VERSION)) {
    throw new JournalError(
      'JOURNAL_CORRUPT',
      `The journal ${path} has the layout version ${version}; this Lockstep knows ${SCHEMA_VERSION}.`,
      'Run the version of Lockstep that wrote it, or a later one.',
    );
  }
}

export function readMeta(driver: Driver, name: string): string {
  const read = driver.prepare('SELECT CAST(value AS BLOB) FROM meta WHERE name = ?');
  return toText(read.get(name)?.[0]);
}
