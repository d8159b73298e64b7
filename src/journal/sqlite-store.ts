/**
 * The journal's tables, spoken to in plain calls. Runs in the journal's worker, which owns the one
 * connection; every call is short, so that a long read never holds up a commit for long.
 */
import { hash as digest } from 'node:crypto';
import { brokenChain, foreignSnapshot, verifySequence } from './chain.ts';
import type { Sealed } from './chain.ts';
import type { Driver, SqlRow, Statement } from './driver.ts';
import type { Head } from './journal.ts';
import { WRITE_HEAD, hashAt, readHead, recoverTail, tornBytes } from './sqlite-recovery.ts';
import type { Recovery } from './sqlite-recovery.ts';
import { READ_COLUMNS, RECORD_COLUMNS, fromRow, toRow, toText } from './sqlite-rows.ts';
import { inTransaction } from './sqlite-schema.ts';
import { PAGE_BYTES, PAGE_RECORDS, SNAPSHOTS_KEPT } from './store.ts';
import type { Batch, IdentityEdit, VerifyStep } from './store.ts';

/** A snapshot as it lies in the table: packed, with the hash of what is packed. */
export interface PackedSnapshot {
  readonly seq: number;
  readonly hash: string;
  readonly codec: 'json' | 'gzip';
  readonly body: Uint8Array;
}

export class SqliteStore {
  readonly recovery: Recovery;
  readonly #driver: Driver;
  readonly #insert: Statement;
  readonly #page: Statement;
  readonly #weigh: Statement;
  readonly #remember: Statement;
  readonly #forget: Statement;
  readonly #writeHead: Statement;
  #head: Head;

