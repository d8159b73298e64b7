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
import type { MappingRow } from '../policy/policy.ts';
import { lookup } from '../policy/policy.ts';
import type { Ask, Verdict } from './conflict.ts';
import { collaborationVerdict, contactCentreVerdict, RESTRICTION } from './conflict.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

export interface Desire {
  readonly desired: Desired;
  /** When a fact will have lasted long enough to ask for something. */
  readonly wakeAt?: number;
}

/** An ask, and the row of the mapping that it comes from. */
interface Request extends Ask {
  readonly row: MappingRow;
}

export function desire(state: AgentState, target: PlatformId, world: World, now: number): Desire {
  const before = state.desired[target] ?? { kind: 'leave', rule: 'no_data' };
  const face = state.faces[target];
  if (isDoubtful(state, target, world)) return { desired: held(before, face, target, world) };
  if (face?.own === undefined) return { desired: { kind: 'leave', rule: 'no_data' } };
  const asks = asksOf(state, target, world);
  const young = asks.filter((ask) => ask.since + ask.row.dwellMs > now);
  if (young.length > 0) {
    const wakeAt = Math.min(...young.map((ask) => ask.since + ask.row.dwellMs));
    return { desired: held(before, face, target, world), wakeAt };
  }
  const strongest = asks.sort((a, b) => RESTRICTION[b.show] - RESTRICTION[a.show])[0];
  if (strongest === undefined) return { desired: { kind: 'leave', rule: 'nothing_asked' } };
  return { desired: decide(face, strongest, target, world) };
}

/** What was decided stands for now, but never against what the target has said of itself since. */
function held(before: Desired, face: Face | undefined, target: PlatformId, world: World): Desired {
  if (before.kind !== 'show' || face?.own === undefined) return before;
  const ask = { show: before.preset, since: before.since };
  const verdict = verdictOf(face, ask, target, world);
  return verdict.kind === 'own' ? leave(verdict, ask) : before;
}

/** D3: a platform's data is too old, or the agent's state on a source is not known just now. */
function isDoubtful(state: AgentState, target: PlatformId, world: World): boolean {
  return platformIds(world).some(
    (id) =>
      world.live[id] !== true || (id !== target && state.faces[id]?.unknownSince !== undefined),
  );
}

function decide(face: Face, ask: Request, target: PlatformId, world: World): Desired {
  const verdict = verdictOf(face, ask, target, world);
  if (verdict.kind === 'own') return leave(verdict, ask);
  return {
    kind: 'show',
    preset: ask.show,
    rule: ask.row.id,
    from: ask.row.from,
    since: ask.since,
    ...(ask.row.writeCode === undefined ? {} : { reasonCode: ask.row.writeCode }),
  };
}

function verdictOf(face: Face, ask: Ask, target: PlatformId, world: World): Verdict {
  const { strategy } = world.policy;
  return world.platforms[target]?.kind === 'contact_centre'
    ? contactCentreVerdict(face, ask, strategy)
    : collaborationVerdict(face, ask, strategy);
}

function leave(verdict: Verdict & { readonly kind: 'own' }, ask: Ask): Desired {
  return {
    kind: 'leave',
    rule: verdict.rule,
    wished: ask.show,
    ...(verdict.blocked === undefined ? {} : { blocked: verdict.blocked }),
  };
}

/** A mark of ours is what is shown there, so the fact is the one from before. */
function isHeld(state: AgentState, source: PlatformId): boolean {
  return state.faces[source]?.cause.kind === 'ours';
}

function isAskedBy(desired: Desired | undefined, rule: string): boolean {
  return desired?.kind === 'show' && desired.rule === rule;
}

function asksOf(state: AgentState, target: PlatformId, world: World): Request[] {
  const asks: Request[] = [];
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
    asks.push({ row, show: row.show, since: fact.at });
  }
  return asks;
}
