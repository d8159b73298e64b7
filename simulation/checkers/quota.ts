/** I5: the vendor's quota is never exceeded, by the vendor's own count. */
import type { CheckerKind } from '../court.ts';

export const QUOTA: CheckerKind = {
  id: 'I5',
  promise: 'The quota of Microsoft Graph is never exceeded, whatever happens.',
  open(world, report) {
    let told = 0;
    return {
      looked: () => {
        const { quotaLimit } = world.graph.control.behaviour();
        for (const { peak, rejected } of world.graph.control.counts().quota) {
          if (rejected > told) report(`${rejected} requests were over the quota of ${quotaLimit}`);
          if (peak > quotaLimit) report(`${peak} requests in one window of ${quotaLimit}`);
          told = Math.max(told, rejected);
        }
      },
    };
  },
};
