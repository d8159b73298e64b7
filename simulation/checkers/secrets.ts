/** I24: no secret stands in a log line or in the journal. */
import type { CheckerKind } from '../court.ts';
import { SECRETS } from '../vendors.ts';

export const SECRET: CheckerKind = {
  id: 'I24',
  promise: 'No password, secret or token stands in a log line or a record.',
  open(world, report) {
    let told = 0;
    return {
      looked: () => {
        const { leaks } = world.evidence;
        for (; told < leaks.length; told += 1)
          report(`logged: ${(leaks[told] ?? '').slice(0, 80)}`);
      },
      rested: () => {
        for (const { seq, body } of world.disk.platter) {
          if (SECRETS.some((secret) => body.includes(secret)))
            report(`record ${seq} holds a secret`);
        }
      },
    };
  },
};
