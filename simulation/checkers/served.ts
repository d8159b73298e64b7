/**
 * I16b: what a good answer tells of a person is taken in, whoever else in the same answer cannot be
 * read. Judged by counting: so many good answers in a row must have renewed what is known.
 */
import type { CheckerKind } from '../court.ts';
import type { Engine } from '../../src/engine/engine.ts';

/** A fault spoils three answers at most, and some come too late to count. */
const ANSWERS = 8;
const SPAN_MS = 30_000;

interface Wait {
  readonly engine: Engine;
  /** When the person was last confirmed, on the product's own clock. */
  readonly confirmedAt: number | undefined;
  readonly since: number;
  readonly answers: number;
}

export const SERVED: CheckerKind = {
  id: 'I16b',
  promise: 'One person whose data cannot be read never keeps the others from being read.',
  open(world, report) {
    const waits = new Map<string, Wait>();
    const told = new Set<string>();

    const note = (user: string, engine: Engine): void => {
      const agent = engine.population.owner('teams', user);
      if (agent === undefined) return;
      const now = world.clock.now();
      const confirmedAt = engine.freshness.confirmedAt('teams', agent);
      const before = waits.get(user);
      const isSame = before?.engine === engine && before.confirmedAt === confirmedAt;
      const wait = isSame
        ? { ...before, answers: before.answers + 1 }
        : { engine, confirmedAt, since: now, answers: 1 };
      waits.set(user, wait);
      if (wait.answers < ANSWERS || now - wait.since < SPAN_MS || told.has(user)) return;
      told.add(user);
      report(`${wait.answers} good answers in ${now - wait.since} ms told nothing`, user);
    };

    return {
      ended: ({ host, kind, status, answer = '' }) => {
        const engine = world.active();
        if (host !== 'graph' || kind !== 'read' || status !== 200 || engine === undefined) return;
        for (const { user } of world.people) {
          if (!world.afflicted.has(user) && answer.includes(user)) note(user, engine);
        }
      },
    };
  },
};
