/**
 * The journal contract: one append-only log a tenant, and the only place where state is kept.
 *
 * J1  A record whose `durable` promise resolved survives a crash and a power cut.
 * J2  Records come back in the order of their sequence numbers, without gaps, byte for byte.
 * J3  Each record carries the hash of the one before; `verify` finds any change, deletion,
 *     insertion or reordering. A torn tail is cut back to the last whole record and reported.
 * J4  After a failed flush the journal refuses everything: it never retries and hopes.
 * J5  Names and account ids live in a side table keyed by agent id; forgetting one leaves the
 *     chain intact.
 * J6  One owner at a time: once another process has opened the log, everything that this one still
 *     tries is refused with JOURNAL_LOCKED, and `holdsForMs` tells beforehand how long that cannot
 *     happen yet.
 */
import type { AgentId } from '../model/ids.ts';
import type { Json } from '../lib/json.ts';

export const RECORD_KINDS = [
  'epoch',
  'policy',
  'directory',
  'observed',
  'missing',
  'noticed',
  'feed',
  'decided',
  'sent',
  'outcome',
  'tick',
  'operator',
] as const;

export type RecordKind = (typeof RECORD_KINDS)[number];

/** What is handed to `append`. */
export interface Entry {
  readonly kind: RecordKind;
  /** Logical time, epoch ms: the `now` that the core saw. */
  readonly at: number;
  readonly agent?: AgentId;
  /** Canonicalised (sorted keys) before it is hashed and stored. */
  readonly body: Json;
}

export interface JournalRecord extends Entry {
  /** 1, 2, 3, … */
  readonly seq: number;
  /** Format version of the record. */
  readonly format: number;
  /** Lower-case hex SHA-256 over (previous hash, seq, format, kind, at, agent, canonical body). */
  readonly hash: string;
}

export interface Head {
  /** 0 when the journal is empty. */
  readonly seq: number;
  /** 64 zeros when the journal is empty. */
  readonly hash: string;
}

/** State of the fold after record `seq`; bounds start-up. */
export interface Snapshot {
  readonly seq: number;
  readonly hash: string;
  readonly body: Json;
}

export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  /** First sequence number that does not verify. */
  readonly brokenAt?: number;
  readonly detail: string;
}

export interface Journal {
  /** Takes the record into the next group commit and returns its sequence number at once. */
  append(entry: Entry): number;
  /** Resolves when every record up to and including `seq` is durable. Rejects with `JournalError`. */
  durable(seq: number): Promise<void>;
  head(): Head;
  /**
   * For how many ms from now this process surely still owns the log: what is left of its lease, or
   * Infinity where the lock lasts as long as the process.
   */
  holdsForMs(): number;
  /** Durable records with `from <= seq <= to`, in order; appended ones are flushed first. */
  read(from?: number, to?: number): AsyncIterable<JournalRecord>;
  /** Stores a snapshot; older ones may be dropped. Resolves when it is durable. */
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  /** The newest snapshot that is at or before `atSeq` (default: the head) and whose hash matches. */
  loadSnapshot(atSeq?: number): Promise<Snapshot | undefined>;
  /** Side table of identifiers. */
  remember(agent: AgentId, identity: Json): Promise<void>;
  forget(agent: AgentId): Promise<void>;
  identities(): Promise<ReadonlyMap<AgentId, Json>>;
  verify(): Promise<Verification>;
  /** Flushes and closes. */
  close(): Promise<void>;
}

export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code:
    | 'JOURNAL_FULL'
    | 'JOURNAL_IO'
    | 'JOURNAL_CORRUPT'
    | 'JOURNAL_CLOSED'
    | 'JOURNAL_LOCKED'
    | 'JOURNAL_FOREIGN';
  /** What to do, in words. */
  readonly fix: string;

  constructor(code: JournalError['code'], message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}
