/** The clock seam. Product code gets one handed in; it never reads the time itself. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Time of day, epoch ms. For records, and for what lasts until a given time. */
  now(): number;
  /** What the machine's own clock says, for signatures that others check; absent: `now`. */
  wall?(): number;
  /** Monotonic time, ms. For intervals: it never jumps. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; never earlier. */
  after(delayMs: number, task: () => void): Timer;
}

/** Resolves after `delayMs` on the given clock. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

export interface SteadyClock extends Clock {
  /** Time goes on from here if it would otherwise be earlier. */
  notBefore(at: number): void;
}

/** Largest share of the time that passes by which the wall clock's time is approached. */
const SLEW = 0.05;
const JUMP_MS = 2_000;

/**
 * Wall-clock time that never jumps (F96): it goes on with monotonic time, and where the two differ
 * it is up to a twentieth faster or slower until they agree. What is older stays older, and a life
 * of five minutes stays one, whatever a time server does. `onJump` is told once for each jump.
 */
export function steadyClock(inner: Clock, onJump: (ms: number) => void): SteadyClock {
  let last = inner.monotonic();
  let offset = inner.now() - last;
  let wallOffset = offset;
  const advance = (): number => {
    const monotonic = inner.monotonic();
    const wall = inner.now() - monotonic;
    if (Math.abs(wall - wallOffset) >= JUMP_MS) onJump(Math.round(wall - wallOffset));
    wallOffset = wall;
    const most = (monotonic - last) * SLEW;
    offset += Math.max(-most, Math.min(most, wall - offset));
    last = monotonic;
    return monotonic + offset;
  };
  return {
    now: () => Math.floor(advance()),
    wall: () => inner.now(),
    monotonic: () => inner.monotonic(),
    after: (delayMs, task) => inner.after(delayMs, task),
    notBefore: (at): void => {
      offset += Math.max(0, at - advance());
    },
  };
}
