/** I23: of somebody who was removed no name and no account id is left anywhere. */
import type { CheckerKind } from '../court.ts';
import { nameOf } from '../world.ts';

export const ERASED: CheckerKind = {
  id: 'I23',
  promise: 'Of a person who was removed no name and no account is kept.',
  open(world, report) {
    return {
      rested: () => {
        if (world.active() === undefined) return;
        const { disk } = world;
        const texts = [
          ...disk.identities.values(),
          ...disk.snapshots.map(({ body }) => body),
          ...disk.platter.map(({ body }) => body),
        ];
        const kept = new Set(
          world.config.directory.agents.flatMap(({ accounts }) => Object.values(accounts)),
        );
        for (const { id, user, agent } of world.people) {
          if (world.config.directory.byId.has(id)) continue;
          const accounts = [user, agent].filter((account) => !kept.has(account));
          const traces = [...accounts, JSON.stringify(nameOf(id)).slice(1, -1)];
          if (texts.some((text) => traces.some((trace) => text.includes(trace))))
            report('is gone and still stands in the store', id);
        }
      },
    };
  },
};
