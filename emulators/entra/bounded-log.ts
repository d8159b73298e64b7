/** A log that keeps the newest `limit` entries and still knows how many there ever were. */

export interface BoundedLog<T> {
  push(entry: T): void;
  /** Entries from number `from` on (the first entry ever is number 0), oldest first. */
  since(from?: number): readonly T[];
  /** How many entries were ever pushed; also the number that the next one will get. */
  total(): number;
  /** How many have been forgotten because of the limit. */
  dropped(): number;
  clear(): void;
}

export function boundedLog<T>(limit: number): BoundedLog<T> {
  let kept: T[] = [];
  let total = 0;
  return {
    push(entry: T): void {
      kept.push(entry);
      total += 1;
      // Trimmed in halves, so that a full log costs no shift for every entry.
      if (kept.length >= limit * 2) kept = kept.slice(kept.length - limit);
    },
    since(from = 0): readonly T[] {
      const visible = kept.slice(Math.max(0, kept.length - limit));
      const first = total - visible.length;
      return visible.slice(Math.max(0, from - first));
    },
    total: () => total,
    dropped: () => Math.max(0, total - limit),
    clear(): void {
      kept = [];
      total = 0;
    },
  };
}
