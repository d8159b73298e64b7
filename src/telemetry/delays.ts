/**
 * Delays by direction, for people: mean and 95th percentile over the newest ones. For monitoring
 * over time there is the histogram in `metrics.ts`; this answers "how fast is it now?".
 *
 * The memory is bounded: a ring for each direction, and a number of directions.
 */
import type { PlatformId } from '../model/ids.ts';

export interface DelaySummary {
  readonly from: PlatformId;
  readonly to: PlatformId;
  /** Null while there is no sample. */
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  /** Samples that the two figures rest on. */
  readonly count: number;
}

export interface Delays {
  /** Negative and unknown delays are left out. */
  record(from: PlatformId, to: PlatformId, delayMs: number): void;
  /** In ascending order of direction. */
  summary(): DelaySummary[];
}

interface Ring {
  readonly from: PlatformId;
  readonly to: PlatformId;
  readonly samples: number[];
  next: number;
}

const SAMPLES_MAX = 1_000;
const DIRECTIONS_MAX = 100;

export function createDelays(samplesMax: number = SAMPLES_MAX): Delays {
  const rings = new Map<string, Ring>();
  return {
    record: (from, to, delayMs): void => {
      if (!Number.isFinite(delayMs) || delayMs < 0) return;
      const key = `${from}>${to}`;
      let ring = rings.get(key);
      if (ring === undefined) {
        if (rings.size >= DIRECTIONS_MAX) return;
        ring = { from, to, samples: [], next: 0 };
        rings.set(key, ring);
      }
      ring.samples[ring.next] = delayMs;
      ring.next = (ring.next + 1) % samplesMax;
    },
    summary: (): DelaySummary[] => {
      const sorted = [...rings].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return sorted.map(([, ring]) => summarise(ring));
    },
  };
}

function summarise({ from, to, samples }: Ring): DelaySummary {
  const count = samples.length;
  if (count === 0) return { from, to, meanMs: null, p95Ms: null, count };
  const ascending = samples.toSorted((a, b) => a - b);
  const sum = ascending.reduce((total, one) => total + one, 0);
  // Nearest rank: the smallest sample that at least 95 % do not exceed.
  const p95Ms = ascending[Math.ceil(0.95 * count) - 1] ?? null;
  return { from, to, meanMs: sum / count, p95Ms, count };
}
