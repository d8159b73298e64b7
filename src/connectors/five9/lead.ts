/**
 * Who speaks for the platform where there are two sources: the feed from the first row of a
 * connection to its end, and whatever stands in for it between two connections.
 *
 * What stands in has a generation of its own, half a step above the last connection that brought
 * rows. It is above all that the feed has told and below all that it will tell, so neither of the two
 * is ever taken for older news of the other.
 */
export class Lead {
  /** The last connection that brought rows. */
  private told: number;
  private begun: number;
  /** The last connection that has ended; what comes of it afterwards opens nothing. */
  private closed = Number.NEGATIVE_INFINITY;
  private isOpen = false;

  /** Every connection to come has a generation above `first`. */
  constructor(first: number) {
    this.told = first;
    this.begun = first;
  }

  /** The generation of a connection that begins. Seconds, so that a later process is above an earlier one. */
  begins(now: number): number {
    this.begun = Math.max(this.begun + 1, Math.floor(now / 1_000));
    return this.begun;
  }

  /** A frame of the connection of this generation; only one with rows tells anything. */
  hears(frame: object, generation: number): void {
    if (!('rows' in frame) || generation <= this.closed) return;
    this.told = generation;
    this.isOpen = true;
  }

  /** The connection that began last has ended. */
  ended(): void {
    this.closed = this.begun;
    this.isOpen = false;
  }

  /** The generation of what stands in; undefined while the feed speaks for itself. */
  standIn(): number | undefined {
    return this.isOpen ? undefined : this.told + 0.5;
  }
}
