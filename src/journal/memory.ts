/**
 * The journal in memory: the whole contract, without threads, timers or files, so that a run under
 * a virtual clock is exact. A record is durable some microtasks after its append.
 *
 * M1  What is durable is on the `MemoryDisk` and nowhere else. Opening a disk again is a restart:
 *     records that were not yet flushed are gone, as after a crash.
 * M2  A disk has one writer. Opening it again fences the journal that had it before, whose next
 *     access fails with JOURNAL_LOCKED.
 */
import type { AgentId } from '../model/ids.ts';
import { GENESIS, brokenChain, foreignSnapshot, verifySequence } from './chain.ts';
import type { Sealed } from './chain.ts';
import { GroupCommitJournal } from './group-commit.ts';
import type { CommitOptions } from './group-commit.ts';
import { JournalError } from './journal.ts';
import type { Head, Journal } from './journal.ts';
import { PAGE_RECORDS, SNAPSHOTS_KEPT } from './store.ts';
import type { Batch, IdentityEdit, Store, StoredSnapshot, VerifyStep } from './store.ts';

/** What a memory journal keeps; hand the same one to a second journal to restart from it. */
export interface MemoryDisk {
  records: Sealed[];
  snapshots: StoredSnapshot[];
  readonly identities: Map<AgentId, string>;
  /** Counts the openings; the newest owns the disk. */
  owner: number;
}

export interface MemoryOptions extends CommitOptions {
  readonly disk?: MemoryDisk;
  /**
   * Called before a batch is kept, with its first and last sequence number (0 and 0 when it holds
   * identities only). Throwing fails the flush; a promise holds it up.
   */
  readonly beforeFlush?: (first: number, last: number) => void | Promise<void>;
}

export function createMemoryDisk(): MemoryDisk {
  return { records: [], snapshots: [], identities: new Map(), owner: 0 };
}

export function createMemoryJournal(options: MemoryOptions = {}): Journal {
  const disk = options.disk ?? createMemoryDisk();
  const store = createMemoryStore(disk, options.beforeFlush);
  return new GroupCommitJournal(store, 'in memory', headOf(disk), options);
}

function createMemoryStore(disk: MemoryDisk, beforeFlush: MemoryOptions['beforeFlush']): Store {
  disk.owner += 1;
  const me = disk.owner;
  return {
    async commit({ records, identities }: Batch): Promise<void> {
      await beforeFlush?.(records[0]?.seq ?? 0, records.at(-1)?.seq ?? 0);
      checkOwner(disk, me);
      for (const record of records) disk.records.push(record);
      for (const edit of identities) applyEdit(disk, edit);
    },
    async page(from: number, to: number): Promise<readonly Sealed[]> {
      checkOwner(disk, me);
      const page = disk.records.slice(from - 1, Math.min(to, from - 1 + PAGE_RECORDS));
      const { broken } = verifySequence(headAt(disk, from - 1), page);
      if (broken !== undefined) throw brokenChain(broken.detail);
      return page;
    },
    async verifyStep(from: Head): Promise<VerifyStep> {
      checkOwner(disk, me);
      const page = disk.records.slice(from.seq, from.seq + PAGE_RECORDS);
      return { ...verifySequence(from, page), done: page.length < PAGE_RECORDS };
    },
    async putSnapshot(snapshot: StoredSnapshot): Promise<void> {
      checkOwner(disk, me);
      if (headAt(disk, snapshot.seq).hash !== snapshot.hash) throw foreignSnapshot(snapshot.seq);
      const others = disk.snapshots.filter(({ seq }) => seq !== snapshot.seq);
      disk.snapshots = [...others, snapshot].sort((a, b) => b.seq - a.seq).slice(0, SNAPSHOTS_KEPT);
    },
    async snapshot(atSeq: number): Promise<StoredSnapshot | undefined> {
      checkOwner(disk, me);
      return disk.snapshots.find((s) => s.seq <= atSeq && headAt(disk, s.seq).hash === s.hash);
    },
    async identities(): Promise<readonly IdentityEdit[]> {
      checkOwner(disk, me);
      return [...disk.identities].map(([agent, identity]) => ({ agent, identity }));
    },
    close: () => Promise.resolve(),
  };
}

function applyEdit(disk: MemoryDisk, { agent, identity }: IdentityEdit): void {
  if (identity === null) disk.identities.delete(agent);
  else disk.identities.set(agent, identity);
}

function headOf(disk: MemoryDisk): Head {
  return headAt(disk, disk.records.length);
}

function headAt(disk: MemoryDisk, seq: number): Head {
  const record = disk.records[seq - 1];
  return record === undefined ? GENESIS : { seq: record.seq, hash: record.hash };
}

function checkOwner(disk: MemoryDisk, me: number): void {
  if (disk.owner === me) return;
  throw new JournalError(
    'JOURNAL_LOCKED',
    'The journal in memory was opened again elsewhere.',
    'Use the journal that was opened last, or give each its own disk.',
  );
}
