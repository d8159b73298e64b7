/** Which direction is read only, in words: because nothing can be expressed there, or all is refused. */
import type { PlatformId } from '../model/ids.ts';
import type { PlatformTraits } from '../model/platform.ts';

interface Platforms {
  readonly platforms: Readonly<Record<PlatformId, PlatformTraits>>;
}

/** Such as "Teams → Five9: read only"; undefined while the platform is written to. */
export function readOnlyWords(
  target: PlatformId,
  { platforms }: Platforms,
  isRefused: boolean,
): string | undefined {
  const traits = platforms[target];
  if (traits === undefined) return undefined;
  if (!isRefused && Object.keys(traits.express).length > 0) return undefined;
  const sources = Object.values(platforms).filter(({ id }) => id !== target);
  return `${sources.map(({ label }) => label).join(', ')} → ${traits.label}: read only`;
}
