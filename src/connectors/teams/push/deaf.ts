/**
 * Notices a channel that has fallen silent although its subscription stands: changes that a read
 * has found and nobody has announced. A public report tells of four such days:
 * https://github.com/MicrosoftDocs/msteams-docs/issues/11452
 *
 * Times are monotonic ms and are handed in.
 */

/** The vendor's longest delay of a presence notification. */
const ANNOUNCED_WITHIN_MS = 60_000;
const WINDOW_MS = 60_000;
const MISSES_MAX = 3;

interface Change {
  readonly account: string;
  readonly at: number;
}

export class Hearing {
  readonly #noticedAt = new Map<string, number>();
  #waiting: Change[] = [];
  #misses: number[] = [];

  /** A notification told of the account. */
  noticed(account: string, now: number): void {
    this.#noticedAt.set(account, now);
  }

  /** A read has found a change of the account. */
  changed(account: string, now: number): void {
    this.#waiting.push({ account, at: now });
  }

  /** True when too many changes of late were announced by nobody. */
  isDeaf(now: number): boolean {
    const due = this.#waiting.filter(({ at }) => now >= at + ANNOUNCED_WITHIN_MS);
    if (due.length > 0) this.#waiting = this.#waiting.filter((each) => !due.includes(each));
    for (const { account, at } of due) {
      const heard = this.#noticedAt.get(account) ?? -Infinity;
      if (heard < at - ANNOUNCED_WITHIN_MS) this.#misses.push(at);
    }
    this.#misses = this.#misses.filter((at) => now - at < ANNOUNCED_WITHIN_MS + WINDOW_MS);
    return this.#misses.length >= MISSES_MAX;
  }

  reset(): void {
    this.#noticedAt.clear();
    this.#waiting = [];
    this.#misses = [];
  }
}
