/**
 * What was really so, and when: for every person what Teams would show without us, and what both
 * platforms showed. Kept up to date by every act of a person and by a look every few seconds.
 */
import type { TeamsActs, TeamsTruth } from '../emulators/acts.ts';
import type { Clock } from '../src/lib/clock.ts';

export interface Person {
  readonly id: string;
  readonly agent: string;
  readonly user: string;
}

export interface Known extends Reason {
  readonly truth: TeamsTruth;
  /** Since when Teams shows what it shows. */
  readonly shownSince: number;
}

interface Reason {
  /** When something that is not ours last said Busy or Do not disturb. */
  readonly stoppedAt: number;
  /** Since when it says so without a break; undefined while it does not. */
  readonly stopsSince?: number;
  /** Until when it may be believed to: what began before a mark of ours is held behind it. */
  readonly heldUntil: number;
  /** Since when nothing of ours hides it and nobody has read it. */
  readonly unreadSince?: number;
}

const NOTHING_KNOWN: Reason = { heldUntil: 0, stoppedAt: -Infinity };
/** Longer than the slowest sweep needs to see what a mark of ours had hidden. */
const HELD_MS = 12_000;
/** A read that began so soon after a change may still show what was before. */
const READ_LAG_MS = 5_000;
const STOPS = new Set(['Busy', 'DoNotDisturb']);

export class Truths {
  /** Told after every look, for whoever draws a picture of it. */
  onLook: (user: string) => void = () => undefined;
  private readonly clock: Clock;
  private readonly teams: TeamsActs;
  private readonly ours: string;
  private readonly known = new Map<string, Known>();

  constructor(clock: Clock, teams: TeamsActs, ours: string) {
    this.clock = clock;
    this.teams = teams;
    this.ours = ours;
  }

  of(user: string): Known {
    return this.known.get(user) ?? this.look(user);
  }

  look(user: string): Known {
    const now = this.clock.now();
    const truth = this.teams.truth(user);
    const before = this.known.get(user);
    const isSame =
      before?.truth.availability === truth.availability && before.truth.activity === truth.activity;
    const next: Known = {
      truth,
      shownSince: isSame ? before.shownSince : now,
      ...this.reason(truth, before ?? NOTHING_KNOWN, now),
    };
    this.known.set(user, next);
    this.onLook(user);
    return next;
  }

  /** A read that began then has come back, and these were among those it asked for. */
  wasRead(began: number, asked: string): void {
    for (const [user, { unreadSince, ...rest }] of this.known) {
      if (unreadSince === undefined || began < unreadSince + READ_LAG_MS) continue;
      if (asked.includes(user)) this.known.set(user, rest);
    }
  }

  /** Whether there is a reason to stop, or one may still be believed in. */
  private reason(truth: TeamsTruth, before: Reason, now: number): Reason {
    const { preferred } = truth;
    const stops = this.stops(truth);
    const isHidden = preferred?.by === 'app' || truth.sessions.some(({ id }) => id === this.ours);
    const isBelow = preferred?.by === 'person' && STOPS.has(preferred.availability);
    const wasHeld = stops || before.stopsSince !== undefined || now <= before.heldUntil;
    const unreadSince = stops || isHidden ? now : before.unreadSince;
    const isHeld = stops || (wasHeld && (isHidden || unreadSince !== undefined));
    const isReason = stops || isBelow || before.stopsSince !== undefined || (isHidden && wasHeld);
    return {
      heldUntil: isHeld ? now + HELD_MS : before.heldUntil,
      stoppedAt: isReason ? now : before.stoppedAt,
      ...(unreadSince === undefined ? {} : { unreadSince }),
      ...(stops ? { stopsSince: before.stopsSince ?? now } : {}),
    };
  }

  forget(user: string): void {
    this.known.delete(user);
  }

  /** A person, a call, the calendar or another program says it; our own marks do not count. */
  private stops(truth: TeamsTruth): boolean {
    if (STOPS.has(truth.withoutApps.availability)) return true;
    return truth.sessions.some(
      ({ app, id, availability }) => app && !id.startsWith(this.ours) && STOPS.has(availability),
    );
  }
}

/** The same acts; after each the person's truth is looked at. */
export function watchedTeams(acts: TeamsActs, look: (user: string) => void): TeamsActs {
  const after =
    <A extends readonly unknown[]>(act: (user: string, ...rest: A) => void) =>
    (user: string, ...rest: A): void => {
      look(user);
      act(user, ...rest);
      look(user);
    };
  return {
    users: () => acts.users(),
    signIn: after((user, device?: string) => acts.signIn(user, device)),
    signOut: after((user, device?: string) => acts.signOut(user, device)),
    choose: after((user, choice: Parameters<TeamsActs['choose']>[1]) => acts.choose(user, choice)),
    resetStatus: after((user) => acts.resetStatus(user)),
    joinCall: after((user) => acts.joinCall(user)),
    leaveCall: after((user) => acts.leaveCall(user)),
    startPresenting: after((user) => acts.startPresenting(user)),
    stopPresenting: after((user) => acts.stopPresenting(user)),
    meetingStarts: after((user, teams: boolean) => acts.meetingStarts(user, teams)),
    meetingEnds: after((user) => acts.meetingEnds(user)),
    goIdle: after((user) => acts.goIdle(user)),
    comeBack: after((user) => acts.comeBack(user)),
    outOfOffice: after((user, on: boolean) => acts.outOfOffice(user, on)),
    truth: (user) => acts.truth(user),
  };
}
