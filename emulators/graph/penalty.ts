/**
 * What Graph does to an endpoint that answers too slowly, judged over its last ten minutes.
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 *
 * 1. More than a tenth of the answers took over 3 s: what is new goes out ten minutes late.
 * 2. More than 15 % took over 10 s: everything is dropped for ten minutes, for good.
 */
import type { Clock } from '../../src/lib/clock.ts';

export const PENALTY_MS = 600_000;
const WINDOW_MS = 600_000;
const SLOW_MS = 3_000;
const DROP_MS = 10_000;
const SLOW_SHARE = 0.1;
const DROP_SHARE = 0.15;
const MAX_SAMPLES = 10_000;

export interface Penalty {
  /** An answer, or the end of waiting for one. */
  answered(tookMs: number): void;
  state(): 'none' | 'slow' | 'drop';
}

/** `minAnswers`: with fewer in the window nothing is judged. */
export function createPenalty(clock: Clock, minAnswers: () => number): Penalty {
  let samples: { readonly at: number; readonly tookMs: number }[] = [];
  let slowUntil = 0;
  let dropUntil = 0;
  const share = (overMs: number): number =>
    samples.filter(({ tookMs }) => tookMs >= overMs).length / samples.length;
  return {
    answered(tookMs): void {
      const now = clock.monotonic();
      samples.push({ at: now, tookMs });
      samples = samples.filter(({ at }) => at > now - WINDOW_MS).slice(-MAX_SAMPLES);
      if (samples.length < minAnswers()) return;
      if (share(SLOW_MS) > SLOW_SHARE) slowUntil = now + PENALTY_MS;
      if (share(DROP_MS) > DROP_SHARE) dropUntil = now + PENALTY_MS;
    },
    state(): 'none' | 'slow' | 'drop' {
      const now = clock.monotonic();
      if (now < dropUntil) return 'drop';
      return now < slowUntil ? 'slow' : 'none';
    },
  };
}
