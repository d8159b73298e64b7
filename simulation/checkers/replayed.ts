/** I9 and I20: from the journal alone every decision is taken the same way again. */
import { replayAll } from '../../src/engine/past.ts';
import type { CheckerKind } from '../court.ts';

export const REPLAYED: CheckerKind = {
  id: 'I9',
  promise: 'Replaying the journal gives the same decisions and the same states, byte for byte.',
  open(world, report) {
    return {
      rested: async () => {
        const engine = world.active();
        if (engine === undefined) return;
        const live = statesOf(engine.population.fingerprint());
        const { different, finalStates } = await replayAll(world.journal, {
          ...engine.population.world,
          epoch: 0,
        });
        if (different.length > 0) report(`decisions differ at records ${different.join(', ')}`);
        const again = statesOf(finalStates);
        for (const id of engine.agents()) {
          if (live.get(id) !== again.get(id)) report('its state differs after a replay', id);
        }
        if ([...live.keys()].join() !== [...live.keys()].sort().join())
          report('a snapshot depends on the order in which agents were met');
      },
    };
  },
};

function statesOf(fingerprint: string): ReadonlyMap<string, string> {
  const states: unknown = JSON.parse(fingerprint);
  if (!Array.isArray(states)) return new Map();
  return new Map(
    states.map((state: { readonly agent: string }) => [state.agent, JSON.stringify(state)]),
  );
}
