/** I12: only the owner of the log writes, and none of its writes is still on its way under the next. */
import type { CheckerKind } from '../court.ts';

export const FENCED: CheckerKind = {
  id: 'I12',
  promise: 'Two nodes never write for the same tenant at the same time.',
  open(world, report) {
    return {
      departed: ({ kind, machine, account }) => {
        if (kind !== 'write') return;
        const owner = world.disk.owner();
        if (owner !== machine)
          report(`${machine.name} wrote while ${owner?.name ?? 'nobody'} owns the log`, account);
      },
      ended: ({ kind, machine, account, departedAt }) => {
        if (kind !== 'write' || machine.isDead) return;
        const owner = world.disk.owner();
        if (owner !== undefined && owner !== machine)
          report(
            `a write of ${machine.name} from ${departedAt} ended under ${owner.name}`,
            account,
          );
      },
    };
  },
};
