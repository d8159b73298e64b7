/** I21: what waits is never more than there are agents, and the journal grows by a bounded rate. */
import type { CheckerKind } from '../court.ts';

const RECORDS_PER_AGENT_HOUR = 1_500;

export const BOUNDED_WORK: CheckerKind = {
  id: 'I21',
  promise: 'Queues and journal stay within their bounds.',
  open(world, report) {
    const began = world.clock.now();
    return {
      looked: () => {
        const engine = world.active();
        if (engine === undefined) return;
        const agents = engine.agents().length;
        for (const platform of ['five9', 'teams']) {
          const backlog = engine.lane(platform)?.backlog ?? 0;
          if (backlog > agents) report(`${backlog} wait on ${platform} for ${agents} agents`);
        }
      },
      rested: () => {
        const hours = (world.clock.now() - began) / 3_600_000;
        const rate = world.disk.platter.length / (hours * world.people.length);
        if (rate > RECORDS_PER_AGENT_HOUR) report(`${Math.round(rate)} records per agent and hour`);
      },
    };
  },
};
