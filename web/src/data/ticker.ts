/** Tells followers once a second that time has passed; rests while nobody follows. */

export interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  /** Whole seconds of the server's time: the same value between two ticks. */
  readonly second: () => number;
}

export interface TickerSeams {
  readonly serverNow: () => number;
  /** Runs the task every `everyMs`; returns the way to stop. */
  readonly every: (everyMs: number, task: () => void) => () => void;
}

export function createTicker(seams: TickerSeams): Ticker {
  const listeners = new Set<() => void>();
  let second = Math.floor(seams.serverNow() / 1000);
  let stop: (() => void) | undefined;

  function tick(): void {
    second = Math.floor(seams.serverNow() / 1000);
    for (const listener of listeners) listener();
  }

  return {
    second: () => second,
    subscribe(listener): () => void {
      listeners.add(listener);
      stop ??= seams.every(1000, tick);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
