/**
 * People living a working day in the emulated Five9 and Teams: calls arrive and are routed, breaks
 * are taken, and the same people meet, call and lock their screens in Teams.
 *
 * 1. Seeded and clock-driven: the same seed and clock give the same day.
 * 2. It drives the platforms through their acts alone and rings only people whom Five9 would
 *    route to, so that a Not Ready written by the product really stops calls.
 * 3. It never presses anything for the product: what a person did not choose, they undo only when
 *    their patience is at its end.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Five9Acts, TeamsActs } from '../acts.ts';
import { REASON_IDS } from '../five9/reasons.ts';
import { normal, shuffled, uniform } from './draws.ts';
import { Floor } from './floor.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { type BreakReasons, Shift } from './shift.ts';
import { type DayCounts, type Person, Stage } from './stage.ts';
import { TEAMS_RATES, TeamsLife, type TeamsRates } from './teams-life.ts';

export interface DayOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly five9: Five9Acts;
  readonly teams: TeamsActs;
  readonly people: readonly { readonly agent: string; readonly user: string }[];
  /** Divides every human duration; default 1. */
  readonly speed?: number;
  /** Offered occupancy, 0 to 1; default 0.85. */
  readonly occupancy?: number;
  readonly profile?: ProfileName;
  /**
   * `steady` (default): everybody is at work and shifts overlap evenly. `shift_start`: everybody
   * is logged out and logs in within five minutes, calls already wait.
   */
  readonly start?: 'steady' | 'shift_start';
  /** Follows the rise and fall of a day's calls; default: an even rate. */
  readonly dayShape?: boolean;
  /** End of the shift, human hours after the start; absent: nobody goes home. */
  readonly shiftHours?: number;
  readonly reasons?: BreakReasons;
  /** False: nothing happens in Teams but signing in. */
  readonly teamsLife?: Partial<TeamsRates> | false;
}

export interface Day {
  start(): void;
  stop(): void;
  readonly counts: Readonly<DayCounts>;
}

const NO_RATES: TeamsRates = { choice: 0, meeting: 0, call: 0, idle: 0, lockOnBreak: 0 };
/** Shift start: when people log in, and how long until they press Ready; seconds. */
const LOGIN = { mean: 150, sigma: 60, last: 300 };
const UNTIL_READY = [20, 60] as const;
const WAITING_AT_START = 0.2;
const MICRO_FROM_AT_SHIFT_START = 300;

export function createDay(options: DayOptions): Day {
  const { speed = 1, occupancy = 0.85, clock, random, five9 } = options;
  if (!(speed > 0)) throw new Error(`speed is ${speed}: give a number above 0`);
  if (!(occupancy >= 0 && occupancy <= 1)) {
    throw new Error(`occupancy is ${occupancy}: give a share from 0 to 1`);
  }
  const stage = new Stage({ clock, random, speed, five9 });
  const people = options.people.map(personOf);
  let started = false;
  return {
    start: () => {
      if (started) throw new Error('the day has started already');
      started = true;
      begin(options, stage, people);
    },
    stop: () => stage.stop(),
    counts: stage.counts,
  };
}

function personOf(who: { readonly agent: string; readonly user: string }): Person {
  const { agent, user } = who;
  return { agent, user, mode: 'off', blockedSince: 0, owed: 0, owedReason: '', leaving: false };
}

function begin(options: DayOptions, stage: Stage, people: readonly Person[]): void {
  const profile = PROFILES[options.profile ?? 'standard'];
  const rates = options.teamsLife === false ? NO_RATES : { ...TEAMS_RATES, ...options.teamsLife };
  const life = new TeamsLife(stage, options.teams, rates);
  const reasons = options.reasons ?? {
    rest: REASON_IDS.break,
    meal: REASON_IDS.lunch,
    personal: REASON_IDS.personal,
  };
  const shift: Shift = new Shift(
    {
      stage,
      profile,
      reasons,
      onArrive: (person) => life.arrive(person),
      onBreak: (person, seconds) => life.onBreak(person, seconds),
      onLeave: (person) => life.leave(person),
    },
    () => floor,
  );
  const floor: Floor = new Floor({
    stage,
    profile,
    occupancy: options.occupancy ?? 0.85,
    people,
    shape: options.dayShape === true ? dayShape : (): number => 1,
    onFree: (person) => shift.free(person),
    onLoggedOut: (person) => shift.thrownOut(person),
  });
  if (options.start === 'shift_start') startShift({ stage, shift, floor }, people);
  else startSteady({ stage, shift, floor }, people, profile.shift);
  if (options.shiftHours !== undefined) {
    const end = options.shiftHours * 3_600;
    for (const person of people) {
      stage.later(end + uniform(stage.chance(`end-${person.agent}`), 0, 300), () => {
        shift.endShift(person);
      });
    }
  }
}

interface Parts {
  readonly stage: Stage;
  readonly shift: Shift;
  readonly floor: Floor;
}

function startSteady(
  { stage, shift, floor }: Parts,
  people: readonly Person[],
  length: number,
): void {
  const random = stage.chance('start');
  for (const person of shuffled(random, people)) {
    shift.plan(person, uniform(random, 0, length), 0);
    shift.arrive(person, 0);
  }
  floor.open(0);
}

function startShift({ stage, shift, floor }: Parts, people: readonly Person[]): void {
  const random = stage.chance('start');
  for (const person of people) {
    shift.plan(person, 0, MICRO_FROM_AT_SHIFT_START);
    stage.later(loginTime(random), () => shift.arrive(person, uniform(random, ...UNTIL_READY)));
  }
  floor.open(Math.round(WAITING_AT_START * people.length));
}

/** Normal, restricted to the first five minutes. */
function loginTime(random: Random): number {
  for (let tries = 0; tries < 100; tries += 1) {
    const at = LOGIN.mean + LOGIN.sigma * normal(random);
    if (at >= 0 && at <= LOGIN.last) return at;
  }
  return LOGIN.mean;
}

/** Calls over a day: a peak before noon and a lower one in the afternoon. */
function dayShape(seconds: number): number {
  const hours = seconds / 3_600;
  const peak = (at: number, width: number): number => Math.exp(-(((hours - at) / width) ** 2));
  return 0.75 + 0.35 * peak(2.2, 1.6) + 0.2 * peak(6, 1.5);
}
