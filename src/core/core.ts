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
import type { IntentId, PlatformId } from '../model/ids.ts';
import type { Command } from '../model/mark.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { desire } from './desire.ts';
import { difference } from './difference.ts';
import { expire, forgetTries, forgetUnshown } from './expire.ts';
import { violation } from './invariants.ts';
import { observe } from './observe.ts';
import type { Receipt } from './receipt.ts';
import { receive, send } from './receipt.ts';
import { nextWake } from './wake.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

/** How long an agent with a broken invariant is left alone. */
const QUARANTINE_MS = 5 * 60_000;

export type Input =
  | { readonly kind: 'observed'; readonly observation: Observation }
  | { readonly kind: 'missing'; readonly platform: PlatformId; readonly asOf: number }
  | { readonly kind: 'sent'; readonly platform: PlatformId; readonly command: Command }
  | {
      readonly kind: 'outcome';
      readonly platform: PlatformId;
      readonly intent: IntentId;
      readonly receipt: Receipt;
    }
  /** Time has passed, or the world (policy, liveness) has changed. */
  | { readonly kind: 'tick' }
  /** A new owner took over: what was in flight has an unknown outcome. */
  | { readonly kind: 'taken_over'; readonly epoch: number }
  | { readonly kind: 'paused'; readonly paused: boolean }
  /** The account on this platform is another one now: what was known of it is void. */
  | { readonly kind: 'remapped'; readonly platform: PlatformId };

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

/** The id that the next command of this agent will get. */
export function nextIntentId(state: AgentState, world: World): IntentId {
  return `${world.tenant}/${state.agent}/${state.epoch}/${state.counter + 1}`;
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
      if (plan.wakeAt === undefined) next = mapFace(next, platform, forgetTries);
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

function absorb(
  state: AgentState,
  input: Input,
  world: World,
  now: number,
): { readonly state: AgentState; readonly notes: readonly string[] } {
  const { timing } = world.policy;
  switch (input.kind) {
    case 'observed': {
      const { platform } = input.observation;
      const face = state.faces[platform];
      const traits = world.platforms[platform];
      if (face === undefined || traits === undefined) return { state, notes: ['unknown_platform'] };
      const result = observe(face, input.observation, { traits, timing, now });
      return { state: withFace(state, platform, result.face), notes: result.notes };
    }
    case 'missing':
      return {
        state: mapFace(state, input.platform, (face) => ({
          ...face,
          missingSince: face.missingSince ?? input.asOf,
        })),
        notes: ['missing'],
      };
    case 'sent': {
      const intent = { id: nextIntentId(state, world), command: input.command, sentAt: now };
      const sent = mapFace(state, input.platform, (face) => send(face, intent));
      return { state: { ...sent, counter: state.counter + 1 }, notes: [] };
    }
    case 'outcome':
      return {
        state: mapFace(state, input.platform, (face) =>
          face.intent?.id === input.intent ? receive(face, input.receipt, now, timing) : face,
        ),
        notes: [`outcome_${input.receipt.kind}`],
      };
    case 'tick':
      return { state, notes: [] };
    case 'taken_over':
      return { state: takenOver(state, input.epoch, world, now), notes: ['taken_over'] };
    case 'paused': {
      const { paused: _paused, ...rest } = state;
      return { state: input.paused ? { ...rest, paused: true } : rest, notes: ['paused'] };
    }
    case 'remapped':
      return {
        state: mapFace(state, input.platform, () => ({
          cause: { kind: 'unknown', certainty: 'certain' },
          ours: [],
          fading: [],
        })),
        notes: ['remapped'],
      };
  }
}

/**
 * F81, F82: what the crashed owner had in flight may or may not have arrived, and what it knew is
 * old: nothing is written for this agent until both platforms have been read again.
 */
function takenOver(state: AgentState, epoch: number, world: World, now: number): AgentState {
  let next: AgentState = { ...state, epoch, counter: 0 };
  for (const platform of platformIds(world)) {
    next = mapFace(next, platform, (face) => {
      const left = receive(face, { kind: 'ambiguous', mayArrive: true }, now, world.policy.timing);
      return { ...left, unknownSince: Math.max(now, left.unknownSince ?? now) };
    });
  }
  return next;
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

function mapFace(
  state: AgentState,
  platform: PlatformId,
  change: (face: Face) => Face,
): AgentState {
  const face = state.faces[platform];
  return face === undefined ? state : withFace(state, platform, change(face));
}

function withFace(state: AgentState, platform: PlatformId, face: Face): AgentState {
  if (state.faces[platform] === face) return state;
  return { ...state, faces: { ...state.faces, [platform]: face } };
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
