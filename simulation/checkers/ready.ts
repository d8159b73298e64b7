/**
 * I7: nobody is made Ready whom we did not stop. What the agent pressed in the last moments before,
 * which the feed could not have told yet, is a race that Five9 gives no means to close.
 */
import type { CheckerKind } from '../court.ts';
import { CODES } from '../world.ts';

const RESERVED = new Set<string>(Object.values(CODES));
/** A feed is trusted for this long without news (quiet time and the time to answer), ms. */
const FEED_MS = 20_000;
/** A lost difference is found by the next full statistics, ms. */
const REPAIR_MS = 150_000;
const LYING_FEED = ['drop_diff', 'reorder_diff', 'zombie_socket', 'half_open_socket'] as const;

export const READY: CheckerKind = {
  id: 'I7',
  promise: 'Nobody is made Ready in Five9 who was not made Not ready by Lockstep.',
  open(world, report) {
    let judged = 0;
    return {
      looked: () => {
        const writes = world.five9.writes();
        for (const { at, agent, body, effect, before } of writes.slice(judged)) {
          if (!effect || body.includes('"readyChannels":[]')) continue;
          const current = before?.madeBy === 'api' && RESERVED.has(before.reasonCode);
          if (current || RESERVED.has(before?.pendingReasonCode ?? '')) continue;
          const hits = world.five9.control.faults.hits();
          const isLying = LYING_FEED.some((name) => (hits[name] ?? 0) > 0);
          const unseen = isLying ? REPAIR_MS : FEED_MS;
          // Already Ready: the write changed nothing for anybody.
          if (before !== undefined && before.readyChannels.length > 0) continue;
          if (before !== undefined && at - before.since <= unseen) {
            world.evidence.count('ready.raced');
            continue;
          }
          report(`made Ready over ${JSON.stringify(before)}`, agent);
        }
        judged = writes.length;
      },
    };
  },
};
