/**
 * The shift: logging in, breaks, micro-breaks, going home.
 *
 * 1. A break that falls into a contact is pressed at once, so that Five9 holds it as pending, and
 *    begins when the contact is over. One that falls into another break is skipped.
 * 2. Whoever is thrown out of Five9 logs in again after a while.
 */
import type { Random } from '../../src/lib/random.ts';
import { exponential, lognormal, normal, uniform } from './draws.ts';
import type { Floor } from './floor.ts';
import type { Break, Profile } from './profiles.ts';
import type { Person, Stage } from './stage.ts';

const QUARTER = 900;

export interface BreakReasons {
  readonly rest: string;
  readonly meal: string;
  readonly personal: string;
}

interface ShiftParts {
  readonly stage: Stage;
  readonly profile: Profile;
  readonly reasons: BreakReasons;
  readonly onArrive: (person: Person) => void;
  readonly onBreak: (person: Person, seconds: number) => void;
  readonly onLeave: (person: Person) => void;
}

export class Shift {
  private readonly parts: ShiftParts;
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly floor: () => Floor;

  constructor(parts: ShiftParts, floor: () => Floor) {
    this.parts = parts;
    this.stage = parts.stage;
    this.random = parts.stage.chance('shift');
    this.floor = floor;
  }

  /** Logs in and presses Ready `readyAfter` seconds later. */
  arrive(person: Person, readyAfter: number): void {
    if (this.stage.truth(person)?.state === 'LOGGED_OUT') {
      this.stage.attempt(() => this.stage.five9.logIn(person.agent));
    }
    this.stage.counts.logins += 1;
    this.stage.turn(person, 'away');
    this.parts.onArrive(person);
    if (readyAfter === 0) this.pressReady(person);
    else this.stage.later(readyAfter, () => this.pressReady(person));
  }

  /** Somebody whom Five9 no longer knows as logged in comes back by and by. */
  thrownOut(person: Person): void {
    if (person.mode === 'off') return;
    this.stage.turn(person, 'off');
    if (person.leaving) return;
    this.stage.later(uniform(this.random, 20, 90), () => {
      if (this.stage.truth(person) === undefined) return;
      this.arrive(person, uniform(this.random, 20, 60));
    });
  }

  /** The breaks of every shift, the first of which began `offset` seconds ago. */
  plan(person: Person, offset: number, microFrom: number): void {
    for (const each of this.parts.profile.breaks) this.planBreak(person, each, -offset);
    this.stage.later(microFrom, () => this.nextMicro(person));
  }

  endShift(person: Person): void {
    person.leaving = true;
    if (isFree(person)) this.free(person);
  }

  /** Asked when a person is free: true when they do something else than wait for calls. */
  free(person: Person): boolean {
    if (person.leaving) {
      this.goHome(person);
      return true;
    }
    if (person.owed === 0) return false;
    const { owed, owedReason } = person;
    person.owed = 0;
    this.goAway(person, owed, owedReason);
    return true;
  }

  private planBreak(person: Person, each: Break, shiftStart: number): void {
    const steps = Math.floor(uniform(this.random, -2, 3)) * QUARTER;
    const rounded = Math.round((shiftStart + each.due + steps) / QUARTER) * QUARTER;
    const at = rounded + 45 * normal(this.random);
    const next = (): void => this.planBreak(person, each, shiftStart + this.parts.profile.shift);
    if (at < this.stage.now()) {
      next();
      return;
    }
    this.stage.later(at - this.stage.now(), () => {
      const drawn = Math.round(each.length * (1 + 0.06 * normal(this.random)));
      const length = Math.min(4_095, Math.max(60, drawn));
      if (this.due(person, length, this.parts.reasons[each.kind])) this.stage.counts.breaks += 1;
      next();
    });
  }

  private nextMicro(person: Person): void {
    const { microGap, micro } = this.parts.profile;
    this.stage.later(exponential(this.random, microGap), () => {
      const length = lognormal(this.random, micro);
      const reserved = person.mode === 'ringing';
      if (!reserved && this.due(person, length, this.parts.reasons.personal)) {
        this.stage.counts.microBreaks += 1;
      }
      this.nextMicro(person);
    });
  }

  /** False when it is skipped. */
  private due(person: Person, length: number, reason: string): boolean {
    if (person.mode === 'off' || person.mode === 'away') return false;
    if (isFree(person)) {
      this.goAway(person, length, reason);
      return true;
    }
    if (length > person.owed) {
      person.owed = length;
      person.owedReason = reason;
      this.stage.attempt(() => this.stage.five9.notReady(person.agent, reason));
    }
    return true;
  }

  private goAway(person: Person, length: number, reason: string): void {
    this.floor().leave(person);
    const truth = this.stage.truth(person);
    if (truth?.state !== 'NOT_READY' || truth.reasonCode !== reason) {
      this.stage.attempt(() => this.stage.five9.notReady(person.agent, reason));
    }
    this.stage.turn(person, 'away');
    this.parts.onBreak(person, length);
    this.stage.later(length, () => this.pressReady(person));
  }

  private pressReady(person: Person): void {
    if (this.stage.truth(person)?.state === 'NOT_READY') {
      this.stage.attempt(() => this.stage.five9.ready(person.agent));
    }
    this.floor().settle(person);
  }

  private goHome(person: Person): void {
    this.floor().leave(person);
    this.stage.attempt(() => this.stage.five9.logOut(person.agent));
    this.stage.counts.logouts += 1;
    this.stage.turn(person, 'off');
    this.parts.onLeave(person);
  }
}

function isFree(person: Person): boolean {
  return person.mode === 'idle' || person.mode === 'blocked';
}
