/** The numbers of a platform's lane, from its manifest and the settings. */
import type { Manifest } from '../connectors/connector.ts';
import type { Lane, LaneOptions } from '../delivery/delivery.ts';
import type { Recovery } from './recover.ts';

export interface PlatformSettings {
  /** Data older than this is not acted on, ms. */
  readonly staleAfterMs: number;
  /** Overrides the manifest's quota: requests per window. */
  readonly quota?: { readonly requests: number; readonly windowMs: number };
}

/** Where a vendor publishes no limit: ten requests a second. */
const UNPUBLISHED = { requests: 300, windowMs: 30_000 };
const MARGIN = 0.02;
const CONCURRENCY = 64;
const DENIED_PAUSE_MS = 60_000;

/** Urgent arrivals expected in one window, with 30 % to spare. */
const RESERVE_FACTOR = 1.3;
const RESERVE_MAX_SHARE = 0.8;
const CALLS_PER_AGENT_HOUR = 7.7;

const STALE_AFTER_MS = 60_000;

export function staleAfterOf(settings: PlatformSettings | undefined): number {
  return settings?.staleAfterMs ?? STALE_AFTER_MS;
}

/**
 * Counts what another process may have sent in the window that is still open: the writes that are
 * written down, and as many reads as a sweep may make (reads leave no record).
 */
export function countEarlier(
  lane: Lane,
  readShare: number,
  { recentSends, lastAt, now }: Recovery & { readonly now: number },
): void {
  const reads = lastAt === undefined ? 0 : Math.ceil(lane.requests * readShare);
  const writes = recentSends.filter((at) => now - at < lane.windowMs).length;
  for (let each = 0; each < reads + writes; each += 1) lane.spend();
}

export function laneOptionsOf(
  manifest: Manifest,
  settings: PlatformSettings | undefined,
  agents: number,
): Omit<LaneOptions, 'clock' | 'random' | 'attempt'> {
  const { requests, windowMs } = settings?.quota ?? manifest.quota ?? UNPUBLISHED;
  const urgent = (agents * CALLS_PER_AGENT_HOUR * windowMs) / 3_600_000;
  return {
    requests,
    windowMs,
    margin: MARGIN,
    concurrency: CONCURRENCY,
    reserve: Math.min(
      Math.round(RESERVE_FACTOR * urgent),
      Math.floor(requests * RESERVE_MAX_SHARE),
    ),
    deniedPauseMs: DENIED_PAUSE_MS,
  };
}
