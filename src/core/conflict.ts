/**
 * Conflict: whether what another platform asks for goes before what the target says of itself.
 * One function per kind of target; the table that they implement is docs/spec/core.md section 5.
 */
import type { BlockedReason } from '../model/blocked.ts';
import type { Face, Fact } from '../model/face.ts';
import type { Preset } from '../model/preset.ts';
import type { Strategy } from '../policy/policy.ts';
import { isChosen, isOnContact } from './cause.ts';

export type Verdict =
  | { readonly kind: 'asked' }
  /** The target's own fact stands; our marks are taken away. */
  | { readonly kind: 'own'; readonly rule: string; readonly blocked?: BlockedReason };

/** What another platform asks for, and since when what it rests on has been so. */
export interface Ask {
  readonly show: Preset;
  readonly since: number;
}

const ASKED: Verdict = { kind: 'asked' };

/** How much a preset keeps others away; the higher one is the more restrictive. */
export const RESTRICTION: Readonly<Record<Preset, number>> = {
  dnd: 5,
  presenting: 5,
  focus: 5,
  in_call: 4,
  in_conference: 4,
  in_meeting: 4,
  wrap_up: 4,
  busy: 4,
  ringing: 4,
  training: 3,
  not_ready: 3,
  brb: 2,
  break: 2,
  meal: 2,
  away: 2,
  unresponsive: 2,
  out_of_office: 2,
  off_work: 2,
  offline: 1,
  available: 0,
  ready: 0,
  unknown: 0,
};

/** Not Ready is asked of the contact centre. I7: what the agent chose there is never ours to undo. */
export function contactCentreVerdict(target: Face, ask: Ask, strategy: Strategy): Verdict {
  const own = target.own;
  if (own === undefined || own.preset === 'unknown') return { kind: 'own', rule: 'no_data' };
  if (own.preset === 'offline') return { kind: 'own', rule: 'logged_out' };
  if (own.preset === 'not_ready') return { kind: 'own', rule: 'already_not_ready' };
  if (isOnContact(own.preset) && willBeNotReady(target)) {
    return { kind: 'own', rule: 'already_not_ready' };
  }
  const { claim } = target;
  if (claim?.preset !== 'ready') return ASKED;
  const overruled: Verdict = {
    kind: 'own',
    rule: 'agent_chose_ready',
    blocked: 'overridden_in_five9',
  };
  if (strategy === 'contact_centre_wins') return overruled;
  if (strategy === 'latest_human' && claim.at > ask.since) return overruled;
  return ASKED;
}

/** On a contact: the agent has already asked for Not Ready after it, or took it from Not Ready. */
function willBeNotReady(target: Face): boolean {
  const seen = target.seen?.presence;
  if (seen === undefined || target.ours.length > 0) return false;
  if (seen.pending !== undefined) return seen.pending.acd === 'not_ready';
  return seen.channels !== undefined && seen.channels.length === 0;
}

/** A status is asked of the collaboration side. By default what a person chose there stands. */
export function collaborationVerdict(target: Face, ask: Ask, strategy: Strategy): Verdict {
  const own = target.own;
  if (own === undefined || own.preset === 'unknown') return { kind: 'own', rule: 'no_data' };
  if (showsAsMuch(own.preset, ask.show)) return { kind: 'own', rule: 'already_shown' };
  switch (strategy) {
    case 'latest_human':
      return isChosen(own.preset) || own.preset === 'presenting' ? stands(own) : ASKED;
    case 'teams_wins':
      return isExplicit(own) ? stands(own) : ASKED;
    case 'most_restrictive':
      return RESTRICTION[own.preset] >= RESTRICTION[ask.show] ? stands(own) : ASKED;
    case 'contact_centre_wins':
      return ASKED;
  }
}

/** Away says to colleagues what Be right back or a break would say. */
function showsAsMuch(own: Preset, asked: Preset): boolean {
  return own === asked || (own === 'away' && ABSENT.has(asked));
}

const ABSENT: ReadonlySet<Preset> = new Set(['brb', 'break', 'meal']);

function stands(own: Fact): Verdict {
  return { kind: 'own', rule: `own_${own.preset}`, blocked: 'outranked_by_human' };
}

function isExplicit(own: Fact): boolean {
  return isChosen(own.preset) || own.cause.kind === 'call' || own.cause.kind === 'calendar';
}
