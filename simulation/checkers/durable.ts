/** I1: nothing that was acknowledged is lost, and nothing leaves before its record is on the platter. */
import type { CheckerKind } from '../court.ts';
import { agentIdOf } from '../people/person.ts';

export const DURABLE: CheckerKind = {
  id: 'I1',
  promise: 'What was written down is never lost, and nothing is sent before it is written down.',
  open(world, report) {
    /** Writes whose record is durable and whose outcome is not yet. */
    const open = new Set<string>();
    const take = world.disk.onDurable;
    world.disk.onDurable = (records) => {
      take(records);
      for (const { kind, agent, body } of records) {
        if (agent === null) continue;
        const platform = body.includes('"platform":"five9"') ? 'five9' : 'graph';
        if (kind === 'sent') open.add(`${platform} ${agent}`);
        else if (kind === 'outcome') open.delete(`${platform} ${agent}`);
        else if (kind === 'epoch')
          for (const host of ['five9', 'graph']) open.delete(`${host} ${agent}`);
      }
    };
    let told = 0;
    return {
      departed: ({ kind, host, account = '' }) => {
        if (kind !== 'write') return;
        const id = agentIdOf(world, host, account);
        if (!open.has(`${host} ${id}`))
          report('a write left before its record was durable', account);
      },
      looked: () => {
        for (; told < world.disk.lost.length; told += 1) report(world.disk.lost[told] ?? '');
      },
    };
  },
};
