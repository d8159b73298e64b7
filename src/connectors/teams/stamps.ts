/**
 * Whether Graph's `sequenceNumber` can be relied on in this tenant. The vendor calls it sortable
 * as text, some national clouds do not have it, and nobody says whether it moves only when the
 * presence moves, so it is used only as long as it behaves:
 * https://learn.microsoft.com/en-us/graph/api/resources/presence
 *
 * V1  A stamp that is missing, goes back, or moves without a change of the value in more than 5 %
 *     of at least 200 pairs of reads ends the use of stamps for as long as this connector lives.
 */

/** What was read of somebody the last time. */
export interface Seen {
  /** Everything that is read of the presence, as one text. */
  readonly value: string;
  readonly stamp?: string;
}

const SAMPLES_MIN = 200;
const RESTLESS_SHARE_MAX = 0.05;
export const STAMP_MAX = 128;

export class Stamps {
  #usable = true;
  #samples = 0;
  #restless = 0;
  readonly #onUnusable: (why: string) => void;

  constructor(onUnusable: (why: string) => void) {
    this.#onUnusable = onUnusable;
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** What a notification brought is counted in another way than what is read. */
  incomparable(): void {
    if (this.#usable) this.#end('incomparable');
  }

  /** The stamp to hand on with `next`, read after `last`; undefined when it is of no use. */
  admit(last: Seen | undefined, next: Seen): string | undefined {
    if (!this.#usable) return undefined;
    const { stamp } = next;
    if (stamp === undefined || stamp === '' || stamp.length > STAMP_MAX) return this.#end('absent');
    if (last?.stamp !== undefined) {
      if (stamp < last.stamp) return this.#end('regressed');
      if (last.value === next.value) this.#sample(stamp !== last.stamp);
    }
    const many = this.#samples >= SAMPLES_MIN;
    if (many && this.#restless > this.#samples * RESTLESS_SHARE_MAX) return this.#end('restless');
    return stamp;
  }

  #sample(moved: boolean): void {
    this.#samples += 1;
    if (moved) this.#restless += 1;
  }

  #end(why: string): undefined {
    this.#usable = false;
    this.#onUnusable(why);
  }
}
