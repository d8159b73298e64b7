/**
 * Nobody is made Ready who was not made Not Ready by us: every write of Ready meets a Not Ready
 * (or a pending one) that the API had made, with a reserved code.
 */
import type { Doubles } from './doubles.ts';
import { CODES } from '../../../simulation/world.ts';

const RESERVED = new Set<string>(Object.values(CODES));

export function readyViolations(world: Doubles): readonly string[] {
  return world.five9
    .writes()
    .filter(({ body, effect }) => effect && !body.includes('"readyChannels":[]'))
    .filter(({ before }) => {
      if (before === undefined) return true;
      const current = before.madeBy === 'api' && RESERVED.has(before.reasonCode);
      return !current && !RESERVED.has(before.pendingReasonCode);
    })
    .map(({ at, agent, before }) => `${at}: ${agent} made Ready over ${JSON.stringify(before)}`);
}
