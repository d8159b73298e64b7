/** The one table from what SQLite and the disk report to what an operator can do about it. Pure. */
import { JournalError } from './journal.ts';

/** An error of the driver: `code` is SQLite's primary result code, 0 when it is not SQLite's. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Reaction = readonly [code: JournalError['code'], problem: string, fix: string];

const LOCKED: Reaction = [
  'JOURNAL_LOCKED',
  'is in use by another process',
  'Stop the other Lockstep process, or give this one a journal of its own. The lock of a dead process does not linger: something alive holds it.',
];
const READ_ONLY: Reaction = [
  'JOURNAL_IO',
  'cannot be written: the file, its folder or the file system is read-only',
  'Give the user that runs Lockstep the right to write the file and its folder, or remount the file system for writing; then start Lockstep again.',
];
const FULL: Reaction = [
  'JOURNAL_IO',
  'cannot grow: the disk is full, or the journal has reached its largest size',
  'Free space on the disk or raise the limit; then start Lockstep again.',
];
const UNREACHABLE: Reaction = [
  'JOURNAL_IO',
  'cannot be opened',
  'Check that the path names a file, that its folder exists, and that the user that runs Lockstep may write there.',
];
const DAMAGED: Reaction = [
  'JOURNAL_CORRUPT',
  'is damaged, or is not a journal',
  'Restore the journal from a backup, or move it aside: Lockstep then rebuilds its state from the platforms.',
];
const BROKEN_DISK: Reaction = [
  'JOURNAL_IO',
  'could not be read or written',
  'Check the disk and the system log; then start Lockstep again. Nothing that was acknowledged depends on the failed write.',
];

/** Result codes: https://www.sqlite.org/rescode.html */
const REACTIONS: ReadonlyMap<number, Reaction> = new Map([
  // The statements are fixed, so an SQL error means that the tables are not as they were made.
  [1, DAMAGED],
  [3, READ_ONLY],
  [5, LOCKED],
  [6, LOCKED],
  [8, READ_ONLY],
  [11, DAMAGED],
  [13, FULL],
  [14, UNREACHABLE],
  [26, DAMAGED],
]);

/** Turns whatever was thrown at the journal `path` into a `JournalError` in clear words. */
export function journalFailure(path: string, error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const code = error instanceof SqliteFailure ? error.code : 0;
  const cause = error instanceof Error ? error.message : String(error);
  const [kind, problem, fix] = REACTIONS.get(code) ?? BROKEN_DISK;
  return new JournalError(kind, `The journal ${path} ${problem} (${cause}).`, fix);
}
