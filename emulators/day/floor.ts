/**
 * The floor: who is free, which calls wait, and the life of a call.
 *
 * 1. Only a person whom Five9 would route to now is rung; whoever waits longest comes first.
 * 2. Every step looks at the truth first. Where it is not what the person believes (a fault, a
 *    reset, somebody else's act), they go on from the truth.
 * 3. At most `MAX_WAITING_PER_PERSON` calls per person wait; more are given up.
 */
import type { Random } from '../../src/lib/random.ts';
import { exponential, lognormal, uniform } from './draws.ts';
import { type Profile, meanHandling } from './profiles.ts';
import type { Person, Stage } from './stage.ts';

const MAX_WAITING_PER_PERSON = 2;
/** How often a person who is not routed to looks at the screen, seconds. */
const LOOK_EVERY = 1;
/** How long somebody accepts a Not Ready of the system, and one that another program made. */
const SYSTEM_PATIENCE = 45;
const API_PATIENCE = 1_800;

interface FloorParts {
  readonly stage: Stage;
  readonly profile: Profile;
  readonly occupancy: number;
  readonly people: readonly Person[];
  /** Rate of calls over the day, 1 = the offered occupancy; by seconds since the start. */
  readonly shape: (seconds: number) => number;
  /** A person who is free owes a break or wants to leave. */
  readonly onFree: (person: Person) => boolean;
  readonly onLoggedOut: (person: Person) => void;
}

export class Floor {
  private readonly parts: FloorParts;
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly idle = new Set<Person>();
  private readonly blocked = new Set<Person>();
  private waiting = 0;

  constructor(parts: FloorParts) {
    this.parts = parts;
    this.stage = parts.stage;
    this.random = parts.stage.chance('calls');
  }

  /** Calls begin to arrive; `waiting` are there already. */
  open(waiting: number): void {
    this.waiting = waiting;
    this.stage.counts.calls += waiting;
    this.nextCall();
    this.look();
  }

  /** Leaves the pool of the free, for a break or for home. */
  leave(person: Person): void {
    this.idle.delete(person);
    this.blocked.delete(person);
  }

  /** Free again: takes what is owed, else waits for calls as far as Five9 would send one. */
  settle(person: Person): void {
    this.leave(person);
    if (this.parts.onFree(person)) return;
    const truth = this.stage.truth(person);
    if (truth === undefined || truth.state === 'LOGGED_OUT') {
      this.parts.onLoggedOut(person);
    } else if (truth.routable) {
      this.stage.turn(person, 'idle');
      this.idle.add(person);
      this.dispatch();
    } else {
      this.stage.turn(person, 'blocked');
      this.blocked.add(person);
    }
  }

  private nextCall(): void {
    const { profile, people, occupancy, shape } = this.parts;
    const perSecond =
      (occupancy * people.length * (1 - profile.breakShare)) / meanHandling(profile);
    const rate = perSecond * Math.max(0.05, shape(this.stage.now()));
    if (rate <= 0) return;
    this.stage.later(exponential(this.random, 1 / rate), () => {
      this.stage.counts.calls += 1;
      if (this.waiting < MAX_WAITING_PER_PERSON * people.length) this.waiting += 1;
      else this.stage.counts.abandoned += 1;
      this.dispatch();
      this.nextCall();
    });
  }

  private dispatch(): void {
    for (const person of this.idle) {
      if (this.waiting === 0) return;
      this.idle.delete(person);
      const routable = this.stage.truth(person)?.routable === true;
      if (routable && this.stage.attempt(() => this.stage.five9.ring(person.agent))) {
        this.waiting -= 1;
        this.stage.turn(person, 'ringing');
        this.stage.later(uniform(this.random, ...this.parts.profile.ring), () => {
          this.answer(person);
        });
      } else {
        this.stage.turn(person, 'blocked');
        this.blocked.add(person);
      }
    }
  }

  private answer(person: Person): void {
    if (!this.does(person, 'RINGING', 'answer')) return;
    this.stage.counts.answered += 1;
    this.stage.turn(person, 'talking');
    const { profile } = this.parts;
    const short = this.random.next() < profile.shortShare;
    const talk = lognormal(this.random, short ? profile.shortTalk : profile.talk);
    this.stage.later(talk, () => this.hangUp(person, short));
  }

  private hangUp(person: Person, short: boolean): void {
    if (!this.does(person, 'ON_CALL', 'hangUp')) return;
    this.stage.turn(person, 'wrapping');
    const { profile } = this.parts;
    const wrapUp = lognormal(this.random, short ? profile.shortWrapUp : profile.wrapUp);
    this.stage.later(wrapUp, () => this.finish(person));
  }

  private finish(person: Person): void {
    if (this.does(person, 'ACW', 'finishWrapUp')) this.settle(person);
  }

  /** The next step of a call, unless the call is gone; then the person goes on from the truth. */
  private does(person: Person, state: string, act: 'answer' | 'hangUp' | 'finishWrapUp'): boolean {
    const right = this.stage.truth(person)?.state === state;
    if (right && this.stage.attempt(() => this.stage.five9[act](person.agent))) return true;
    this.stage.counts.lost += 1;
    this.settle(person);
    return false;
  }

  /** People who are not routed to look at their screen, and press Ready when they lose patience. */
  private look(): void {
    this.stage.later(LOOK_EVERY, () => {
      for (const person of Array.from(this.blocked)) this.lookAt(person);
      this.look();
    });
  }

  private lookAt(person: Person): void {
    const truth = this.stage.truth(person);
    if (truth === undefined || truth.state === 'LOGGED_OUT' || truth.routable) {
      this.settle(person);
      return;
    }
    const patience = truth.madeBy === 'system' ? SYSTEM_PATIENCE : API_PATIENCE;
    const tired = this.stage.now() - person.blockedSince > patience;
    if (!tired || truth.madeBy === 'agent' || truth.state !== 'NOT_READY') return;
    this.stage.counts.overrides += 1;
    this.stage.attempt(() => this.stage.five9.ready(person.agent));
    this.settle(person);
  }
}
