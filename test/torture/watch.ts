/** What is measured of a running process, and when it counts as growing. Pure. */

export interface Lag {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Bytes. */
export interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
}

export interface Watched {
  readonly ok: boolean;
  readonly records: number;
  readonly snapshots: number;
  readonly lag: Lag;
  /** Of a thread that does nothing: how late the machine makes everybody. */
  readonly idleLag: Lag;
  readonly samples: readonly Sample[];
}

/**
 * How much more is in use in the last third than in the second; the first is warming up. The lowest
 * value of a third is what is left after its collections, or near it.
 */
export function growth(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  return Math.min(...values.slice(2 * third)) - Math.min(...values.slice(third, 2 * third));
}

/** The longest standstills of an event loop, ms. */
export interface Stalls {
  readonly agents: number;
  /** What the socket carried for one reading, unpacked. */
  readonly bytes: number;
  /** While everything is read for the first time. */
  readonly first: number;
  /** While everything is read again, each time. */
  readonly again: readonly number[];
  /** While everybody's state changes at once. */
  readonly all: number;
  /** The longest single call that took some of those changes in. */
  readonly callMs: number;
}
