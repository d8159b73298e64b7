/**
 * The sweep: reads everybody's presence in blocks, those often whom a change could affect now.
 *
 * S1  Every read waits for the budget and is counted by it before it is sent.
 * S2  An account is in one read at a time, so that answers cannot overtake one another.
 * S3  `asOf` is the moment before the request is sent.
 * S4  One id that spoils a whole read is found by halving; the others are read all the same. When
 *     nothing but refusals comes, the fault is not an id, and the search ends.
 * S5  Nothing is told after `stop`.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Timer } from '../../lib/clock.ts';
import type { Budget, Interest, Seams, Sink } from '../connector.ts';
import { Agenda, type Entry } from './agenda.ts';
import { BYTES_PER_ID_AT_FIRST, periodsFor, type Quota } from './cadence.ts';
import { digest, type Answered, type Began } from './digest.ts';
import type { TeamsSetup } from './options.ts';
import { pushedObservation } from './pushed.ts';
import { readPresences, type ReadParts } from './reader.ts';
import { Stamps } from './stamps.ts';
import { Vitals } from './vitals.ts';
import type { WirePresence } from './wire.ts';
import { isObjectId } from './write.ts';

export interface SweepParts {
  readonly setup: Pick<TeamsSetup, 'cadence' | 'unknownUsers'>;
  readonly seams: Pick<Seams, 'clock' | 'random' | 'log'>;
  readonly read: ReadParts;
  readonly sink: Sink;
  readonly budget: Budget;
  readonly vitals: Vitals;
  readonly quota: Quota;
  /** Told of accounts whose presence a read has found changed. */
  readonly changed?: (account: AccountId) => void;
}

const PAUSE_MS = { first: 1_000, most: 30_000, blocked: 60_000, throttled: 2_000 } as const;
/** A block of 650 is halved ten times; more refusals in a row than this are not about ids. */
const OBJECTIONS_MAX = 16;
const EWMA_WEIGHT = 0.2;
const WHOLE_READ = 100;

