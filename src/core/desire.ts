/**
 * What a platform should show: the most important fact among the *other* platforms' faces whose
 * cause is not ours, mapped by the policy, or "leave alone" when the platform's own fact wins.
 *
 * D1  Only own facts are looked at, so an echo of ours is never an input (rule 3, I3).
 * D2  A fact that is held behind a mark of ours keeps what it had asked for, and asks for nothing
 *     new: it may have ended without our being able to see it.
 * D3  With data that is not live nothing new is decided: the last decision stands (fail static).
 */
import type { AgentState, Desired, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import { lookup } from '../policy/policy.ts';
import type { Ask } from './conflict.ts';
import { isChosen } from './cause.ts';
import { collaborationVerdict, contactCentreVerdict, RESTRICTION } from './conflict.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

export interface Desire {
  readonly desired: Desired;
  /** When a fact will have lasted long enough to ask for something. */
  readonly wakeAt?: number;
}

export function desire(state: AgentState, target: PlatformId, world: World, now: number): Desire {
  const before = state.desired[target] ?? { kind: 'leave', rule: 'no_data' };
  const face = state.faces[target];
  if (isDoubtful(state, target, world)) return { desired: held(before, face, target, world) };
  if (face?.own === undefined) return { desired: { kind: 'leave', rule: 'no_data' } };
  const asks = asksOf(state, target, world);
  const young = asks.filter((ask) => ask.fact.at + ask.row.dwellMs > now);
  if (young.length > 0) {
    const wakeAt = Math.min(...young.map((ask) => ask.fact.at + ask.row.dwellMs));
    return { desired: before, wakeAt };
  }
  const strongest = asks.sort((a, b) => RESTRICTION[b.show] - RESTRICTION[a.show])[0];
  if (strongest === undefined) return { desired: { kind: 'leave', rule: 'nothing_asked' } };
  return { desired: decide(face, strongest, target, world) };
}

/** D3 holds what was decided, but never against what the person is seen to have chosen since. */
function held(before: Desired, face: Face | undefined, target: PlatformId, world: World): Desired {
  const own = face?.own?.preset;
  const isShared = world.platforms[target]?.kind === 'collaboration';
  const mayOverride = world.policy.strategy === 'contact_centre_wins';
  if (before.kind !== 'show' || own === undefined || !isShared || mayOverride) return before;
  if (!isChosen(own)) return before;
  return {
    kind: 'leave',
    rule: `own_${own}`,
    wished: before.preset,
    blocked: 'outranked_by_human',
  };
}

/** D3: a platform's data is too old, or the agent's state on a source is not known just now. */
function isDoubtful(state: AgentState, target: PlatformId, world: World): boolean {
  return platformIds(world).some(
    (id) =>
      world.live[id] !== true || (id !== target && state.faces[id]?.unknownSince !== undefined),
  );
}

function decide(face: Face, ask: Ask, target: PlatformId, world: World): Desired {
  const { strategy } = world.policy;
  const verdict =
    world.platforms[target]?.kind === 'contact_centre'
      ? contactCentreVerdict(face, ask, strategy)
      : collaborationVerdict(face, ask, strategy);
  if (verdict.kind === 'own') {
    return {
      kind: 'leave',
      rule: verdict.rule,
      wished: ask.show,
      ...(verdict.blocked === undefined ? {} : { blocked: verdict.blocked }),
    };
  }
  return {
    kind: 'show',
    preset: ask.show,
    rule: ask.row.id,
    from: ask.row.from,
    since: ask.fact.at,
    ...(ask.row.writeCode === undefined ? {} : { reasonCode: ask.row.writeCode }),
  };
}

/** A mark of ours is what is shown there, so the fact is the one from before. */
function isHeld(state: AgentState, source: PlatformId): boolean {
  return state.faces[source]?.cause.kind === 'ours';
}

function isAskedBy(desired: Desired | undefined, rule: string): boolean {
  return desired?.kind === 'show' && desired.rule === rule;
}

function asksOf(state: AgentState, target: PlatformId, world: World): Ask[] {
  const asks: Ask[] = [];
  for (const source of platformIds(world)) {
    const fact = source === target ? undefined : state.faces[source]?.own;
    if (fact === undefined) continue;
    const code = fact.presence.reason?.code;
    const row = lookup(world.policy, source, target, {
      preset: fact.preset,
      ...(code === undefined ? {} : { code }),
    });
    if (row === undefined || row.show === 'leave_alone') continue;
    if (isHeld(state, source) && !isAskedBy(state.desired[target], row.id)) continue;
    asks.push({ row, show: row.show, fact });
  }
  return asks;
}
