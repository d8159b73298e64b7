/** I10: one write in flight for an account, whichever machine it left. */
import type { CheckerKind } from '../court.ts';
import type { Trip } from '../wire.ts';

export const FLIGHT: CheckerKind = {
  id: 'I10',
  promise: 'There is at most one write on its way for a person and platform.',
  open(_world, report) {
    const flying = new Map<string, Trip>();
    return {
      departed: (trip) => {
        if (trip.kind !== 'write') return;
        const key = `${trip.host} ${trip.account ?? ''}`;
        const other = flying.get(key);
        // What a dead process had sent counts as unclear, which I11 judges.
        if (other !== undefined && other.endedAt === undefined && !other.machine.isDead)
          report(
            `a second write left while one of ${other.departedAt} was on its way`,
            trip.account,
          );
        flying.set(key, trip);
      },
    };
  },
};
