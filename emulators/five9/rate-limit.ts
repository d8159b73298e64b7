/** A sliding-window limit on REST calls. Rejected calls do not count. */
import type { Clock } from '../../src/lib/clock.ts';
import type { Reply } from './answers.ts';

export class RateLimit {
  private readonly clock: Clock;
  private readonly requests: number;
  private readonly periodMs: number;
  private taken: number[] = [];

  constructor(clock: Clock, limit: { readonly requests: number; readonly periodMs: number }) {
    this.clock = clock;
    this.requests = limit.requests;
    this.periodMs = limit.periodMs;
  }

  /** Takes one call, or says after how many ms the next one is free. */
  take(): number | undefined {
    const now = this.clock.monotonic();
    this.taken = this.taken.filter((at) => at > now - this.periodMs);
    const first = this.taken[0];
    if (this.taken.length >= this.requests && first !== undefined) {
      return first + this.periodMs - now;
    }
    this.taken.push(now);
    return undefined;
  }

  clear(): void {
    this.taken = [];
  }
}

/** Body and header of a 429. `retryAfterMs` undefined: the header is missing. */
export function throttled(now: number, limit: number, retryAfterMs: number | undefined): Reply {
  const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 1_000) / 1_000));
  return {
    status: 429,
    ...(retryAfterMs === undefined ? {} : { headers: { 'retry-after': String(seconds) } }),
    json: {
      rateLimit: limit,
      rateLimitPeriod: 60,
      rateLimitType: 'USER',
      resetEpochSeconds: Math.ceil(now / 1_000) + seconds,
    },
  };
}
