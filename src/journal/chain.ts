/**
 * The hash chain: how an entry becomes a record, and how a run of records is checked. Pure.
 *
 * C1  hash = SHA-256 over three lines: the previous hash; the JSON list [seq, format, kind, at,
 *     agent or null]; the canonical body. Nothing else decides it, so anyone can recompute it.
 * C2  The chain starts at `GENESIS`: sequence number 0 and 64 zeros.
 * C3  The body is kept as its canonical text from the moment of sealing: what was hashed is what
 *     is stored, whatever the caller does to the object afterwards.
 */
import { hash as digest } from 'node:crypto';
import { canonical } from '../lib/json.ts';
import type { Json } from '../lib/json.ts';
import type { AgentId } from '../model/ids.ts';
import { JournalError, RECORD_KINDS } from './journal.ts';
import type { Entry, Head, JournalRecord, RecordKind } from './journal.ts';

/** Version of the record's layout and of its hash. */
const FORMAT = 1;

export const GENESIS: Head = { seq: 0, hash: '0'.repeat(64) };

/** Longest canonical body of one record, in characters. */
const MAX_BODY = 16 * 1024 * 1024;

/** A record as it is hashed and stored: the body as canonical text. */
export interface Sealed {
  readonly seq: number;
  readonly format: number;
  readonly kind: RecordKind;
  readonly at: number;
  readonly agent: AgentId | null;
  readonly body: string;
  readonly hash: string;
}

export interface SequenceCheck {
  /** The last record that verified. */
  readonly head: Head;
  readonly records: number;
  readonly broken?: { readonly at: number; readonly detail: string };
}

export function recordHash(previous: string, record: Omit<Sealed, 'hash'>): string {
  const facts = [record.seq, record.format, record.kind, record.at, record.agent];
  return digest('sha256', `${previous}\n${JSON.stringify(facts)}\n${record.body}`, 'hex');
}

/** Puts `entry` after `previous`. Throws `RangeError` for an entry that no journal can hold. */
export function seal(previous: Head, entry: Entry): Sealed {
  if (!Number.isFinite(entry.at)) {
    throw new RangeError(`entry.at: ${entry.at} is not a time; give epoch milliseconds`);
  }
  if (entry.agent !== undefined) checkAgent('entry.agent', entry.agent);
  const body = boundedText('entry.body', entry.body, MAX_BODY);
  const seq = previous.seq + 1;
  const { kind, agent = null } = entry;
  // Adding 0 turns -0 into 0: no store gives a negative zero back.
  const at = entry.at + 0;
  const hash = recordHash(previous.hash, { seq, format: FORMAT, kind, at, agent, body });
  return { seq, format: FORMAT, kind, at, agent, body, hash };
}

export function unseal(record: Sealed): JournalRecord {
  const { seq, format, kind, at, agent, hash } = record;
  const body = parseJson(record.body);
  if (agent === null) return { seq, format, kind, at, body, hash };
  return { seq, format, kind, at, agent, body, hash };
}

/** Why `record` cannot stand after `previous`; undefined when it can. */
export function faultAfter(previous: Head, record: Sealed): string | undefined {
  const expected = previous.seq + 1;
  if (record.seq !== expected) return `expected record ${expected}, found record ${record.seq}`;
  if (record.format !== FORMAT) return `record ${expected} has the unknown format ${record.format}`;
  if (!RECORD_KINDS.includes(record.kind)) return `record ${expected} is of no known kind`;
  if (record.hash !== recordHash(previous.hash, record)) {
    return `record ${expected} does not match its hash`;
  }
  return undefined;
}

/** Walks `records` from `start` and stops at the first that does not fit. */
export function verifySequence(start: Head, records: Iterable<Sealed>): SequenceCheck {
  let head = start;
  let count = 0;
  for (const record of records) {
    const detail = faultAfter(head, record);
    if (detail !== undefined) {
      return { head, records: count, broken: { at: head.seq + 1, detail } };
    }
    head = { seq: record.seq, hash: record.hash };
    count += 1;
  }
  return { head, records: count };
}

/** Canonical text of `value`, or a `RangeError` naming the field when it is too long. */
export function boundedText(field: string, value: Json, limit: number): string {
  const text = canonical(value);
  if (text.length > limit) {
    throw new RangeError(
      `${field}: ${text.length} characters of JSON, the limit is ${limit}; split it into parts`,
    );
  }
  return text;
}

export function parseJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (isJson(value)) return value;
  throw new TypeError('not JSON');
}

/** Holds for whatever `JSON.parse` returns; the parser has done the checking. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

/** Agent ids are stored as plain text: a zero character or half a surrogate would not survive. */
export function checkAgent(field: string, agent: AgentId): void {
  if (agent.length > 0 && agent.length <= 256 && !/[\0\p{Surrogate}]/u.test(agent)) return;
  throw new RangeError(
    `${field}: ${JSON.stringify(agent.slice(0, 300))} cannot be stored; give 1 to 256 characters of well-formed text`,
  );
}

export function brokenChain(detail: string): JournalError {
  return new JournalError(
    'JOURNAL_CORRUPT',
    `The journal is damaged: ${detail}.`,
    'Restore the journal from a backup, or move it aside: Lockstep then rebuilds its state from the platforms.',
  );
}

export function foreignSnapshot(seq: number): JournalError {
  return new JournalError(
    'JOURNAL_CORRUPT',
    `The snapshot at record ${seq} does not carry the hash of that record.`,
    'Rebuild the state from this journal; the snapshot belongs to another one.',
  );
}