export class Sweep {
  readonly #parts: SweepParts;
  readonly #agenda: Agenda;
  readonly #stamps: Stamps;
  /** Halves of reads that were objected to; the next to be read is the last. */
  readonly #suspects: (readonly Entry[])[] = [];
  /** Accounts that cannot be object ids: told once, never asked for. */
  #odd: ReadonlySet<AccountId> = new Set();
  #timer: Timer | undefined;
  #asking = false;
  #reading = 0;
  #nextStart = 0;
  #restUntil = 0;
  #pauseMs: number = PAUSE_MS.first;
  #objections = 0;
  #bytesPerId = BYTES_PER_ID_AT_FIRST;
  #isOpen = false;
  #stopped = false;

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#agenda = new Agenda(parts.setup.cadence);
    this.#stamps = new Stamps((why) => {
      parts.sink.count('stamps_unusable');
      parts.seams.log.warn('sequence numbers are not used any more', { why });
    });
  }

  /** Signed in: reading may begin. */
  open(): void {
    if (this.#stopped) return;
    this.#isOpen = true;
    this.#parts.vitals.worked(this.#agenda.unanswered());
    this.#pump();
  }

  watch(interest: ReadonlyMap<AccountId, Interest>): void {
    if (this.#stopped) return;
    const usable = new Map<AccountId, Interest>();
    const odd = new Set<AccountId>();
    for (const [account, eagerness] of interest) {
      if (isObjectId(account)) usable.set(account, eagerness);
      else odd.add(account);
    }
    const fresh = [...odd].filter((account) => !this.#odd.has(account));
    this.#odd = odd;
    if (fresh.length > 0) this.#parts.sink.missing(fresh, this.#parts.seams.clock.now());
    this.#agenda.replace(usable, this.#now());
    this.#pace();
    this.#pump();
  }

  look(accounts: readonly AccountId[]): void {
    if (this.#stopped) return;
    this.#agenda.hasten(accounts, this.#now());
    this.#pump();
  }

  /** A write of ours to it is on its way, or has just been answered. */
  wrote(account: AccountId): void {
    const entry = this.#agenda.find(account);
    if (entry !== undefined) entry.wroteAt = this.#now();
  }

  /** What a notification brought; false when it is only a reason to read. */
  offer(account: AccountId, wire: WirePresence, asOf: number): boolean {
    const entry = this.#agenda.find(account);
    if (entry === undefined || this.#stopped) return false;
    const arrival = { stamps: this.#stamps, asOf, now: this.#now() };
    const observation = pushedObservation(entry, wire, arrival);
    if (observation !== undefined) this.#parts.sink.observe([observation]);
    return observation !== undefined;
  }

  accounts(): readonly AccountId[] {
    return this.#agenda.accounts();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Starts a read when one is due and may start, or sets the alarm for it. */
  #pump(): void {
    const { cadence } = this.#parts.setup;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped || !this.#isOpen) return;
    if (this.#asking || this.#reading >= cadence.concurrent) return;
    const due = this.#suspects.length > 0 ? 0 : this.#agenda.nextDue();
    if (due === undefined) return;
    const now = this.#now();
    const at = Math.max(due, this.#nextStart, this.#restUntil);
    if (at > now) {
      this.#timer = this.#parts.seams.clock.after(Math.ceil(at - now), () => this.#pump());
      return;
    }
    this.#asking = true;
    void this.#begin();
  }

  async #begin(): Promise<void> {
    await this.#parts.budget.read();
    this.#asking = false;
    if (this.#stopped) return;
    const now = this.#now();
    this.#nextStart = now + this.#parts.setup.cadence.spacingMs;
    const batch = this.#suspects.pop() ?? this.#agenda.take(now);
    if (batch.length > 0) {
      this.#reading += 1;
      void this.#read(batch).finally(() => {
        this.#reading -= 1;
        this.#pump();
      });
    }
    this.#pump();
  }

  async #read(batch: readonly Entry[]): Promise<void> {
    const began = this.#beginning();
    const accounts = batch.map((entry) => entry.account);
    const result = await readPresences(this.#parts.read, accounts);
    if (this.#stopped) return;
    switch (result.kind) {
      case 'answered':
        this.#onAnswer(batch, result, began);
        break;
      case 'objected':
        this.#onObjection(batch, result.detail, began.asOf);
        break;
      case 'throttled':
        this.#parts.sink.count('read_throttled');
        this.#parts.budget.throttled(result.retryAfterMs);
        this.#parts.vitals.throttled();
        this.#rest(batch, result.retryAfterMs ?? PAUSE_MS.throttled);
        break;
      case 'blocked':
        this.#parts.sink.count('read_refused');
        this.#parts.vitals.authBlocked(result.detail, result.action);
        this.#agenda.forgetAnswers();
        this.#rest(batch, PAUSE_MS.blocked);
        break;
      case 'failed':
        this.#onFailure(batch, result.detail);
        break;
    }
  }

  #onAnswer(batch: readonly Entry[], result: Answered, began: Began): void {
    this.#objections = 0;
    this.#pauseMs = PAUSE_MS.first;
    this.#agenda.release(batch);
    this.#deliver(batch, result, began);
    // Small reads cost more per person and are the exception: they weigh less.
    const weight = EWMA_WEIGHT * Math.min(1, batch.length / WHOLE_READ);
    this.#bytesPerId += (result.bytes / batch.length - this.#bytesPerId) * weight;
    this.#pace();
    this.#parts.vitals.worked(this.#agenda.unanswered());
  }

  /** One half after the other, until the id that spoils the read stands alone. */
  #onObjection(batch: readonly Entry[], detail: string, asOf: number): void {
    const { sink, vitals } = this.#parts;
    sink.count('read_objected');
    this.#objections += 1;
    if (this.#objections > OBJECTIONS_MAX) {
      vitals.refused(detail, 'Check the cloud and the Graph address of the connection.');
      for (const half of this.#suspects.splice(0)) this.#agenda.giveBack(half, this.#now());
      this.#agenda.forgetAnswers();
      this.#rest(batch, PAUSE_MS.blocked);
      return;
    }
    const [only] = batch;
    if (batch.length > 1 || only === undefined) {
      const middle = Math.ceil(batch.length / 2);
      this.#suspects.push(batch.slice(middle), batch.slice(0, middle));
      return;
    }
    only.alone = true;
    only.answered = true;
    this.#agenda.release(batch);
    this.#agenda.missed(only, this.#now());
    if (this.#agenda.holds(only)) sink.missing([only.account], asOf);
  }

  #onFailure(batch: readonly Entry[], detail: string): void {
    const { sink, vitals, seams } = this.#parts;
    sink.count('read_failed');
    if (vitals.failed(detail)) this.#agenda.forgetAnswers();
    this.#rest(batch, this.#pauseMs * (0.5 + seams.random.next()));
    this.#pauseMs = Math.min(PAUSE_MS.most, this.#pauseMs * 2);
  }

  /** The batch brought nothing: it is due again, after a rest for all. */
  #rest(batch: readonly Entry[], pauseMs: number): void {
    const now = this.#now();
    this.#agenda.giveBack(batch, now);
    this.#restUntil = Math.max(this.#restUntil, now + pauseMs);
  }

  /** Hands on what was read; returns how many observations it was. */
  #deliver(batch: readonly Entry[], result: Answered, began: Began): number {
    const { sink, setup } = this.#parts;
    const { observations, missing, unknownWords } = digest(batch, result, {
      began,
      stamps: this.#stamps,
      unknownUsers: setup.unknownUsers,
      isWatched: (entry) => this.#agenda.holds(entry),
      changed: ({ account }) => this.#parts.changed?.(account),
    });
    if (observations.length > 0) sink.observe(observations);
    if (unknownWords > 0) sink.count('unknown_value', unknownWords);
    if (result.spoiled > 0) sink.count('unreadable_item', result.spoiled);
    for (const entry of missing) this.#agenda.missed(entry, this.#now());
    if (missing.length > 0) {
      const accounts = missing.map((entry) => entry.account);
      sink.missing(accounts, began.asOf);
    }
    return observations.length;
  }

  #pace(): void {
    const { setup, quota } = this.#parts;
    const crowd = this.#agenda.crowd();
    this.#agenda.pace(periodsFor(setup.cadence, crowd, this.#bytesPerId, quota));
  }

  #beginning(): Began {
    return { asOf: this.#parts.seams.clock.now(), readAt: this.#now() };
  }

  #now(): number {
    return this.#parts.seams.clock.monotonic();
  }
}
