/** The seeds that every run of the tests goes through. */

export const FIXED_SEEDS = { first: 1, last: 2_000 } as const;

/** Seeds beyond them that broke a promise once. */
export const KEPT_SEEDS: readonly number[] = [
  2_284, 2_539, 2_583, 2_697, 3_312, 3_487, 4_533, 4_799, 4_831, 5_227, 5_703, 6_219,
  179_554_129_715, 179_554_129_765, 179_555_151_154, 179_555_151_272, 179_555_151_603,
  179_555_710_882, 179_556_043_555, 179_556_044_495, 179_556_368_710,
];

/** One after the other; undefined at the end. */
export function allSeeds(): () => number | undefined {
  const kept = KEPT_SEEDS.values();
  let next: number = FIXED_SEEDS.first;
  return () => {
    if (next > FIXED_SEEDS.last) return kept.next().value;
    const seed = next;
    next += 1;
    return seed;
  };
}

/** The given one first, then all others. */
export function seedsFrom(first: number): () => number | undefined {
  const others = allSeeds();
  let isFirst = true;
  return () => {
    if (!isFirst) return others();
    isFirst = false;
    return first;
  };
}
