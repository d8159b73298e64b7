/** F01: when the vendor says "not before", nothing is sent before. */
import type { CheckerKind } from '../court.ts';
import type { Machine } from '../machine.ts';

const LONGEST_S = 3_600;

export const CLOSED: CheckerKind = {
  id: 'I5b',
  promise: 'When Graph asks to wait, nothing is sent before the wait is over, however long it is.',
  open(world, report) {
    const closed = new Map<Machine, number>();
    return {
      departed: ({ host, kind, machine, url }) => {
        if (host !== 'graph' || kind === 'other') return;
        const until = closed.get(machine) ?? 0;
        if (world.clock.now() < until)
          report(`sent ${until - world.clock.now()} ms too early: ${url.slice(-40)}`);
      },
      ended: ({ host, kind, machine, status, retryAfter = '', endedAt = 0 }) => {
        if (host !== 'graph' || kind === 'other' || status !== 429) return;
        if (!/^\d+$/.test(retryAfter)) return;
        const seconds = Math.min(LONGEST_S, Number(retryAfter));
        closed.set(machine, Math.max(closed.get(machine) ?? 0, endedAt + seconds * 1_000 - 1));
      },
    };
  },
};
