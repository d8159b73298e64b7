/** What every decision of a tenant rests on beside the agent's own faces. */
import type { PlatformId } from '../model/ids.ts';
import type { Mark } from '../model/mark.ts';
import type { PlatformTraits } from '../model/platform.ts';
import type { Policy } from '../policy/policy.ts';

export interface World {
  readonly tenant: string;
  /** Grows each time that a node takes the tenant over; part of every intent's id. */
  readonly epoch: number;
  readonly policy: Policy;
  readonly platforms: Readonly<Record<PlatformId, PlatformTraits>>;
  /** Whether a platform's data is fresh enough to act on. */
  readonly live: Readonly<Record<PlatformId, boolean>>;
}

export function platformIds(world: World): readonly PlatformId[] {
  return Object.keys(world.platforms).sort();
}

export function lifeOf(
  world: World,
  mark: Pick<Mark, 'slot' | 'kind'>,
  platform: PlatformId,
): number | undefined {
  const bounds = world.platforms[platform]?.life[mark.slot];
  if (bounds === undefined) return undefined;
  const { sessionLifeMs, sharedLifeMs } = world.policy.timing;
  const wanted = mark.kind === 'session' ? sessionLifeMs : sharedLifeMs;
  return Math.min(bounds.maxMs, Math.max(bounds.minMs, wanted));
}
