/** Judges a platform's freshness; a change is an input to every decision (D2). */
import type { Connector, Log } from '../connectors/connector.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Freshness } from './freshness.ts';
import type { Pipeline } from './pipeline.ts';
import type { Population } from './population.ts';

interface FeedParts {
  readonly population: Population;
  readonly pipeline: Pipeline;
  readonly freshness: Freshness;
  readonly log: Log;
}

/** `since`: what was confirmed before is too old to act on, by platform, epoch ms. */
export function judgeFeeds(since: ReadonlyMap<PlatformId, number>, parts: FeedParts): void {
  for (const [platform, oldest] of since) judgeFeed(platform, oldest, parts);
}

function judgeFeed(platform: PlatformId, since: number, parts: FeedParts): void {
  const { population, pipeline, freshness, log } = parts;
  const live = freshness.isLive(platform, since);
  if (live === population.world.live[platform]) return;
  if (live) doubtOthers(platform, since, parts);
  pipeline.applyWorld({ kind: 'feed', platform, live });
  log.info('feed changed', { platform, live });
}

/**
 * The first good read after an outage tells of those whom it read. Of anybody else only what was
 * so before is known, and nothing may rest on that until they have been read again.
 */
function doubtOthers(platform: PlatformId, since: number, parts: FeedParts): void {
  const { population, pipeline, freshness } = parts;
  for (const agent of population.ids()) {
    const face = population.state(agent).faces[platform];
    const isDoubted = (face?.unknownSince ?? Number.NEGATIVE_INFINITY) >= since;
    if (isDoubted || freshness.isCurrent(platform, agent, since)) continue;
    pipeline.apply(agent, { kind: 'doubted', platform, since });
  }
}

/**
 * What is in doubt there is asked for: a platform that pushes tells of changes alone, and nothing
 * may have changed. One that is swept reads such accounts first by itself (interests.ts).
 */
export function askInDoubt(connector: Connector, population: Population, now: number): void {
  const { id, capabilities } = connector.manifest;
  if (!capabilities.push || population.world.live[id] !== true) return;
  const accounts = population.ids().flatMap((agent) => {
    const { unknownSince, missingSince } = population.state(agent).faces[id] ?? {};
    const isInDoubt = unknownSince !== undefined && unknownSince < now;
    const account = population.person(agent)?.accounts[id];
    return isInDoubt && missingSince === undefined && account !== undefined ? [account] : [];
  });
  if (accounts.length > 0) connector.look(accounts);
}
