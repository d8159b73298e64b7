/** I8: a contact is never disturbed: what is written during it takes effect after it. */
import type { CheckerKind } from '../court.ts';

const CONTACTS = new Set(['RINGING', 'ON_CALL', 'ACW']);

export const CALLS: CheckerKind = {
  id: 'I8',
  promise: 'A call is never ended, moved or disturbed by Lockstep, and nobody is logged out.',
  open(world, report) {
    let judged = 0;
    return {
      looked: () => {
        const writes = world.five9.writes();
        for (const { agent, effect, before, after } of writes.slice(judged)) {
          if (!effect || before === undefined) continue;
          if (CONTACTS.has(before.state) && after?.state !== before.state)
            report(`${before.state} became ${after?.state ?? 'nothing'} by a write`, agent);
          if (before.state !== 'LOGGED_OUT' && after?.state === 'LOGGED_OUT')
            report('was logged out by a write', agent);
        }
        judged = writes.length;
      },
    };
  },
};
