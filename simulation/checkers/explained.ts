/** I20: there is a reason in words for everything, and a decision before every write. */
import type { CheckerKind } from '../court.ts';

const EVERY = 12;

export const EXPLAINED: CheckerKind = {
  id: 'I20',
  promise: 'Every state of every agent can be explained, and every write has a decision before it.',
  open(world, report) {
    let turn = 0;
    return {
      looked: () => {
        turn += 1;
        const engine = world.active();
        if (engine === undefined || turn % EVERY !== 0) return;
        const ids = engine.agents();
        const id = ids[(turn / EVERY) % ids.length];
        const situation = id === undefined ? undefined : engine.situation(id);
        if (situation === undefined) return;
        const { sentence, decisions } = engine.explain(situation);
        const words = JSON.stringify([sentence, decisions]);
        if (sentence.length < 10 || /undefined|NaN|\[object/.test(words))
          report(`is explained as ${words.slice(0, 200)}`, id);
      },
      rested: () => {
        const decided = new Set<string>();
        for (const { kind, agent, seq } of world.disk.platter) {
          if (agent === null) continue;
          if (kind === 'decided') decided.add(agent);
          else if (kind === 'sent' && !decided.has(agent))
            report(`record ${seq} is a write without any decision before it`, agent);
        }
      },
    };
  },
};
