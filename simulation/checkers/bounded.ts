/** I3: no loops: every write is owed to something that happened, a few writes for each. */
import type { CheckerKind } from '../court.ts';
import { agentIdOf } from '../people/person.ts';
import { certainty } from '../wire.ts';

const WINDOW_MS = 60_000;
/** What happened this long before a write may have caused it. */
const MEMORY_MS = 240_000;
const FREE = 6;
/** One other platform, two more tries. */
const EACH = 3;
/** Tries that the vendor surely did nothing about, of all that is wanted of one agent. */
const VAIN_MAX = 16;
const CONTACTS = new Set(['RINGING', 'ON_CALL', 'ACW']);

export const BOUNDED: CheckerKind = {
  id: 'I3',
  promise:
    'Lockstep never answers itself: a person gets a few writes for each thing that happened.',
  open(world, report) {
    const writes = new Map<string, number[]>();
    const vain = new Map<string, number[]>();
    const causes = new Map<string, number[]>();
    const wasSaid = new Map<string, string>();
    const happened = (id: string): void => void push(causes, id, world.clock.now());
    world.five9.onChange(({ what, agent }) => {
      if (what !== 'state') return;
      const { state, madeBy } = world.five9.acts.truth(agent);
      if (madeBy !== 'api' || CONTACTS.has(state)) happened(agentIdOf(world, 'five9', agent));
    });
    return {
      departed: ({ kind, host, account }) => {
        if (kind !== 'write' || account === undefined) return;
        const id = agentIdOf(world, host, account);
        const now = world.clock.now();
        const recent = push(writes, id, now).filter((at) => at > now - WINDOW_MS);
        writes.set(id, recent);
        const reasons = (causes.get(id) ?? []).filter((at) => at > now - MEMORY_MS).length;
        if (recent.length === FREE + EACH * reasons + 1) {
          report(`${recent.length} writes in a minute for ${reasons} things that happened`, id);
        }
      },
      ended: (trip) => {
        const { kind, host, account, departedAt } = trip;
        if (kind !== 'write' || account === undefined || certainty(trip) !== 'nothing') return;
        const id = agentIdOf(world, host, account);
        // It did nothing to anybody, so it is owed nothing; but it must not be repeated without end.
        writes.set(
          id,
          (writes.get(id) ?? []).filter((at) => at !== departedAt),
        );
        const now = world.clock.now();
        const recent = push(vain, id, departedAt).filter((at) => at > now - WINDOW_MS);
        vain.set(id, recent);
        if (recent.length === VAIN_MAX + 1) report(`${recent.length} vain writes in a minute`, id);
      },
      looked: () => {
        for (const { user } of world.people) {
          const id = agentIdOf(world, 'graph', user);
          const { truth } = world.truths.of(user);
          const foreign = truth.sessions.filter(({ app }) => app).length;
          const said = `${truth.withoutApps.availability}/${truth.withoutApps.activity}/${foreign}`;
          if (wasSaid.get(user) !== said) happened(id);
          wasSaid.set(user, said);
        }
      },
    };
  },
};

function push(map: Map<string, number[]>, key: string, at: number): number[] {
  const list = map.get(key) ?? [];
  list.push(at);
  map.set(key, list);
  return list;
}
