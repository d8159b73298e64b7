/**
 * Mismatch: how long the two platforms disagreed about somebody, as it was and as it would have
 * been without us. A pure fold; times are epoch ms.
 *
 * M1  What it was is what both platforms showed. What it would have been is what each says by
 *     itself, our marks aside, which the state keeps for every decision.
 * M2  Time in which a platform was not read counts for neither.
 */
import type { AgentState, Face } from '../model/face.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Preset } from '../model/preset.ts';

/** From the worst to the mildest. */
export const MISMATCHES = [
  /** Colleagues see Available while a contact is under way. */
  'available_on_contact',
  /** Contacts are routed to somebody who is busy elsewhere. */
  'routable_while_busy',
  /** Colleagues see Available during after-call work. */
  'available_in_wrap_up',
  /** What we put there for a contact outlasts it. */
  'busy_after_contact',
] as const;

export type Mismatch = (typeof MISMATCHES)[number];

export type Spans = Readonly<Record<Mismatch, number>>;

export interface MismatchTotals {
  /** Ms during which both platforms were read. */
  readonly watched: number;
  readonly was: Spans;
  readonly without: Spans;
}

export interface Sides {
  readonly contactCentre: PlatformId;
  readonly collaboration: PlatformId;
}

const CONTACT: ReadonlySet<Preset> = new Set(['ringing', 'in_call', 'in_conference']);
const BUSY: ReadonlySet<Preset> = new Set([
  'busy',
  'dnd',
  'in_call',
  'in_conference',
  'in_meeting',
  'presenting',
  'focus',
]);

/** The kind of disagreement between two presets; undefined: none. */
export function mismatchOf(
  contactCentre: Preset,
  collaboration: Preset,
  isOurs: boolean,
): Mismatch | undefined {
  if (CONTACT.has(contactCentre) && collaboration === 'available') return 'available_on_contact';
  if (contactCentre === 'wrap_up' && collaboration === 'available') return 'available_in_wrap_up';
  if (contactCentre !== 'ready' || !BUSY.has(collaboration)) return undefined;
  return isOurs ? 'busy_after_contact' : 'routable_while_busy';
}

interface Open {
  readonly since: number;
  readonly isWatched: boolean;
  readonly was: Mismatch | undefined;
  readonly without: Mismatch | undefined;
}

interface Sums {
  watched: number;
  readonly was: Record<Mismatch, number>;
  readonly without: Record<Mismatch, number>;
}

/** Counts within [from, to). */
export class MismatchFold {
  private readonly sides: Sides;
  private readonly from: number;
  private readonly to: number;
  private readonly open = new Map<AgentId, Open>();
  private readonly sums = new Map<AgentId, Sums>();

  constructor(sides: Sides, from: number, to: number) {
    this.sides = sides;
    this.from = from;
    this.to = to;
  }

  /** The state of an agent from `at` on; `isLive`: both platforms are read. */
  take(agent: AgentId, state: AgentState, at: number, isLive: boolean): void {
    this.close(agent, at);
    const { contactCentre, collaboration } = this.sides;
    const [left, right] = [state.faces[contactCentre], state.faces[collaboration]];
    const isWatched = isLive && isRead(left) && isRead(right);
    this.open.set(agent, {
      since: at,
      isWatched,
      was: isWatched ? shown(left, right) : undefined,
      without: isWatched ? byThemselves(left, right) : undefined,
    });
  }

  /** Nothing is known of anybody from `at` on, until they are taken in again. */
  pause(at: number): void {
    for (const agent of this.open.keys()) this.close(agent, at);
    this.open.clear();
  }

  /** What was counted up to `now`, which ends it. */
  end(now: number): ReadonlyMap<AgentId, MismatchTotals> {
    this.pause(Math.min(now, this.to));
    return this.sums;
  }

  private close(agent: AgentId, at: number): void {
    const open = this.open.get(agent);
    if (open?.isWatched !== true) return;
    const ms = Math.min(at, this.to) - Math.max(open.since, this.from);
    if (ms <= 0) return;
    const sums = this.sums.get(agent) ?? { watched: 0, was: nothing(), without: nothing() };
    sums.watched += ms;
    if (open.was !== undefined) sums.was[open.was] += ms;
    if (open.without !== undefined) sums.without[open.without] += ms;
    this.sums.set(agent, sums);
  }
}

export function addUp(all: Iterable<MismatchTotals>): MismatchTotals {
  const sums: Sums = { watched: 0, was: nothing(), without: nothing() };
  for (const each of all) {
    sums.watched += each.watched;
    for (const kind of MISMATCHES) {
      sums.was[kind] += each.was[kind];
      sums.without[kind] += each.without[kind];
    }
  }
  return sums;
}

function nothing(): Record<Mismatch, number> {
  return {
    available_on_contact: 0,
    routable_while_busy: 0,
    available_in_wrap_up: 0,
    busy_after_contact: 0,
  };
}

function isRead(face: Face | undefined): face is Face {
  return (
    face?.seen !== undefined && face.unknownSince === undefined && face.missingSince === undefined
  );
}

function shown(left: Face, right: Face): Mismatch | undefined {
  if (left.seen === undefined || right.seen === undefined) return undefined;
  return mismatchOf(left.seen.preset, right.seen.preset, right.cause.kind === 'ours');
}

function byThemselves(left: Face, right: Face): Mismatch | undefined {
  if (left.own === undefined || right.own === undefined) return undefined;
  return mismatchOf(left.own.preset, right.own.preset, false);
}
