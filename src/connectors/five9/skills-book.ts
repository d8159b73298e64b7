/**
 * What is known of each agent's active skills, where stops go by skill. Five9 pushes no change of
 * them to a supervisor, so they are read agent by agent, at a modest pace.
 *
 * B1  An agent whose skills are not known is told of to nobody: a ready agent without skills would
 *     pass for ready, and what we took would be taken for given back.
 * B2  With every write of ours what was known is forgotten, from its beginning, and read anew after
 *     its end, whatever became of it. A read that began before that counts for nothing.
 * B3  Lists that stop an agent are read again and again: somebody may change them.
 */
import type { Clock, Timer } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Skills } from './skills.ts';

/** Between a write of ours and the read that shows what became of it, ms. */
const SETTLE_MS = 300;
/** Between two reads of a list that stops an agent, ms. */
const AGAIN_MS = 30_000;
/** After a read that failed, ms. */
const FAILED_MS = 10_000;

export interface BookParts {
  readonly clock: Clock;
  /** Between two reads, ms. */
  readonly everyMs: number;
  /** Undefined when they cannot be read now. Never rejects. */
  readonly read: (account: AccountId) => Promise<Skills | undefined>;
  readonly isStop: (skills: Skills) => boolean;
  /** The skills of an account have been read; `asOf`: when that read began, epoch ms. */
  readonly told: (account: AccountId, asOf: number) => void;
}

export class SkillsBook {
  private readonly parts: BookParts;
  private readonly known = new Map<AccountId, Skills>();
  /** When each account is to be read, monotonic ms. */
  private readonly due = new Map<AccountId, number>();
  private watched: ReadonlySet<AccountId> = new Set();
  /** A write of ours is under way. */
  private readonly held = new Set<AccountId>();
  /** Counts what was forgotten of an account, so that an earlier read of it is left aside. */
  private readonly turns = new Map<AccountId, number>();
  private timer: Timer | undefined;
  /** Monotonic ms: no read before. */
  private earliest = 0;
  private isReading = false;
  private isStopped = false;

  constructor(parts: BookParts) {
    this.parts = parts;
  }

  of(account: AccountId): Skills | undefined {
    return this.known.get(account);
  }

  /** Replaces the accounts that are read. */
  watch(accounts: ReadonlySet<AccountId>): void {
    this.watched = accounts;
    for (const account of [...this.known.keys(), ...this.due.keys()]) {
      if (accounts.has(account)) continue;
      this.known.delete(account);
      this.due.delete(account);
    }
    for (const account of accounts) {
      const isAwaited = this.known.has(account) || this.due.has(account) || this.held.has(account);
      if (!isAwaited) this.plan(account, 0);
    }
    this.arm();
  }

  /** B2: a write begins. Until its end nothing is known. */
  hold(account: AccountId): void {
    this.known.delete(account);
    this.due.delete(account);
    this.held.add(account);
    this.turns.set(account, this.turnOf(account) + 1);
  }

  /** B2: a write has ended. */
  release(account: AccountId): void {
    this.hold(account);
    this.held.delete(account);
    if (this.watched.has(account)) this.plan(account, SETTLE_MS);
    this.arm();
  }

  /** Wants a list that is known read again soon; of the others that is on its way. */
  look(accounts: readonly AccountId[]): void {
    for (const account of accounts) if (this.known.has(account)) this.plan(account, 0);
    this.arm();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private plan(account: AccountId, inMs: number): void {
    this.due.set(account, this.parts.clock.monotonic() + inMs);
  }

  private turnOf(account: AccountId): number {
    return this.turns.get(account) ?? 0;
  }

  private arm(): void {
    this.timer?.cancel();
    const next = this.next();
    if (this.isStopped || this.isReading || next === undefined) return;
    const waitMs = Math.max(next.at, this.earliest) - this.parts.clock.monotonic();
    this.timer = this.parts.clock.after(Math.max(0, waitMs), () => void this.readNext());
  }

  /** What is awaited after a write is younger than the queue of the start, and goes first. */
  private next(): { readonly account: AccountId; readonly at: number } | undefined {
    const now = this.parts.clock.monotonic();
    let best: { account: AccountId; at: number } | undefined;
    for (const [account, at] of this.due) {
      if (this.turns.has(account) && at <= now) return { account, at };
      if (best === undefined || at < best.at) best = { account, at };
    }
    return best;
  }

  private async readNext(): Promise<void> {
    const next = this.next();
    if (next === undefined || this.isReading) return;
    const { account } = next;
    const { clock, read, isStop, told, everyMs } = this.parts;
    this.isReading = true;
    this.due.delete(account);
    const turn = this.turnOf(account);
    const asOf = clock.now();
    const skills = await read(account);
    this.isReading = false;
    this.earliest = clock.monotonic() + everyMs;
    const counts = !this.isStopped && this.watched.has(account) && turn === this.turnOf(account);
    if (counts && skills === undefined) this.plan(account, FAILED_MS);
    if (counts && skills !== undefined) {
      this.known.set(account, skills);
      this.turns.delete(account);
      if (isStop(skills)) this.plan(account, AGAIN_MS);
      told(account, asOf);
    }
    this.arm();
  }
}