  /** Takes over the open database at `path` and mends its tail. Throws JOURNAL_CORRUPT. */
  constructor(driver: Driver, path: string) {
    this.#driver = driver;
    const cutBytes = tornBytes(this.#driver, `${path}-wal`);
    const { head, recovery } = inTransaction(this.#driver, () => recoverTail(this.#driver));
    this.#head = head;
    this.recovery = { cutBytes, ...recovery };
    this.#insert = this.#driver.prepare(
      `INSERT INTO records (${RECORD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#page = this.#driver.prepare(
      `SELECT ${READ_COLUMNS} FROM records WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?`,
    );
    this.#weigh = this.#driver.prepare(
      `SELECT sum(octet_length(body)) FROM
        (SELECT body FROM records WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?)`,
    );
    this.#remember = this.#driver.prepare(
      `INSERT INTO identities VALUES (?, ?)
        ON CONFLICT (agent) DO UPDATE SET identity = excluded.identity`,
    );
    this.#writeHead = this.#driver.prepare(WRITE_HEAD);
    this.#forget = this.#driver.prepare('DELETE FROM identities WHERE agent = ?');
  }

  get head(): Head {
    return this.#head;
  }

  commit({ records, identities }: Batch): void {
    const last = records.at(-1);
    inTransaction(this.#driver, () => {
      for (const record of records) this.#insert.run(...toRow(record));
      for (const edit of identities) this.#applyEdit(edit);
      if (last !== undefined) this.#writeHead.run(String(last.seq), last.hash);
    });
    if (last !== undefined) this.#head = { seq: last.seq, hash: last.hash };
    // The WAL still holds the page as it was before: emptying it removes the last copy.
    if (identities.some(({ identity }) => identity === null)) this.#emptyWal();
  }

  page(from: number, to: number): readonly Sealed[] {
    const start = hashAt(this.#driver, from - 1);
    if (start === undefined) throw brokenChain(`record ${from - 1} is missing`);
    const page = this.#rows(from, to).map(readable);
    const { broken } = verifySequence({ seq: from - 1, hash: start }, page);
    if (broken !== undefined) throw brokenChain(broken.detail);
    return page;
  }

  verifyStep(from: Head): VerifyStep {
    // From the very first row, whatever its number: a record before the first is an insertion.
    const lowest = from.seq === 0 ? Number.MIN_SAFE_INTEGER : from.seq + 1;
    const rows = this.#rows(lowest, Number.MAX_SAFE_INTEGER);
    if (rows.length === 0) return this.#verifyEnd(from);
    const page = rows.map(fromRow);
    const strange = page.indexOf(undefined);
    const known = page.slice(0, strange < 0 ? page.length : strange);
    const check = verifySequence(
      from,
      known.filter((record) => record !== undefined),
    );
    if (check.broken !== undefined || strange < 0) return { ...check, done: false };
    const at = check.head.seq + 1;
    return { ...check, done: false, broken: { at, detail: `record ${at} has foreign columns` } };
  }

  /** Long records make a page shorter, but never shorter than one record. */
  #rows(from: number, to: number): readonly SqlRow[] {
    let limit = PAGE_RECORDS;
    while (limit > 1 && Number(this.#weigh.get(from, to, limit)?.[0]) > PAGE_BYTES) limit /= 2;
    return this.#page.all(from, to, limit);
  }

  #verifyEnd(reached: Head): VerifyStep {
    const end = { head: reached, records: 0, done: true };
    const promised = readHead(this.#driver);
    if (promised.seq !== reached.seq || promised.hash !== reached.hash) {
      const detail = `the journal ends at record ${reached.seq}, but ${promised.seq} was written`;
      return { ...end, broken: { at: Math.min(reached.seq, promised.seq) + 1, detail } };
    }
    const snapshots = this.#driver.prepare('SELECT seq, CAST(hash AS BLOB) FROM snapshots').all();
    for (const [seq, hash] of snapshots) {
      const at = Number(seq);
      if (hashAt(this.#driver, at) !== toText(hash)) {
        return { ...end, broken: { at, detail: `the snapshot at record ${at} does not fit` } };
      }
    }
    return end;
  }

  putSnapshot({ seq, hash, codec, body }: PackedSnapshot): void {
    if (hashAt(this.#driver, seq) !== hash) throw foreignSnapshot(seq);
    inTransaction(this.#driver, () => {
      this.#driver
        .prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)')
        .run(seq, hash, codec, digest('sha256', body, 'hex'), body);
      this.#driver
        .prepare(
          `DELETE FROM snapshots WHERE seq NOT IN
            (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT ?)`,
        )
        .run(SNAPSHOTS_KEPT);
    });
  }

  /** The newest at or before `atSeq` that fits the chain and is as it was written. */
  snapshot(atSeq: number): PackedSnapshot | undefined {
    const candidates = this.#driver
      .prepare('SELECT seq FROM snapshots WHERE seq <= ? ORDER BY seq DESC')
      .all(atSeq);
    const load = this.#driver.prepare(
      `SELECT seq, CAST(hash AS BLOB), CAST(codec AS BLOB), CAST(digest AS BLOB), body
        FROM snapshots WHERE seq = ?`,
    );
    for (const [candidate] of candidates) {
      const [seq, hashBytes, codecBytes, sum, body] = load.get(Number(candidate)) ?? [];
      if (typeof seq !== 'number' || !(body instanceof Uint8Array)) continue;
      const [hash, codec] = [toText(hashBytes), toText(codecBytes)];
      if (hashAt(this.#driver, seq) !== hash || digest('sha256', body, 'hex') !== toText(sum))
        continue;
      if (codec === 'json' || codec === 'gzip') return { seq, hash, codec, body };
    }
    return undefined;
  }

  identities(): readonly IdentityEdit[] {
    const rows = this.#driver
      .prepare('SELECT CAST(agent AS BLOB), CAST(identity AS BLOB) FROM identities')
      .all();
    return rows.map(([agent, identity]) => ({ agent: toText(agent), identity: toText(identity) }));
  }

  close(): void {
    this.#emptyWal();
    this.#driver.close();
  }

  #applyEdit({ agent, identity }: IdentityEdit): void {
    if (identity === null) this.#forget.run(agent);
    else this.#remember.run(agent, identity);
  }

  #emptyWal(): void {
    this.#driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  }
}

function readable(row: SqlRow): Sealed {
  const record = fromRow(row);
  if (record === undefined) throw brokenChain(`record ${String(row[0])} has foreign columns`);
  return record;
}
