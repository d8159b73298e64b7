/**
 * The server's time, worked out on this machine. Every age on the page is counted against it, so
 * that a viewer's wrong clock cannot make old data look fresh.
 *
 * A message travels before it is read, so each sample of (server time - local time) is too small by
 * the travel time: the largest sample is the best one. A sample far off means that one of the two
 * clocks was set, and starts anew.
 */

/** Samples further apart than this are a clock that was set, not a slow network. */
const JUMP_MS = 5000;

export interface ServerClock {
  /** Epoch ms on the server's clock. */
  readonly now: () => number;
  /** Learns from a message that carries the server's time. */
  readonly learn: (serverTime: number) => void;
}

export function createServerClock(localNow: () => number): ServerClock {
  let offset: number | undefined;
  return {
    now: () => localNow() + (offset ?? 0),
    learn(serverTime: number): void {
      const sample = serverTime - localNow();
      const keep = offset !== undefined && sample < offset && offset - sample < JUMP_MS;
      if (!keep) offset = sample;
    },
  };
}
