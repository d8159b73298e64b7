/** L1, L6: once all is healed and quiet, everybody is in step, or blocked for a reason that still holds. */
import type { CheckerKind } from '../court.ts';

/** Reasons that a person's own acts may leave behind; all others must have gone with their cause. */
const LASTING = new Set([
  'outranked_by_human',
  'may_be_chosen',
  'overridden_in_five9',
  'not_shown',
]);

export const IN_STEP: CheckerKind = {
  id: 'L1',
  promise: 'When the trouble is over, everybody is in step again within minutes.',
  open(world, report) {
    return {
      rested: () => {
        const engine = world.active();
        for (const id of engine?.agents() ?? []) {
          const situation = engine?.situation(id);
          if (situation === undefined || situation.status === 'in_step') continue;
          const blocked = Object.values(situation.plans).flatMap((plan) =>
            plan.kind === 'blocked' ? [plan.blocked.reason] : [],
          );
          const isFine = situation.status === 'blocked' && blocked.every((why) => LASTING.has(why));
          if (!isFine) report(`is ${situation.status} ${blocked.join(', ')}`.trim(), id);
        }
      },
    };
  },
};
