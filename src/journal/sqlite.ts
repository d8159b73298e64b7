/**
 * The journal in one SQLite file, for one machine and nothing to install. This side numbers, chains
 * and batches; a worker thread owns the one connection (see `sqlite-schema.ts` for what it
 * guarantees of locks and fsync).
 *
 * Q1  The file has one user at a time: a second opening, from this process or another, is refused
 *     with JOURNAL_LOCKED. The lock of a killed process is gone with it.
 * Q2  `close` resolves when the thread has ended, because only then is the lock given up.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { bound } from './backlog.ts';
import type { Sealed } from './chain.ts';
import { GroupCommitJournal } from './group-commit.ts';
import type { CommitOptions } from './group-commit.ts';
import type { Head, Journal } from './journal.ts';
import { callsTo, startThread } from './sqlite-calls.ts';
import type { Calls } from './sqlite-calls.ts';
import type { Recovery } from './sqlite-recovery.ts';
import type { PackedSnapshot } from './sqlite-store.ts';
import type { Batch, Store, StoredSnapshot } from './store.ts';

export interface SqliteOptions extends CommitOptions {
  /** The file; its folder must exist. SQLite keeps a second file beside it while it is open. */
  readonly path: string;
  /** Largest size of the file; a flush that would exceed it fails like a full disk. */
  readonly maxBytes?: number;
}

export interface SqliteJournal extends Journal {
  /** What opening had to mend; all zeros after a clean close and after most crashes. */
  readonly recovered: Recovery;
}

const DEFAULT_MAX_BYTES = 64 * 1024 ** 3;

/** Snapshots longer than this are packed. */
const PACK_ABOVE = 64 * 1024;

const pack = promisify<Buffer, { level: number }, Buffer>(gzip);
const unpack = promisify<Uint8Array, Buffer>(gunzip);

/** Rejects with `JournalError` when the file is locked, damaged, or cannot be opened or written. */
export async function openSqliteJournal(options: SqliteOptions): Promise<SqliteJournal> {
  const { path, maxBytes = DEFAULT_MAX_BYTES } = options;
  const worker = callsTo(startThread({ path, maxBytes: bound('maxBytes', maxBytes) }));
  try {
    const { head, recovery } = await worker.opened();
    return new OpenedJournal(createStore(worker), head, recovery, options);
  } catch (error) {
    await worker.ended();
    throw error;
  }
}

class OpenedJournal extends GroupCommitJournal implements SqliteJournal {
  readonly recovered: Recovery;

  constructor(store: Store, head: Head, recovered: Recovery, options: SqliteOptions) {
    super(store, options.path, head, options);
    this.recovered = recovered;
  }
}

function createStore(worker: Calls): Store {
  return {
    commit: (batch: Batch) => worker.call('commit', batch),
    page: (from: number, to: number): Promise<readonly Sealed[]> =>
      worker.call('page', { from, to }),
    verifyStep: (from: Head) => worker.call('verify', from),
    async putSnapshot(snapshot: StoredSnapshot): Promise<void> {
      await worker.call('putSnapshot', await packed(snapshot));
    },
    async snapshot(atSeq: number): Promise<StoredSnapshot | undefined> {
      const found = await worker.call('snapshot', atSeq);
      return found && (await unpacked(found));
    },
    identities: () => worker.call('identities', undefined),
    async close(): Promise<void> {
      try {
        await worker.call('close', undefined);
      } finally {
        await worker.ended();
      }
    },
  };
}

async function packed({ seq, hash, body }: StoredSnapshot): Promise<PackedSnapshot> {
  const bytes = Buffer.from(body);
  if (bytes.length <= PACK_ABOVE) return { seq, hash, codec: 'json', body: bytes };
  return { seq, hash, codec: 'gzip', body: await pack(bytes, { level: 1 }) };
}

async function unpacked({ seq, hash, codec, body }: PackedSnapshot): Promise<StoredSnapshot> {
  const bytes = codec === 'gzip' ? await unpack(body) : Buffer.from(body);
  return { seq, hash, body: bytes.toString() };
}
