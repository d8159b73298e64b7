/** Waits for work no longer than a given time on a given clock. */
import type { Clock } from '../../src/lib/clock.ts';

/** Never rejects: what fails is `failed`, what takes too long is `timeout`. */
export function within<T>(
  clock: Clock,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T | 'timeout' | 'failed'> {
  return new Promise((resolve) => {
    const timer = clock.after(timeoutMs, () => resolve('timeout'));
    const end = (result: T | 'failed'): void => {
      timer.cancel();
      resolve(result);
    };
    // What throws at once fails like what rejects.
    const started = async (): Promise<T> => work();
    started().then(end, () => end('failed'));
  });
}
