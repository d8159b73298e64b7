/**
 * The presence quota of one tenant: who asks how often, and who is sent away.
 * https://learn.microsoft.com/en-us/graph/throttling-limits (per application and tenant).
 *
 * 1. The limit holds for each application by itself; reads and writes share it.
 * 2. `peak` is the true highest number of requests in any half-open window, whatever algorithm
 *    decides and whether or not they were let through.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Behaviour } from './behaviour.ts';

export type QuotaRules = Pick<
  Behaviour,
  'quotaLimit' | 'quotaWindowMs' | 'quotaAlgorithm' | 'quotaPhaseMs' | 'quotaCountsRejected'
>;

export interface QuotaCount {
  readonly app: string;
  readonly requests: number;
  readonly rejected: number;
  /** Most requests in any window so far. */
  readonly peak: number;
  /** When that window ended. */
  readonly peakAt: number;
  /** Requests in the window that ends now. */
  readonly current: number;
}

export interface Quota {
  /** Counts a request of this app. Undefined: let through. Else: ms until one would be. */
  ask(app: string): number | undefined;
  counts(): readonly QuotaCount[];
  reset(): void;
}

interface Lane {
  readonly seen: TimeQueue;
  readonly counted: TimeQueue;
  requests: number;
  rejected: number;
  peak: number;
  peakAt: number;
  window: number;
  inWindow: number;
  tokens: number;
  tokensAt: number;
}

export function createQuota(clock: Clock, rules: () => QuotaRules): Quota {
  const lanes = new Map<string, Lane>();
  const laneOf = (app: string): Lane => {
    const known = lanes.get(app);
    if (known !== undefined) return known;
    const fresh = newLane(rules().quotaLimit, clock.now());
    lanes.set(app, fresh);
    return fresh;
  };
  return {
    ask(app): number | undefined {
      const lane = laneOf(app);
      const now = clock.now();
      look(lane, now, rules().quotaWindowMs);
      const waitMs = DECIDE[rules().quotaAlgorithm](lane, now, rules());
      if (waitMs !== undefined) lane.rejected += 1;
      return waitMs;
    },
    counts: () =>
      [...lanes].map(([app, { requests, rejected, peak, peakAt, seen }]) => {
        const current = seen.countAfter(clock.now() - rules().quotaWindowMs);
        return { app, requests, rejected, peak, peakAt, current };
      }),
    reset: () => lanes.clear(),
  };
}

function newLane(limit: number, now: number): Lane {
  return {
    seen: createTimeQueue(),
    counted: createTimeQueue(),
    requests: 0,
    rejected: 0,
    peak: 0,
    peakAt: now,
    window: -1,
    inWindow: 0,
    tokens: limit,
    tokensAt: now,
  };
}

function look(lane: Lane, now: number, windowMs: number): void {
  lane.requests += 1;
  lane.seen.add(now);
  const inWindow = lane.seen.countAfter(now - windowMs);
  if (inWindow <= lane.peak) return;
  lane.peak = inWindow;
  lane.peakAt = now;
}

/** A bucket that is full to a rounding error is full. */
const ROUNDING = 1e-6;

type Decide = (lane: Lane, now: number, rules: QuotaRules) => number | undefined;

const DECIDE: Readonly<Record<QuotaRules['quotaAlgorithm'], Decide>> = {
  sliding(lane, now, { quotaLimit, quotaWindowMs, quotaCountsRejected }) {
    const before = lane.counted.countAfter(now - quotaWindowMs);
    const rejected = before >= quotaLimit;
    if (!rejected || quotaCountsRejected === 'yes') lane.counted.add(now);
    if (!rejected) return undefined;
    const after = lane.counted.countAfter(now - quotaWindowMs);
    return lane.counted.at(Math.max(0, after - quotaLimit)) + quotaWindowMs - now;
  },
  fixed(lane, now, { quotaLimit, quotaWindowMs, quotaPhaseMs, quotaCountsRejected }) {
    const window = Math.floor((now - quotaPhaseMs) / quotaWindowMs);
    if (window !== lane.window) lane.inWindow = 0;
    lane.window = window;
    const rejected = lane.inWindow >= quotaLimit;
    if (!rejected || quotaCountsRejected === 'yes') lane.inWindow += 1;
    return rejected ? (window + 1) * quotaWindowMs + quotaPhaseMs - now : undefined;
  },
  bucket(lane, now, { quotaLimit, quotaWindowMs, quotaCountsRejected }) {
    const perMs = quotaLimit / quotaWindowMs;
    lane.tokens = Math.min(quotaLimit, lane.tokens + (now - lane.tokensAt) * perMs);
    lane.tokensAt = now;
    const rejected = lane.tokens < 1 - ROUNDING;
    if (!rejected) lane.tokens -= 1;
    // A rejected request digs the hole deeper, but never deeper than one whole bucket.
    else if (quotaCountsRejected === 'yes') {
      lane.tokens = Math.max(-quotaLimit, lane.tokens - 1);
    }
    return rejected ? (1 - lane.tokens) / perMs : undefined;
  },
};

interface TimeQueue {
  add(at: number): void;
  /** Forgets everything up to `limit` and counts the rest. */
  countAfter(limit: number): number;
  /** The nth oldest that is left. */
  at(n: number): number;
}

/** More than any storm in a test; beyond it the count stays a lower bound. */
const MAX_TIMES = 200_000;

function createTimeQueue(): TimeQueue {
  let times: number[] = [];
  let head = 0;
  return {
    add(at): void {
      if (times.length - head < MAX_TIMES) times.push(at);
    },
    countAfter(limit): number {
      while (head < times.length && (times[head] ?? Infinity) <= limit) head += 1;
      if (head > 4_096 && head * 2 > times.length) {
        times = times.slice(head);
        head = 0;
      }
      return times.length - head;
    },
    at: (n) => times[head + n] ?? 0,
  };
}
