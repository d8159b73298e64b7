/**
 * The order of events by their own numbers. Whether a number counts the events of an agent or those
 * of a subscription is published nowhere, so both are allowed for:
 *
 * O1  Within one agent numbers only grow, under either; what does not grow is repeated or late.
 * O2  A number is the next one when it follows the agent's last or the last of all. What is neither
 *     shows that something is missing.
 */

export type Place = 'first' | 'next' | 'gap' | 'repeated' | 'late' | 'unnumbered';

/** Far above the agents of the largest domain. */
const KEPT_MAX = 200_000;
/** Of numbers that an agent's gaps left open, so that a late one is told from a repeated one. */
const MISSED_MAX = 64;

interface Track {
  last: number;
  readonly missed: Set<number>;
}

export class EventOrder {
  readonly #tracks = new Map<string, Track>();
  readonly #lasts = new Map<string, number>();

  /** Takes the number into account and says where it stands. */
  place(agent: string, subscription: string, sequence: number | undefined): Place {
    if (sequence === undefined) return 'unnumbered';
    const key = `${subscription}\n${agent}`;
    const follows = this.#lasts.get(subscription) === sequence - 1;
    const track = this.#tracks.get(key);
    if (track !== undefined && sequence <= track.last) return behind(track, sequence);
    this.#lasts.set(subscription, sequence);
    if (track === undefined) {
      this.#begin(key, sequence);
      return 'first';
    }
    const isNext = follows || sequence === track.last + 1;
    if (!isNext) miss(track, sequence);
    track.last = sequence;
    return isNext ? 'next' : 'gap';
  }

  #begin(key: string, last: number): void {
    if (this.#tracks.size >= KEPT_MAX) this.#tracks.clear();
    this.#tracks.set(key, { last, missed: new Set() });
  }
}

function behind(track: Track, sequence: number): Place {
  return track.missed.delete(sequence) ? 'late' : 'repeated';
}

function miss(track: Track, upTo: number): void {
  const from = Math.max(track.last + 1, upTo - MISSED_MAX);
  for (let number = from; number < upTo; number += 1) track.missed.add(number);
  for (const number of track.missed) {
    if (track.missed.size <= MISSED_MAX) break;
    track.missed.delete(number);
  }
}
