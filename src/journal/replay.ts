/**
 * Drives a fold over the journal: hands record after record to `apply`, a page in memory at a time.
 *
 * P1  `apply` sees each record from `from` to the end once, in order, without a gap, or the replay
 *     fails: it never ends quietly short of its goal.
 * P2  `apply` is synchronous, so the same journal gives the same fold, however slow the disk is.
 */
import { brokenChain } from './chain.ts';
import type { Head, Journal, JournalRecord } from './journal.ts';

interface ReplayProgress {
  /** The record applied last. */
  readonly seq: number;
  /** The record at which the replay ends. */
  readonly to: number;
}

export interface ReplayOptions {
  /** Last record to apply; default is the head at the start. */
  readonly to?: number;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Records between two reports of progress; the end is always reported. */
  readonly progressEvery?: number;
}

/** Returns where the record applied last stands; undefined when there was none to apply. */
export async function replayJournal(
  journal: Journal,
  from: number,
  apply: (record: JournalRecord) => void,
  options: ReplayOptions = {},
): Promise<Head | undefined> {
  const { onProgress, progressEvery = 10_000 } = options;
  const end = journal.head().seq;
  const to = Math.min(options.to ?? end, end);
  if (from > end + 1) throw brokenChain(`records ${end + 1} to ${from - 1} are missing`);
  let head: Head | undefined;
  let next = from;
  for await (const record of journal.read(from, to)) {
    const { seq, hash } = record;
    if (seq !== next) throw brokenChain(`record ${next} is missing`);
    apply(record);
    head = { seq, hash };
    next += 1;
    if (seq % progressEvery === 0 || seq === to) onProgress?.({ seq, to });
  }
  if (next <= to) throw brokenChain(`record ${next} is missing`);
  return head;
}
