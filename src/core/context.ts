/** What a plan is made from, and the small words that every plan shares. */
import type { BlockedReason } from '../model/blocked.ts';
import type { Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Mark } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import type { World } from './world.ts';

export const NONE: Plan = { kind: 'none' };

export interface Context {
  readonly face: Face;
  readonly platform: PlatformId;
  readonly world: World;
  readonly now: number;
}

export function stopped(face: Face, reason: BlockedReason, now: number): Plan {
  const since = face.blocked?.reason === reason ? face.blocked.since : now;
  return { kind: 'blocked', blocked: { reason, since } };
}

/** Collaboration: writing again into a slot that a person may have taken would overwrite them. */
export function platformShares({ world, platform }: Context): boolean {
  return world.platforms[platform]?.kind === 'collaboration';
}

/** Behind Offline, or a word that nobody knows, somebody may have taken the slot from us (A6, F48). */
export function isUnseen({ kind }: Mark, context: Context): boolean {
  const { cause, seen } = context.face;
  if (kind !== 'shared' || cause.kind === 'ours' || !platformShares(context)) return false;
  return seen?.preset === 'offline' || seen?.preset === 'unknown';
}

export function wakeAt(time: number | undefined): { readonly wakeAt?: number } {
  return time === undefined ? {} : { wakeAt: time };
}
