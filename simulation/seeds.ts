/** The seeds that every run of the tests goes through. */

export const FIXED_SEEDS = { first: 1, last: 2_000 } as const;

/** One after the other; undefined after `last`. */
export function seedsUpTo(last: number): () => number | undefined {
  let next: number = FIXED_SEEDS.first;
  return () => {
    const seed = next;
    next += 1;
    return seed > last ? undefined : seed;
  };
}

/** The given one first, then all others. */
export function seedsFrom(first: number, last: number): () => number | undefined {
  const others = seedsUpTo(last);
  let isFirst = true;
  return () => {
    if (!isFirst) return others();
    isFirst = false;
    return first;
  };
}
