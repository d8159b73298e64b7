/** A list that keeps the newest entries and counts all of them. */

export class BoundedLog<T> {
  private entries: T[] = [];
  private readonly limit: number;
  /** How many were ever added. */
  total = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(entry: T): void {
    this.total += 1;
    this.entries.push(entry);
    if (this.entries.length >= 2 * this.limit) this.entries = this.entries.slice(-this.limit);
  }

  /** Oldest first. */
  list(): readonly T[] {
    return this.entries.slice(-this.limit);
  }

  clear(): void {
    this.entries = [];
    this.total = 0;
  }
}
