/**
 * What the same people do in Teams meanwhile: devices, statuses picked by hand, meetings, calls,
 * presenting, a locked screen. It runs beside the calls and does not ask Five9; keeping the two in
 * step is the product's work.
 *
 * 1. Whatever begins ends: every status, meeting, call and absence has its counterpart.
 * 2. Nobody joins a Teams call while talking on Five9, and nobody is in two at once.
 */
import type { Random } from '../../src/lib/random.ts';
import type { TeamsActs, TeamsChoice } from '../acts.ts';
import { exponential, lognormal, pick } from './draws.ts';
import type { Person, Stage } from './stage.ts';

/** How often each thing happens, per person and hour. */
export interface TeamsRates {
  readonly choice: number;
  readonly meeting: number;
  readonly call: number;
  readonly idle: number;
  /** Share of breaks before which the screen is locked; the only one that is no rate. */
  readonly lockOnBreak: number;
}

export const TEAMS_RATES: TeamsRates = {
  choice: 0.3,
  meeting: 0.12,
  call: 0.4,
  idle: 0.25,
  lockOnBreak: 0.7,
};

const CHOICES: readonly [TeamsChoice, ...TeamsChoice[]] = [
  'Busy',
  'Busy',
  'DoNotDisturb',
  'DoNotDisturb',
  'BeRightBack',
  'BeRightBack',
  'Away',
];
const MEETING_LENGTHS = [900, 1_800, 1_800, 3_600] as const;
const TEAMS_MEETING_SHARE = 0.8;
const JOINS_SHARE = 0.7;
const PRESENTS_SHARE = 0.15;
const CHOICE_SPREAD = { mean: 720, sigma: 0.6, floor: 30 };
const CALL_SPREAD = { mean: 180, sigma: 0.7, floor: 10 };
const IDLE_SPREAD = { mean: 420, sigma: 0.5, floor: 60 };

interface Life {
  readonly person: Person;
  present: boolean;
  chosen: boolean;
  meeting: boolean;
  calling: boolean;
  idle: boolean;
}

export class TeamsLife {
  private readonly stage: Stage;
  private readonly teams: TeamsActs;
  private readonly rates: TeamsRates;
  private readonly random: Random;
  private readonly lives = new Map<Person, Life>();

  constructor(stage: Stage, teams: TeamsActs, rates: TeamsRates) {
    this.stage = stage;
    this.teams = teams;
    this.rates = rates;
    this.random = stage.chance('teams');
  }

  arrive(person: Person): void {
    const known = this.lives.get(person);
    if (known?.present === true) return;
    this.act(() => this.teams.signIn(person.user));
    if (known !== undefined) {
      known.present = true;
      return;
    }
    const life: Life = {
      person,
      present: true,
      chosen: false,
      meeting: false,
      calling: false,
      idle: false,
    };
    this.lives.set(person, life);
    this.repeat(life, this.rates.choice, () => this.choose(life));
    this.repeat(life, this.rates.meeting, () => this.meet(life));
    this.repeat(life, this.rates.call, () => this.call(life));
    this.repeat(life, this.rates.idle, () =>
      this.goIdle(life, lognormal(this.random, IDLE_SPREAD)),
    );
  }

  leave(person: Person): void {
    const life = this.lives.get(person);
    if (life === undefined) return;
    life.present = false;
    this.act(() => this.teams.signOut(person.user));
  }

  onBreak(person: Person, seconds: number): void {
    const life = this.lives.get(person);
    if (life !== undefined && this.random.next() < this.rates.lockOnBreak) {
      this.goIdle(life, seconds);
    }
  }

  private repeat(life: Life, perHour: number, task: () => void): void {
    if (perHour <= 0) return;
    this.stage.later(exponential(this.random, 3_600 / perHour), () => {
      if (life.present) task();
      this.repeat(life, perHour, task);
    });
  }

  private choose(life: Life): void {
    if (life.chosen) return;
    const { user } = life.person;
    const choice = pick(this.random, CHOICES);
    life.chosen = this.act(() => this.teams.choose(user, choice));
    if (!life.chosen) return;
    this.stage.later(lognormal(this.random, CHOICE_SPREAD), () => {
      life.chosen = false;
      this.act(() => this.teams.resetStatus(user));
    });
  }

  private meet(life: Life): void {
    if (life.meeting) return;
    const { user } = life.person;
    const online = this.random.next() < TEAMS_MEETING_SHARE;
    const length = pick(this.random, MEETING_LENGTHS);
    life.meeting = this.act(() => this.teams.meetingStarts(user, online));
    if (!life.meeting) return;
    if (online && this.random.next() < JOINS_SHARE) this.join(life, length * 0.95);
    this.stage.later(length, () => {
      life.meeting = false;
      this.act(() => this.teams.meetingEnds(user));
    });
  }

  private call(life: Life): void {
    this.join(life, lognormal(this.random, CALL_SPREAD));
  }

  private join(life: Life, seconds: number): void {
    const { user, mode } = life.person;
    if (life.calling || life.idle || mode === 'talking' || mode === 'ringing') return;
    life.calling = this.act(() => this.teams.joinCall(user));
    if (!life.calling) return;
    if (this.random.next() < PRESENTS_SHARE) this.present(life, seconds / 2);
    this.stage.later(seconds, () => {
      life.calling = false;
      this.act(() => this.teams.leaveCall(user));
    });
  }

  /** Presents during the middle half of a call. */
  private present(life: Life, seconds: number): void {
    const { user } = life.person;
    this.stage.later(seconds / 2, () => {
      if (!this.act(() => this.teams.startPresenting(user))) return;
      this.stage.later(seconds, () => this.act(() => this.teams.stopPresenting(user)));
    });
  }

  private goIdle(life: Life, seconds: number): void {
    const { user, mode } = life.person;
    if (life.idle || life.calling || mode === 'talking') return;
    life.idle = this.act(() => this.teams.goIdle(user));
    if (!life.idle) return;
    this.stage.later(seconds, () => {
      life.idle = false;
      this.act(() => this.teams.comeBack(user));
    });
  }

  private act(task: () => void): boolean {
    this.stage.counts.teamsActs += 1;
    return this.stage.attempt(task);
  }
}
