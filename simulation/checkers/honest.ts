/**
 * I25: nobody is called in step on old data. What the board shows as current must be what the
 * platform shows, or must have been within the time in which data may be acted on.
 */
import { personOf } from '../people/person.ts';
import type { CheckerKind } from '../court.ts';
import { STALE_AFTER_MS } from '../product.ts';
import type { World } from '../world.ts';

/** The feed is judged once a second, and we look every five. */
const SLACK_MS = 15_000;

export const HONEST: CheckerKind = {
  id: 'I25',
  promise: 'The board never calls old data current, nor a person in step who is not known to be.',
  open(world, report) {
    const told = new Set<string>();
    return {
      looked: () => {
        const engine = world.active();
        const now = world.clock.now();
        if (engine === undefined) return;
        for (const id of engine.agents()) {
          const user = engine.population.person(id)?.accounts['teams'] ?? '';
          if (engine.status(id) !== 'in_step' || personOf(world, user) === undefined) continue;
          const seen = engine.situation(id)?.state.faces['teams']?.seen?.presence.raw;
          const { truth, shownSince } = world.truths.of(user);
          const limit = STALE_AFTER_MS.teams + SLACK_MS;
          const isOld = now - shownSince > limit;
          const isWrong = !isSame(world, seen, `${truth.availability}/${truth.activity}`);
          if (
            isOld &&
            isWrong &&
            !world.afflicted.has(user) &&
            !told.has(id) &&
            isTold(world, now)
          ) {
            told.add(id);
            report(
              `in step with ${seen ?? 'nothing'}, shown is ${truth.availability}/${truth.activity}`,
              id,
            );
          }
        }
      },
    };
  },
};

/** Some tenants read our In a call back as plain Busy for a while after every write (A3). */
function isSame(world: World, seen: string | undefined, shown: string): boolean {
  const lags = world.graph.control.behaviour().echoLagMs > 0;
  return seen === shown || (lags && seen === 'Busy/Busy' && shown === 'Busy/InACall');
}

/** While a vendor answers untruthfully (odd values, old reads) nobody can know better. */
function isTold(world: World, now: number): boolean {
  return now - world.calm.lyingUntil > STALE_AFTER_MS.teams + SLACK_MS;
}
