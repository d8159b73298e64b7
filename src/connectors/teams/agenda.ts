/**
 * Who is to be read when. Times are monotonic ms and are handed in.
 *
 * Q1  An account is in at most one read at a time.
 * Q2  Those who are overdue longest come first.
 * Q3  An account that spoiled a whole read is asked for alone until it is known again.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Interest } from '../connector.ts';
import type { Cadence, Crowd, Periods } from './cadence.ts';
import type { Seen } from './stamps.ts';

export interface Entry {
  /** The account in lower case: object ids are compared without regard to case. */
  readonly key: string;
  /** As the engine writes it. */
  readonly account: AccountId;
  interest: Interest;
  due: number;
  /** Reads in a row in which the platform did not know it. */
  misses: number;
  /** It spoiled a read: never mixed with others. */
  alone: boolean;
  /** Read since the feed came up the last time. */
  answered: boolean;
  /** When the last delivered read began. */
  readAt: number;
  seen: Seen | undefined;
  /** The newest content that a notification brought. */
  pushed: { readonly stamp: string; readonly at: number } | undefined;
  /** When we last wrote to it. */
  wroteAt: number;
  /** In a read, or waiting for one half of it. */
  flying: boolean;
}

const MISSES_FREE = 2;
/** Whoever spoils no read costs nothing to ask for: a licence may be back at any time. */
const ABSENT_MAX_MS = 60_000;

export class Agenda {
  readonly #cadence: Cadence;
  readonly #entries = new Map<string, Entry>();
  #periods: Periods;

  constructor(cadence: Cadence) {
    this.#cadence = cadence;
    this.#periods = { hot: cadence.hotMs, warm: cadence.warmMs, cold: cadence.coldMs };
  }

  /** Replaces the accounts; those who stay keep their history. */
  replace(interest: ReadonlyMap<AccountId, Interest>, now: number): void {
    const kept = new Set<string>();
    for (const [account, wanted] of interest) {
      const key = keyOf(account);
      kept.add(key);
      const entry = this.#entries.get(key);
      if (entry === undefined) this.#entries.set(key, newEntry(account, wanted, now));
      else {
        entry.interest = wanted;
        entry.due = Math.min(entry.due, now + this.#periodOf(entry));
      }
    }
    for (const key of this.#entries.keys()) if (!kept.has(key)) this.#entries.delete(key);
  }

  pace(periods: Periods): void {
    this.#periods = periods;
  }

  /** Makes these due now; those in a read are read again after it. */
  hasten(accounts: readonly AccountId[], now: number): void {
    for (const account of accounts) {
      const entry = this.find(account);
      if (entry !== undefined) entry.due = Math.min(entry.due, now);
    }
  }

  find(account: AccountId): Entry | undefined {
    return this.#entries.get(keyOf(account));
  }

  /** False when it was taken off, or taken off and added anew. */
  holds(entry: Entry): boolean {
    return this.#entries.get(entry.key) === entry;
  }

  accounts(): readonly AccountId[] {
    return [...this.#entries.values()].map((entry) => entry.account);
  }

  /** When the next account falls due; undefined when nobody waits. */
  nextDue(): number | undefined {
    let first = Infinity;
    for (const entry of this.#entries.values()) {
      if (!entry.flying && entry.due < first) first = entry.due;
    }
    return first === Infinity ? undefined : first;
  }

  /** Takes the accounts for one read that begins now. They are out of reach until `release`. */
  take(now: number): readonly Entry[] {
    const waiting: Entry[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.flying && this.#isWanted(entry, now)) waiting.push(entry);
    }
    waiting.sort((a, b) => a.due - b.due);
    const first = waiting.at(0);
    if (first === undefined || first.due > now) return [];
    const batch = first.alone
      ? [first]
      : waiting.filter((entry) => !entry.alone).slice(0, this.#cadence.batch);
    for (const entry of batch) {
      entry.flying = true;
      entry.due = now + this.#periodOf(entry);
    }
    return batch;
  }

  release(batch: readonly Entry[]): void {
    for (const entry of batch) entry.flying = false;
  }

  /** Puts a batch back that brought nothing: it stays as overdue as it was. */
  giveBack(batch: readonly Entry[], now: number): void {
    this.release(batch);
    for (const entry of batch) entry.due = Math.min(entry.due, now);
  }

  /** The platform did not know it. */
  missed(entry: Entry, now: number): void {
    entry.misses += 1;
    entry.due = Math.max(entry.due, now + this.#periodOf(entry));
  }

  crowd(): Crowd {
    const crowd = { hot: 0, warm: 0, cold: 0 };
    for (const entry of this.#entries.values()) crowd[entry.interest] += 1;
    return crowd;
  }

  unanswered(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (!entry.answered) count += 1;
    return count;
  }

  /** The feed was down: everybody has to be read before it is up to date again. */
  forgetAnswers(): void {
    for (const entry of this.#entries.values()) entry.answered = false;
  }

  #isWanted(entry: Entry, now: number): boolean {
    return entry.due <= now + this.#cadence.early * this.#periodOf(entry);
  }

  #periodOf(entry: Entry): number {
    const period = this.#periods[entry.interest];
    const doublings = Math.max(0, entry.misses - MISSES_FREE);
    if (doublings === 0) return period;
    const most = entry.alone ? this.#cadence.missingMaxMs : ABSENT_MAX_MS;
    return Math.max(period, Math.min(most, period * 2 ** doublings));
  }
}

function keyOf(account: AccountId): string {
  return account.toLowerCase();
}

function newEntry(account: AccountId, interest: Interest, now: number): Entry {
  return {
    key: keyOf(account),
    account,
    interest,
    due: now,
    misses: 0,
    alone: false,
    answered: false,
    readAt: -Infinity,
    seen: undefined,
    pushed: undefined,
    wroteAt: -Infinity,
    flying: false,
  };
}
