/**
 * How often whom: the periods of the sweep, stretched until reads fit their share of the quota and
 * of the network. Pure.
 *
 * D1  The expected reads stay within `quotaShare` of the quota, and the expected bytes within
 *     `bytesPerSecond` per person, whatever the numbers of people. A small tenant may use
 *     `freeBytesPerSecond` in all, which is next to nothing on any network.
 * D2  People who could be given a contact now (hot) are slowed down last.
 */
import type { Interest } from '../connector.ts';

/** Settings; all positive numbers, times in ms. */
export interface Cadence {
  readonly hotMs: number;
  /** As far as bytes alone may stretch the hot period. */
  readonly hotMaxMs: number;
  readonly warmMs: number;
  readonly coldMs: number;
  /** Ids in one read; the vendor takes 650. */
  readonly batch: number;
  /** Reads under way at once. */
  readonly concurrent: number;
  /** Shortest time between the starts of two reads. */
  readonly spacingMs: number;
  /** Someone due within this share of their period is read along with those who are due. */
  readonly early: number;
  readonly quotaShare: number;
  readonly bytesPerSecond: number;
  readonly freeBytesPerSecond: number;
  /** How far warm and cold periods are stretched before hot ones are. */
  readonly stretch: number;
  /** Someone whom the platform does not know is asked for ever less often, down to this period. */
  readonly missingMaxMs: number;
}

export const CADENCE: Cadence = {
  hotMs: 1_250,
  hotMaxMs: 1_900,
  warmMs: 2_500,
  coldMs: 10_000,
  batch: 650,
  concurrent: 4,
  spacingMs: 500,
  early: 0.4,
  quotaShare: 0.08,
  bytesPerSecond: 60,
  freeBytesPerSecond: 20_000,
  stretch: 4,
  missingMaxMs: 300_000,
};

/** Until it is measured: an id in the request, and a person in the answer without compression. */
export const BYTES_PER_ID_AT_FIRST = 300;

export type Periods = Readonly<Record<Interest, number>>;

export type Crowd = Readonly<Record<Interest, number>>;

export interface Quota {
  readonly requests: number;
  readonly windowMs: number;
}

/** `bytesPerId`: what reading one person once costs on the network, as measured. */
export function periodsFor(
  cadence: Cadence,
  crowd: Crowd,
  bytesPerId: number,
  quota: Quota,
): Periods {
  const base: Periods = { hot: cadence.hotMs, warm: cadence.warmMs, cold: cadence.coldMs };
  const people = crowd.hot + crowd.warm + crowd.cold;
  const byQuota = stretched(
    base,
    (interest) => Math.ceil(crowd[interest] / cadence.batch),
    (cadence.quotaShare * quota.requests * 1_000) / quota.windowMs,
    cadence.stretch,
  );
  const byBytes = stretched(
    byQuota,
    (interest) => crowd[interest] * bytesPerId,
    Math.max(cadence.freeBytesPerSecond, cadence.bytesPerSecond * people),
    cadence.stretch,
  );
  // D3: bytes are only money; somebody who may be given a contact is not read later for them.
  return { ...byBytes, hot: Math.min(byBytes.hot, Math.max(byQuota.hot, cadence.hotMaxMs)) };
}

/** Periods under which the costs per second add up to no more than `limit`. */
function stretched(
  periods: Periods,
  costOf: (interest: Interest) => number,
  limit: number,
  most: number,
): Periods {
  const rate = (interest: Interest): number => (costOf(interest) * 1_000) / periods[interest];
  const hot = rate('hot');
  const rest = rate('warm') + rate('cold');
  if (hot + rest <= limit) return periods;
  const slow = limit > hot ? Math.min(most, Math.max(1, rest / (limit - hot))) : most;
  const over = Math.max(1, (hot + rest / slow) / limit);
  return {
    hot: Math.ceil(periods.hot * over),
    warm: Math.ceil(periods.warm * slow * over),
    cold: Math.ceil(periods.cold * slow * over),
  };
}
