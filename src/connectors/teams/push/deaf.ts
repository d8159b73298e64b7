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
  #since = -Infinity;

  /** A notification told of the account. */
  noticed(account: string, now: number): void {
    this.#noticedAt.set(account, now);
  }

  /** A read has found a change of the account. */
  changed(account: string, now: number): void {
    if (now >= this.#since) this.#waiting.push({ account, at: now });
  }

  /** True when too many changes of late were announced by nobody. */
  isDeaf(now: number): boolean {
    const waiting: Change[] = [];
    for (const change of this.#waiting) {
      if (now < change.at + ANNOUNCED_WITHIN_MS) waiting.push(change);
      else if (!this.#wasAnnounced(change)) this.#misses.push(change.at);
    }
    this.#waiting = waiting;
    this.#misses = this.#misses.filter((at) => now - at < ANNOUNCED_WITHIN_MS + WINDOW_MS);
    this.#forget(now);
    return this.#misses.length >= MISSES_MAX;
  }

  /** It stands anew. What changed shortly before was announced to nobody, and is found only now. */
  begin(now: number): void {
    this.#noticedAt.clear();
    this.#waiting = [];
    this.#misses = [];
    this.#since = now + ANNOUNCED_WITHIN_MS;
  }

  #wasAnnounced({ account, at }: Change): boolean {
    return (this.#noticedAt.get(account) ?? -Infinity) >= at - ANNOUNCED_WITHIN_MS;
  }

  /** No change that still waits can be as old. */
  #forget(now: number): void {
    for (const [account, at] of this.#noticedAt) {
      if (at < now - 2 * ANNOUNCED_WITHIN_MS) this.#noticedAt.delete(account);
    }
  }
}
