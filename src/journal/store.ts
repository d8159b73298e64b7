/**
 * The store port: what a place that keeps records must be able to do. `group-commit.ts` makes a
 * journal of any store; `memory.ts` and `sqlite.ts` are the two that exist.
 *
 * S1  `commit` is all or nothing, and resolves only when the batch is durable.
 * S2  `page` and `snapshot` never hand out what does not fit the chain: they reject with
 *     JOURNAL_CORRUPT, or answer with less.
 * S3  Calls are answered in the order in which they were made.
 */
import type { AgentId } from '../model/ids.ts';
import type { Sealed } from './chain.ts';
import type { Head } from './journal.ts';

/** A line of the side table; `identity` is canonical JSON, null asks to forget the agent. */
export interface IdentityEdit {
  readonly agent: AgentId;
  readonly identity: string | null;
}

export interface Batch {
  readonly records: readonly Sealed[];
  readonly identities: readonly IdentityEdit[];
}

export interface StoredSnapshot {
  readonly seq: number;
  readonly hash: string;
  /** Canonical JSON. */
  readonly body: string;
}

/** One bounded piece of a verification. */
export interface VerifyStep {
  readonly head: Head;
  readonly records: number;
  readonly done: boolean;
  readonly broken?: { readonly at: number; readonly detail: string };
}

export interface Store {
  commit(batch: Batch): Promise<void>;
  /** The first records with `from <= seq <= to`, bounded; empty only when there is none. */
  page(from: number, to: number): Promise<readonly Sealed[]>;
  /** Verifies a piece of the chain after `from`; the last piece also checks head and snapshots. */
  verifyStep(from: Head): Promise<VerifyStep>;
  /** Keeps the snapshot and the `SNAPSHOTS_KEPT - 1` before it. */
  putSnapshot(snapshot: StoredSnapshot): Promise<void>;
  /** The newest at or before `atSeq` that fits the chain. */
  snapshot(atSeq: number): Promise<StoredSnapshot | undefined>;
  identities(): Promise<readonly IdentityEdit[]>;
  /** Absent where the lock lasts as long as the process. */
  holdsForMs?(): number;
  close(): Promise<void>;
}

export const SNAPSHOTS_KEPT = 3;

/** Bounds of one page; a single record may be longer. The first is a power of two. */
export const PAGE_RECORDS = 512;
export const PAGE_BYTES = 1024 * 1024;
