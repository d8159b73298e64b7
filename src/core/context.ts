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

export function stopped(face: Face, reason: BlockedReason, now: number, retryAt?: number): Plan {
  const since = face.blocked?.reason === reason ? face.blocked.since : now;
  return { kind: 'blocked', blocked: { reason, since }, ...wakeAt(retryAt) };
}

/** Collaboration: writing again into a slot that a person may have taken would overwrite them. */
export function platformShares({ world, platform }: Context): boolean {
  return world.platforms[platform]?.kind === 'collaboration';
}

/**
 * Behind Offline, or a word that nobody knows, somebody may have taken the slot from us (A6, F48).
 * Where another value stands long after our write, ours is not there, and what is may be chosen.
 */
export function isUnseen(mark: Mark, context: Context): boolean {
  const { face, world } = context;
  if (mark.kind !== 'shared' || face.cause.kind === 'ours') return false;
  if (!platformShares(context)) return false;
  const { preset, asOf = 0 } = face.seen ?? {};
  if (preset === 'offline' || preset === 'unknown') return true;
  return mark.shownAt === undefined && asOf > settlesAt(mark, world);
}

/** From then on a read has to show the mark, unless something else stands in its place. */
export function settlesAt(mark: Mark, world: World): number {
  return (mark.acceptedAt ?? mark.putAt) + world.policy.timing.settleMs;
}

export function wakeAt(time: number | undefined): { readonly wakeAt?: number } {
  return time === undefined ? {} : { wakeAt: time };
}
