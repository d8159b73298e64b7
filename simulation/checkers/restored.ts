/**
 * P2: everybody is back where they were: once nobody is on a contact, nothing of ours is left in
 * Teams and colleagues see exactly what they would see had we never written.
 */
import type { CheckerKind } from '../court.ts';
import { OURS } from '../vendors.ts';

export const RESTORED: CheckerKind = {
  id: 'P2',
  promise: 'Afterwards Teams shows exactly what it showed before.',
  open(world, report) {
    return {
      rested: () => {
        const users = new Set(world.graph.acts.users());
        for (const { id, user } of world.mapped()) {
          if (!users.has(user)) continue;
          const truth = world.graph.acts.truth(user);
          if (truth.sessions.some((session) => session.app && session.id === OURS))
            report('a session of ours is left', id);
          if (truth.preferred?.by === 'app') report('a preferred presence of ours is left', id);
          const { withoutApps } = truth;
          const isBack =
            truth.availability === withoutApps.availability &&
            truth.activity === withoutApps.activity;
          if (!isBack && !world.excused.has(user))
            report(
              `shows ${truth.availability}/${truth.activity} instead of ${withoutApps.availability}/${withoutApps.activity}`,
              id,
            );
        }
      },
    };
  },
};
