/**
 * I9 and I20: from the journal alone every decision is taken the same way again. It does not matter
 * in which order the agents are heard of, nor whether something is said twice.
 */
import { replayAll } from '../../src/engine/past.ts';
import { Population } from '../../src/engine/population.ts';
import { replayRecord } from '../../src/engine/recover.ts';
import type { Journal, JournalRecord } from '../../src/journal/journal.ts';
import type { CheckerKind } from '../court.ts';

/** To read a journal in another order takes as long as to replay it; every so many seeds do. */
const EVERY_SEED = 3;

export const REPLAYED: CheckerKind = {
  id: 'I9',
  promise: 'Replaying the journal gives the same decisions and the same states, byte for byte.',
  open(world, report) {
    return {
      rested: async () => {
        const engine = world.active();
        if (engine === undefined) return;
        const live = statesOf(engine.population.fingerprint());
        const start = { ...engine.population.world, epoch: 0 };
        const { different, finalStates } = await replayAll(world.journal, start);
        if (different.length > 0) report(`decisions differ at records ${different.join(', ')}`);
        const again = statesOf(finalStates);
        for (const id of engine.agents()) {
          if (live.get(id) !== again.get(id)) report('its state differs after a replay', id);
        }
        if (Number(world.options.seed) % EVERY_SEED !== 0) return;
        const other = await retold(world.journal, new Population(start));
        if (other !== finalStates) report('another order of the agents gives other states');
      },
    };
  },
};

/** The same history, with the agents in the opposite order wherever the order is chance. */
async function retold(journal: Journal, population: Population): Promise<string> {
  let turn: JournalRecord[] = [];
  const tell = (): void => {
    turn.sort((a, b) => compare(b.agent, a.agent) || a.seq - b.seq);
    for (const record of turn) {
      replayRecord(population, record);
      if (record.kind === 'observed') replayRecord(population, record);
    }
    turn = [];
  };
  for await (const record of journal.read(1)) {
    if (record.agent !== undefined) turn.push(record);
    else {
      tell();
      replayRecord(population, record);
    }
  }
  tell();
  return population.fingerprint();
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}

function statesOf(fingerprint: string): ReadonlyMap<string, string> {
  const states: unknown = JSON.parse(fingerprint);
  if (!Array.isArray(states)) return new Map();
  return new Map(
    states.map((state: { readonly agent: string }) => [state.agent, JSON.stringify(state)]),
  );
}
