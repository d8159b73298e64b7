/**
 * What everybody in the day shares: time, chance, the acts and the counts.
 *
 * 1. All durations are human seconds; `speed` is applied here and nowhere else.
 * 2. An act that the platform refuses is counted and never stops the day.
 * 3. After `stop` no task runs and no act is made.
 */
import type { Clock, Timer } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Five9Acts, Five9Truth } from '../acts.ts';

export interface DayCounts {
  /** Changes between Offline, Available, In a call, After-call work and Away. Ringing is Available. */
  changes: number;
  /** Calls offered by the traffic, answered, and given up because too many waited. */
  calls: number;
  answered: number;
  abandoned: number;
  /** Calls that ended otherwise than by the people: a fault, a reset, a forced logout. */
  lost: number;
  breaks: number;
  microBreaks: number;
  logins: number;
  logouts: number;
  /** Times that a person pressed Ready over a Not Ready that they did not choose. */
  overrides: number;
  teamsActs: number;
  /** Acts that a platform refused. */
  refused: number;
}

type Shown = 'offline' | 'available' | 'call' | 'wrap_up' | 'away';

type Mode = 'off' | 'idle' | 'blocked' | 'ringing' | 'talking' | 'wrapping' | 'away';

const SHOWN: Readonly<Record<Mode, Shown>> = {
  off: 'offline',
  idle: 'available',
  ringing: 'available',
  blocked: 'away',
  talking: 'call',
  wrapping: 'wrap_up',
  away: 'away',
};

export interface Person {
  readonly agent: string;
  readonly user: string;
  mode: Mode;
  /** Since when they are blocked, human seconds. */
  blockedSince: number;
  /** A break that waits for the end of the contact: its length, 0 for none. */
  owed: number;
  owedReason: string;
  /** The shift is over; they leave as soon as they are free. */
  leaving: boolean;
}

interface StageParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly speed: number;
  readonly five9: Five9Acts;
}

export class Stage {
  readonly five9: Five9Acts;
  readonly counts: DayCounts = {
    changes: 0,
    calls: 0,
    answered: 0,
    abandoned: 0,
    lost: 0,
    breaks: 0,
    microBreaks: 0,
    logins: 0,
    logouts: 0,
    overrides: 0,
    teamsActs: 0,
    refused: 0,
  };
  private readonly parts: StageParts;
  private readonly timers = new Set<Timer>();
  private readonly startedAt: number;
  private stopped = false;

  constructor(parts: StageParts) {
    this.parts = parts;
    this.five9 = parts.five9;
    this.startedAt = parts.clock.monotonic();
  }

  /** Human seconds since the start. */
  now(): number {
    return ((this.parts.clock.monotonic() - this.startedAt) * this.parts.speed) / 1_000;
  }

  /** A stream of chance of its own. */
  chance(name: string): Random {
    return this.parts.random.fork(`day-${name}`);
  }

  later(seconds: number, task: () => void): void {
    if (this.stopped) return;
    const delayMs = (Math.max(0, seconds) * 1_000) / this.parts.speed;
    const timer = this.parts.clock.after(delayMs, () => {
      this.timers.delete(timer);
      task();
    });
    this.timers.add(timer);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }

  /** Does it, or counts that it was refused. */
  attempt(act: () => void): boolean {
    if (this.stopped) return false;
    try {
      act();
      return true;
    } catch {
      this.counts.refused += 1;
      return false;
    }
  }

  /** Undefined when the platform no longer knows the person. */
  truth(person: Person): Five9Truth | undefined {
    try {
      return this.five9.truth(person.agent);
    } catch {
      return undefined;
    }
  }

  turn(person: Person, mode: Mode): void {
    if (SHOWN[person.mode] !== SHOWN[mode]) this.counts.changes += 1;
    if (mode === 'blocked' && person.mode !== 'blocked') person.blockedSince = this.now();
    person.mode = mode;
  }
}
