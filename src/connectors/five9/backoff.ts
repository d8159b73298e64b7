/** A pause that doubles up to its limit, with jitter, so that many do not come back at once. */
import type { Random } from '../../lib/random.ts';

export interface Backoff {
  /** The next pause, ms. */
  next(): number;
  reset(): void;
}

/** 2^16 times the shortest pause is above every limit. */
const MOST_DOUBLINGS = 16;

export function createBackoff(random: Random, minMs: number, maxMs: number): Backoff {
  let attempt = 0;
  return {
    next(): number {
      const ceiling = Math.min(maxMs, minMs * 2 ** attempt);
      attempt = Math.min(MOST_DOUBLINGS, attempt + 1);
      return Math.round(ceiling * (0.5 + random.next() / 2));
    },
    reset(): void {
      attempt = 0;
    },
  };
}
