/** The real clock: the one place where product code reads the machine's time. */
import type { Clock } from '../lib/clock.ts';

/** Longest delay a timer takes; a longer one is waited for in parts. */
const LONGEST_MS = 2 ** 31 - 1;

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (delayMs, task) => {
      const timer = setTimeout(task, Math.min(LONGEST_MS, Math.max(0, delayMs)));
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
