/** I22: the chain of the journal verifies. */
import type { CheckerKind } from '../court.ts';

export const CHAIN: CheckerKind = {
  id: 'I22',
  promise: 'The journal is a chain without a gap, and any change to it would show.',
  open(world, report) {
    return {
      rested: async () => {
        if (world.active() === undefined) return;
        const { ok, detail } = await world.journal.verify();
        if (!ok) report(detail);
      },
    };
  },
};
