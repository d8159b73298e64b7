/** What the measurements of all connectors share: the list of questions, and what samples say. */
import { pause, type Clock } from '../../lib/clock.ts';
import type { Finding, FindingValue, LearnOptions } from '../connector.ts';

export type Answer = Pick<Finding, 'how' | 'unit' | 'samples'> & { readonly value: FindingValue };

const SAMPLES_MAX = 200;

/** Every question has one finding in the end, in the order of the table. */
export class FindingBook<Id extends string> {
  private readonly questions: Readonly<Record<Id, string>>;
  private readonly findings = new Map<string, Finding>();

  constructor(questions: Readonly<Record<Id, string>>) {
    this.questions = questions;
  }

  measured(id: Id, answer: Answer): void {
    const { samples } = answer;
    const question = this.questions[id];
    const few = samples === undefined ? {} : { samples: samples.slice(0, SAMPLES_MAX) };
    this.findings.set(id, { id, question, status: 'measured', ...answer, ...few });
  }

  missed(id: Id, how: string, needed: string): void {
    const question = this.questions[id];
    this.findings.set(id, { id, question, status: 'not_measured', how, needed });
  }

  /** What has no answer yet was not measured for this reason. */
  missedRest(how: string, needed: string, ids: readonly Id[] = this.ids()): void {
    for (const id of ids) if (!this.findings.has(id)) this.missed(id, how, needed);
  }

  list(): readonly Finding[] {
    return this.ids().flatMap((id) => this.findings.get(id) ?? []);
  }

  private ids(): readonly Id[] {
    return Object.keys(this.questions).filter((id): id is Id => Object.hasOwn(this.questions, id));
  }
}

/** Thrown by a wait when somebody wants the measurements to end. */
export class LearningStopped extends Error {
  override readonly name = 'LearningStopped';
}

const STEP_MS = 1_000;

/** Waits in steps, so that it can be ended. Rejects with `LearningStopped`. */
export async function waitUnlessStopped(
  clock: Clock,
  ms: number,
  options: Pick<LearnOptions, 'isStopped'>,
): Promise<void> {
  const end = clock.monotonic() + ms;
  for (;;) {
    if (options.isStopped()) throw new LearningStopped('stopped');
    const left = end - clock.monotonic();
    if (left <= 0) return;
    await pause(clock, Math.min(STEP_MS, left));
  }
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
}

/** Of whole numbers; undefined without any. The median of an even number is the upper one. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.map(Math.round).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  if (sorted.length === 0) return undefined;
  return { median: at(0.5), p95: at(0.95), min: at(0), max: at(1), samples: sorted.length };
}

/** How often each word comes. */
export function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
