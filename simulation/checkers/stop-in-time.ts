/** L2: whoever is busy in Teams is not routed to, within seconds, as long as both vendors can be read. */
import type { CheckerKind } from '../court.ts';

/** The slowest sweep of anybody, and five seconds. */
const WITHIN_MS = 15_000;
/** How long all must have been well before. */
const CALM_MS = 150_000;

export const STOP_IN_TIME: CheckerKind = {
  id: 'L2',
  promise: 'Whoever is busy in Teams is no longer routed to within seconds.',
  open(world, report) {
    const told = new Set<string>();
    let activeSince = Number.POSITIVE_INFINITY;
    return {
      looked: () => {
        const now = world.clock.now();
        const engine = world.active();
        if (engine === undefined) activeSince = Number.POSITIVE_INFINITY;
        else activeSince = Math.min(activeSince, now);
        if (now - activeSince < 60_000 || now - world.calm.disturbedUntil < CALM_MS) return;
        if (world.config.policy.strategy === 'contact_centre_wins') return;
        for (const { id, agent, user } of world.mapped()) {
          const { stopsSince } = world.truths.of(user);
          if (stopsSince === undefined || now - stopsSince < WITHIN_MS + slowdown(world)) continue;
          const { routable, since } = world.five9.acts.truth(agent);
          const key = `${id} ${stopsSince}`;
          const isExcused =
            world.excused.has(user) || world.poisoned.has(id) || world.afflicted.has(user);
          // Ready pressed after the status was chosen is the agent's own wish.
          if (!routable || since > stopsSince || told.has(key) || isExcused) continue;
          told.add(key);
          report(`is routable ${now - stopsSince} ms after being busy in Teams`, id);
        }
      },
    };
  },
};

/** Slow settings of the world: cadence, batches of the vendor, latency, a small quota. */
function slowdown(world: Parameters<CheckerKind['open']>[0]): number {
  const { cadence, five9, policy } = world.options;
  return (
    (cadence?.coldMs ?? 10_000) -
    10_000 +
    (five9?.batchMs ?? 0) +
    2 * (policy?.dwell?.toFive9Ms ?? 0) +
    5_000
  );
}
