/**
 * Our own limit on writes. Five9 publishes none for these requests, so we keep to a modest pace
 * and obey what a 429 says.
 */
import type { Clock } from '../../lib/clock.ts';

interface Place {
  /** False: no place was taken, because the wait would be too long. */
  readonly isTaken: boolean;
  readonly waitMs: number;
}

interface Pacing {
  take(): Place;
}

/** Longest wait that is worth holding a request for, ms; beyond it delivery decides again. */
const LONGEST_WAIT_MS = 2_000;

export function createPacing(clock: Clock, perSecond: number, burst: number): Pacing {
  const stepMs = 1_000 / perSecond;
  // The time at which the bucket will be full again: one number holds the whole bucket.
  let fullAt = clock.monotonic();
  return {
    take(): Place {
      const now = clock.monotonic();
      const nextFull = Math.max(fullAt, now) + stepMs;
      const waitMs = Math.max(0, Math.ceil(nextFull - now - burst * stepMs));
      const isTaken = waitMs <= LONGEST_WAIT_MS;
      if (isTaken) fullAt = nextFull;
      return { isTaken, waitMs };
    },
  };
}
