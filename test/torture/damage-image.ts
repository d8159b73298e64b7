/**
 * A journal of known content as it lies on the disk, and where its parts lie in the files. Layout:
 * https://www.sqlite.org/fileformat2.html
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GENESIS, seal } from '../../src/journal/chain.ts';
import type { Sealed } from '../../src/journal/chain.ts';
import { openDatabase } from '../../src/journal/sqlite-schema.ts';
import { SqliteStore } from '../../src/journal/sqlite-store.ts';

const BATCHES = 24;
const PER_BATCH = 12;
export const RECORDS = BATCHES * PER_BATCH;

export const WAL_HEADER = 32;
export const FRAME_HEADER = 24;

/** What is in the journal. */
export interface Contents {
  readonly records: readonly Sealed[];
  readonly identities: Readonly<Record<string, string>>;
  readonly snapshot: { readonly seq: number; readonly body: string };
}

export interface Image {
  readonly name: 'closed' | 'killed' | 'half moved';
  readonly contents: Contents;
  readonly db: Buffer;
  readonly wal: Buffer;
}

/**
 * The files of a process that closed its journal, of one that was killed, and of one that was killed
 * after half of the log had been moved into the database and the log had been begun anew.
 */
export function makeImage(name: Image['name']): Image {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-image-'));
  try {
    const path = join(folder, 'journal.db');
    const driver = openDatabase(path, 2 ** 30);
    const store = new SqliteStore(driver, path);
    const contents = fill(store, (batch) => {
      if (name === 'half moved' && batch === BATCHES / 2)
        driver.exec('PRAGMA wal_checkpoint(RESTART)');
    });
    if (name === 'closed') store.close();
    const wal = name === 'closed' ? Buffer.alloc(0) : readFileSync(`${path}-wal`);
    return { name, contents, db: readFileSync(path), wal };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(store: SqliteStore, before: (batch: number) => void): Contents {
  const all: Sealed[] = [];
  const identities: Record<string, string> = {};
  const snapshot = { seq: RECORDS / 2, body: JSON.stringify({ state: 'y'.repeat(9_000) }) };
  for (let batch = 0; batch < BATCHES; batch += 1) {
    before(batch);
    const records = nextRecords(all.at(-1));
    const agent = `agent-${batch}`;
    const identity = JSON.stringify({ name: `Agent ${batch}`, aliases: ['z'.repeat(40)] });
    store.commit({ records, identities: [{ agent, identity }] });
    identities[agent] = identity;
    all.push(...records);
    const last = all.at(-1);
    if (last?.seq !== snapshot.seq) continue;
    store.putSnapshot({ ...last, codec: 'json', body: Buffer.from(snapshot.body) });
  }
  return { records: all, identities, snapshot };
}

function nextRecords(last: Sealed | undefined): readonly Sealed[] {
  const records: Sealed[] = [];
  while (records.length < PER_BATCH) {
    const before = records.at(-1) ?? last ?? GENESIS;
    const n = before.seq + 1;
    const body = { n, text: 'x'.repeat((n * 37) % 400) };
    records.push(seal(before, { kind: 'observed', at: n, agent: `agent-${n % 9}`, body }));
  }
  return records;
}

/** Where each record ends in the file: its hash is the last column. The first place of each. */
export function recordEnds(file: Buffer, { records }: Contents): readonly number[] {
  return records
    .map(({ hash }) => file.indexOf(hash))
    .filter((at) => at >= 0)
    .map((at) => at + 64);
}

export interface Frames {
  readonly size: number;
  readonly starts: readonly number[];
  /** Ends of the frames that finish a commit: their header holds the size of the database. */
  readonly commitEnds: readonly number[];
}

/** The frames of the log that are in use: leftovers of its earlier life carry another salt. */
export function framesOf(wal: Buffer): Frames {
  if (wal.length < WAL_HEADER) return { size: 0, starts: [], commitEnds: [] };
  const size = FRAME_HEADER + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  const starts: number[] = [];
  for (let at = WAL_HEADER; at + size <= wal.length; at += size) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    starts.push(at);
  }
  const commitEnds = starts.filter((at) => wal.readUInt32BE(at + 4) > 0).map((at) => at + size);
  return { size, starts, commitEnds };
}
