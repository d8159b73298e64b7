/**
 * What happens to the tail of the journal when it is opened: the last records are verified, and a
 * tail that is not whole is cut off and reported. Runs in the journal's worker.
 *
 * R1  Only a tail is ever cut: when a later record builds on a damaged one, the damage is in the
 *     middle, and the journal is refused as corrupt.
 * R2  The table `meta` holds the last sequence number and hash, written with each batch. At most
 *     `TAIL_RECORDS` of what it promises may be missing; more is corruption, not a torn tail.
 * R3  Snapshots that do not fit what remains are dropped.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { GENESIS, brokenChain, faultAfter, verifySequence } from './chain.ts';
import type { Sealed } from './chain.ts';
import type { Driver } from './driver.ts';
import type { Head } from './journal.ts';
import { READ_COLUMNS, fromRow, toText } from './sqlite-rows.ts';
import { readMeta } from './sqlite-schema.ts';

/** How many records are verified at open. */
const TAIL_RECORDS = 1000;

/** Takes sequence number and hash. */
export const WRITE_HEAD = `UPDATE meta SET value = CASE name WHEN 'head_seq' THEN ? ELSE ? END
  WHERE name IN ('head_seq', 'head_hash')`;

export interface Recovery {
  /** Bytes of unfinished writes behind the last whole one. */
  readonly cutBytes: number;
  /** Records that were there but not whole, and were cut off. */
  readonly cutRecords: number;
  /** Records that had been durable and are gone, cut off ones included. */
  readonly lostRecords: number;
  readonly droppedSnapshots: number;
}

/** Verifies and mends the tail. Call it inside a transaction; throws JOURNAL_CORRUPT. */
export function recoverTail(driver: Driver): { head: Head; recovery: Omit<Recovery, 'cutBytes'> } {
  const promised = readHead(driver);
  const { base, tail } = readTail(driver);
  const { head, broken } = verifySequence(base, tail);
  if (broken !== undefined) checkIsTail(tail, head, broken.detail);
  const lostRecords = Math.max(0, promised.seq - head.seq);
  if (lostRecords > TAIL_RECORDS || (lostRecords > 0 && head.seq === 0)) {
    throw brokenChain(`records ${head.seq + 1} to ${promised.seq} are missing`);
  }
  if (lostRecords === 0) checkPromise(driver, promised, head);
  const cutRecords = count(driver, 'DELETE FROM records WHERE seq > ? RETURNING seq', head.seq);
  driver.prepare(WRITE_HEAD).run(String(head.seq), head.hash);
  return { head, recovery: { cutRecords, lostRecords, droppedSnapshots: dropSnapshots(driver) } };
}

export function readHead(driver: Driver): Head {
  return { seq: Number(readMeta(driver, 'head_seq')), hash: readMeta(driver, 'head_hash') };
}

function readTail(driver: Driver): { base: Head; tail: readonly Sealed[] } {
  const rows = driver
    .prepare(`SELECT ${READ_COLUMNS} FROM records ORDER BY seq DESC LIMIT ?`)
    .all(TAIL_RECORDS + 1)
    .map((row) => fromRow(row) ?? strangeRow())
    .reverse();
  const [first, ...rest] = rows;
  if (first === undefined || rows.length <= TAIL_RECORDS) return { base: GENESIS, tail: rows };
  return { base: { seq: first.seq, hash: first.hash }, tail: rest };
}

/** The tables are strict, so a row of another shape is not the trace of a crash. */
function strangeRow(): never {
  throw brokenChain('a record has columns that the journal never writes');
}

function checkIsTail(tail: readonly Sealed[], head: Head, detail: string): void {
  const suspects = tail.filter(({ seq }) => seq > head.seq);
  const built = suspects.some((record, i) => {
    const before = suspects[i - 1];
    return before !== undefined && faultAfter(before, record) === undefined;
  });
  if (built) throw brokenChain(detail);
}

/** Nothing is missing, so the record that was promised must be the one that is there. */
function checkPromise(driver: Driver, promised: Head, head: Head): void {
  const found = promised.seq === head.seq ? head.hash : hashAt(driver, promised.seq);
  if (found !== promised.hash) throw brokenChain(`record ${promised.seq} is not the one written`);
}

export function hashAt(driver: Driver, seq: number): string | undefined {
  if (seq === 0) return GENESIS.hash;
  const row = driver.prepare('SELECT CAST(hash AS BLOB) FROM records WHERE seq = ?').get(seq);
  return row === undefined ? undefined : toText(row[0]);
}

function dropSnapshots(driver: Driver): number {
  return count(
    driver,
    `DELETE FROM snapshots WHERE seq > 0 AND NOT EXISTS
      (SELECT 1 FROM records WHERE records.seq = snapshots.seq AND records.hash = snapshots.hash)
      RETURNING seq`,
  );
}

function count(driver: Driver, sql: string, ...values: readonly number[]): number {
  return driver.prepare(sql).all(...values).length;
}

/**
 * Bytes in the WAL file that belong to its present generation but to no finished commit. Call it
 * after the file was opened and before anything is written. Layout of the file:
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function tornBytes(driver: Driver, walPath: string): number {
  if (!existsSync(walPath)) return 0;
  const frames = Number(driver.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.[1]);
  const file = openSync(walPath, 'r');
  try {
    return scanTornBytes(file, Math.max(0, frames));
  } finally {
    closeSync(file);
  }
}

const WAL_HEADER = 32;
const FRAME_HEADER = 24;

function scanTornBytes(file: number, frames: number): number {
  const size = fstatSync(file).size;
  const header = Buffer.alloc(WAL_HEADER);
  if (readSync(file, header, 0, WAL_HEADER, 0) < WAL_HEADER) return size;
  // SQLite passes over the whole file, whatever was committed to it.
  if (!isWholeHeader(header)) return size;
  const frameSize = FRAME_HEADER + header.readUInt32BE(8);
  const start = WAL_HEADER + frames * frameSize;
  const frame = Buffer.alloc(FRAME_HEADER);
  let end = start;
  // To the very end: behind a frame whose salt is damaged stand those that were written after it.
  for (let at = start; at < size; at += frameSize) {
    const isCutOff = readSync(file, frame, 0, FRAME_HEADER, at) < FRAME_HEADER;
    if (isCutOff ? end === at : isOfGeneration(header, frame)) end = at + frameSize;
  }
  return Math.max(0, Math.min(end, size) - start);
}

/**
 * Frames of an earlier generation carry other salts: they are leftovers, not torn writes. Both
 * salts change from one generation to the next, so one that is the same tells a damaged one.
 */
function isOfGeneration(header: Buffer, frame: Buffer): boolean {
  return [0, 4].some((at) => header.readUInt32BE(16 + at) === frame.readUInt32BE(8 + at));
}

/** The header carries a checksum of its own, in the byte order that its first number names. */
function isWholeHeader(header: Buffer): boolean {
  const isBig = header.readUInt32BE(0) % 2 === 1;
  const word = (at: number): number => (isBig ? header.readUInt32BE(at) : header.readUInt32LE(at));
  let [first, second] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return first === header.readUInt32BE(24) && second === header.readUInt32BE(28);
}
