/**
 * The core: one pure, total, synchronous step. Everything that Lockstep decides is decided here.
 *
 *     step(state, input, world, now) -> { state, plans, wakeAt, notes }
 *
 * S1  Total: every input in every situation has an answer; nothing throws. An invariant that does
 *     not hold (see invariants.ts), and an input that cannot be taken, quarantine this one agent.
 * S2  Pure: no clock, no randomness, no I/O; `now` is given and `wakeAt` says when to ask again.
 * S3  Level, not edge: plans follow from the faces alone, so asking twice gives the same plans.
 */
import type { AgentState, Desired, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { absorb } from './absorb.ts';
import { desire } from './desire.ts';
import { difference } from './difference.ts';
import { expire, forgetTries, forgetUnshown } from './expire.ts';
import { mapFace } from './faces.ts';
import type { Input } from './input.ts';
import { violation } from './invariants.ts';
import { nextWake } from './wake.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

/** How long an agent with a broken invariant is left alone. */
const QUARANTINE_MS = 5 * 60_000;

export interface Step {
  readonly state: AgentState;
  readonly plans: Readonly<Record<PlatformId, Plan>>;
  /** When to ask again by itself; absent: only when something happens. */
  readonly wakeAt?: number;
  readonly notes: readonly string[];
}

export function step(state: AgentState, input: Input, world: World, now: number): Step {
  try {
    const absorbed = absorb(expireAll(state, world, now), input, world, now);
    return decide(absorbed.state, absorbed.notes, world, now);
  } catch (error) {
    // One agent's input must never stop the others (F105); the state before it is kept.
    const why = error instanceof Error ? error.message : 'unknown error';
    return setAside(state, { why: `${input.kind} cannot be taken: ${why}`, notes: [], now });
  }
}

function decide(before: AgentState, notes: readonly string[], world: World, now: number): Step {
  const wakes: (number | undefined)[] = [before.quarantined?.until];
  const state = withDesires(before, world, now, wakes);
  const plans: Record<PlatformId, Plan> = {};
  let next = state;
  for (const platform of platformIds(world)) {
    const plan = difference(state, platform, world, now);
    plans[platform] = plan;
    next = mapFace(next, platform, (face) => withBlocked(face, plan));
    if (state.desired[platform]?.kind === 'leave' && plan.kind === 'none') {
      next = mapFace(next, platform, (face) => forgetUnshown(face, world.policy.timing));
      if (plan.wakeAt === undefined)
        next = mapFace(next, platform, (face) => forgetTries(face, now));
    }
    const face = next.faces[platform];
    wakes.push(plan.kind === 'write' ? undefined : plan.wakeAt, face && nextWake(face));
  }
  return judged(next, plans, { wakes, notes, world, now });
}

function withDesires(
  before: AgentState,
  world: World,
  now: number,
  wakes: (number | undefined)[],
): AgentState {
  let state = before;
  for (const platform of platformIds(world)) {
    const wish = desire(before, platform, world, now);
    wakes.push(wish.wakeAt);
    const old = before.desired[platform];
    if (old !== undefined && isSame(old, wish.desired)) continue;
    state = { ...state, desired: { ...state.desired, [platform]: wish.desired } };
  }
  return state;
}

interface Verdict {
  readonly wakes: readonly (number | undefined)[];
  readonly notes: readonly string[];
  readonly world: World;
  readonly now: number;
}

function judged(
  state: AgentState,
  plans: Readonly<Record<PlatformId, Plan>>,
  { wakes, notes, world, now }: Verdict,
): Step {
  const broken = violation(state, plans, world);
  if (broken !== undefined && state.quarantined === undefined) {
    return setAside(state, { why: broken, notes, now });
  }
  const later = wakes.filter((time): time is number => time !== undefined && time > now);
  return { state, plans, notes, ...(later.length === 0 ? {} : { wakeAt: Math.min(...later) }) };
}

interface Reason {
  readonly why: string;
  readonly notes: readonly string[];
  readonly now: number;
}

function setAside(state: AgentState, { why, notes, now }: Reason): Step {
  const quarantined = { why, until: now + QUARANTINE_MS };
  return {
    state: { ...state, quarantined },
    plans: {},
    wakeAt: quarantined.until,
    notes: [...notes, 'quarantined'],
  };
}

/** L6: the invariant may hold again by now; if not, the next step says so. */
function released(state: AgentState, now: number): AgentState {
  if (state.quarantined === undefined || state.quarantined.until > now) return state;
  const { quarantined: _over, ...rest } = state;
  return rest;
}

function expireAll(state: AgentState, world: World, now: number): AgentState {
  let next = released(state, now);
  for (const platform of platformIds(world)) {
    next = mapFace(next, platform, (face) => expire(face, now, world.policy.timing));
  }
  return next;
}

function withBlocked(face: Face, plan: Plan): Face {
  const { blocked, ...rest } = face;
  if (plan.kind !== 'blocked') return blocked === undefined ? face : rest;
  return blocked?.reason === plan.blocked.reason ? face : { ...rest, blocked: plan.blocked };
}

function isSame(a: Desired, b: Desired): boolean {
  if (a.kind === 'show' && b.kind === 'show') {
    return (
      a.preset === b.preset &&
      a.rule === b.rule &&
      a.reasonCode === b.reasonCode &&
      a.since === b.since
    );
  }
  if (a.kind === 'leave' && b.kind === 'leave') {
    return a.rule === b.rule && a.blocked === b.blocked && a.wished === b.wished;
  }
  return false;
}
