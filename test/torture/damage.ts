/** Damage to the files of a journal, what is found afterwards, and what is allowed of it. Pure. */
import type { JournalError } from '../../src/journal/journal.ts';
import type { Recovery } from '../../src/journal/sqlite-recovery.ts';

export interface Damage {
  readonly id: number;
  readonly file: 'db' | 'wal';
  readonly at: number;
  /** The bit that is turned over; without it the file ends at `at`. */
  readonly bit?: number;
  /** What lies there. */
  readonly what: string;
}

type Side = 'same' | 'fewer' | 'wrong' | 'refused';

export interface Found {
  readonly recovery: Recovery;
  readonly head: number;
  /** Records that were read, and those of them that are not what was written. */
  readonly served: number;
  readonly wrong: number;
  /** Why reading did not get all. */
  readonly stopped?: string;
  /** 0 when the chain verifies. */
  readonly brokenAt: number;
  readonly identities: Side;
  readonly snapshot: Side;
}

export interface Finding {
  readonly id: number;
  readonly refused?: Pick<JournalError, 'code' | 'message' | 'fix'>;
  readonly found?: Found;
}

export interface Files {
  readonly db: Buffer;
  readonly wal: Buffer;
}

export function spoil(files: Files, { file, at, bit }: Damage): Files {
  if (bit === undefined) return { ...files, [file]: files[file].subarray(0, at) };
  const spoiled = Buffer.from(files[file]);
  spoiled.writeUInt8(spoiled.readUInt8(at) ^ (1 << bit), at);
  return { ...files, [file]: spoiled };
}

export type Verdict =
  | 'whole'
  | 'refused'
  | 'reported'
  | 'no words'
  | 'silent loss'
  | 'wrong record'
  | 'wrong side table';

/** `records` is how many had been acknowledged. */
export function judge({ refused, found }: Finding, records: number): Verdict {
  if (refused !== undefined) return refused.fix.length > 0 ? 'refused' : 'no words';
  if (found === undefined) return 'no words';
  if (found.wrong > 0) return 'wrong record';
  const { cutBytes, cutRecords, lostRecords } = found.recovery;
  const isReported =
    cutBytes + cutRecords + lostRecords > 0 || found.brokenAt > 0 || found.stopped !== undefined;
  if (isReported) return 'reported';
  if (found.served < records) return 'silent loss';
  return found.identities === 'wrong' || found.snapshot === 'wrong' ? 'wrong side table' : 'whole';
}
