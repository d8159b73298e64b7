/** What the rounds of writing say. */
import { spreadOf, tally, type FindingBook } from '../kit/learning.ts';
import type { Look } from './learn-lab.ts';
import type { TeamsQuestion } from './learn-questions.ts';
import type { Trace } from './learn-rounds.ts';

type Book = FindingBook<TeamsQuestion>;

export function judgeRounds(book: Book, trace: Trace): void {
  judgeFreshness(book, trace);
  judgeEcho(book, trace);
  judgeSequence(book, trace);
}

function judgeFreshness(book: Book, { rounds }: Trace): void {
  const set = rounds.flatMap(({ setMs }) => setMs ?? []);
  const cleared = rounds.flatMap(({ clearedMs }) => clearedMs ?? []);
  const spread = spreadOf([...set, ...cleared]);
  if (spread === undefined) {
    const needed = 'Let the test user choose Reset status in Teams, then run it again.';
    book.missed('teams.freshness', 'no write was shown within a minute', needed);
    return;
  }
  book.measured('teams.freshness', {
    value: { ...spread, notShown: 2 * rounds.length - spread.samples },
    unit: 'ms',
    how: 'from the accepted write to the answer of the first read that showed it, reading about every 150 ms; setting and clearing alike',
    samples: [...set, ...cleared].map(Math.round),
  });
}

function judgeEcho(book: Book, { rounds }: Trace): void {
  book.measured('teams.call_echo', {
    value: tally(rounds.map(({ echo }) => echo)),
    unit: 'rounds',
    how: 'exact: Busy/InACall at once; busy_first: Busy/Busy before it; busy_only: Busy/Busy for ten seconds; the samples are ms until Busy/InACall',
    samples: rounds.flatMap(({ exactMs }) => (exactMs === undefined ? [] : [Math.round(exactMs)])),
  });
}

function judgeSequence(book: Book, { looks, again }: Trace): void {
  const stamped = looks.filter(({ stamp }) => stamp !== undefined);
  if (stamped.length === 0) {
    const needed = 'Nothing: Lockstep orders reads by their time then.';
    book.missed('teams.sequence', 'the test user’s presence has no sequenceNumber', needed);
    return;
  }
  const counts = { changes: 0, forwards: 0, backwards: 0, stays: 0, movesWithoutChange: 0 };
  for (const [index, look] of stamped.entries()) {
    const last = stamped[index - 1];
    if (last !== undefined) countStep(counts, last, look);
  }
  const moves = again && (again.before.stamp === again.after.stamp ? 'stays' : 'moves');
  book.measured('teams.sequence', {
    value: {
      sortable: counts.backwards === 0 && counts.stays === 0,
      ...counts,
      writtenAgain: moves ?? 'not tried',
    },
    unit: 'reads',
    how: 'the numbers of reads one after the other were compared as texts; at the end the same value was written again',
  });
}

type Counts = Record<'changes' | 'forwards' | 'backwards' | 'stays' | 'movesWithoutChange', number>;

function countStep(counts: Counts, last: Look, look: Look): void {
  const before = last.stamp ?? '';
  const after = look.stamp ?? '';
  const add = (key: keyof Counts): void => {
    Object.assign(counts, { [key]: counts[key] + 1 });
  };
  if (last.pair === look.pair) {
    if (before !== after) add('movesWithoutChange');
    return;
  }
  add('changes');
  if (after > before) add('forwards');
  else add(after === before ? 'stays' : 'backwards');
}
