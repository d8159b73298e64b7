/** I13: whatever we have put into a session is in the ledger, or ends by itself. */
import type { CheckerKind } from '../court.ts';
import { OURS } from '../vendors.ts';

const SETTLING_MS = 90_000;
const LONGEST_LIFE_MS = 4 * 3_600_000;

export const LEDGER: CheckerKind = {
  id: 'I13',
  promise: 'Lockstep knows of everything that it has put anywhere, or it ends by itself.',
  open(world, report) {
    const since = new Map<string, number>();
    return {
      looked: () => {
        const engine = world.active();
        const now = world.clock.now();
        for (const { id, user } of world.mapped()) {
          const session = world.truths
            .of(user)
            .truth.sessions.find((each) => each.app && each.id === OURS);
          if ((session?.expiresAt ?? 0) > now + LONGEST_LIFE_MS)
            report('a session has no end', user);
          const face = engine?.situation(id)?.state.faces['teams'];
          const isKnown =
            session === undefined ||
            face === undefined ||
            face.unknownSince !== undefined ||
            face.intent !== undefined ||
            [...face.ours, ...face.fading.map(({ mark }) => mark)].some(
              ({ kind }) => kind === 'session',
            );
          if (isKnown) since.delete(user);
          else if (!since.has(user)) since.set(user, now);
          const missing = since.get(user);
          if (
            missing !== undefined &&
            now - missing > SETTLING_MS &&
            now - missing <= SETTLING_MS + 5_000
          )
            world.evidence.count('ledger.forgotten_until_expiry');
        }
      },
    };
  },
};
