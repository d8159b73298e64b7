/** The clock seam. Product code gets one handed in; it never reads the time itself. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall-clock time, epoch ms. For records and display. */
  now(): number;
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
