/** I16: whatever comes in, the core has an answer: nobody is set aside but who was poisoned. */
import type { CheckerKind } from '../court.ts';

export const QUARANTINED: CheckerKind = {
  id: 'I16',
  promise: 'One agent whose data cannot be taken never stops another.',
  open(world, report) {
    const told = new Set<string>();
    return {
      looked: () => {
        const engine = world.active();
        for (const { id } of world.people) {
          const reason = engine?.population.situation(id)?.state.quarantined;
          if (reason === undefined || world.poisoned.has(id) || told.has(id)) continue;
          told.add(id);
          report(`was set aside: ${reason.why}`, id);
        }
      },
      rested: () => {
        for (const id of world.poisoned) {
          if (world.active()?.situation(id)?.state.quarantined !== undefined)
            report('is still set aside although its cause is gone', id);
        }
      },
    };
  },
};
