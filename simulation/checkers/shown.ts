/** The first promise: who is on a call in Five9 is shown as busy in Teams, in calm times always. */
import type { TeamsTruth } from '../../emulators/acts.ts';
import type { CheckerKind } from '../court.ts';
import { OURS } from '../vendors.ts';
import type { World } from '../world.ts';

const WITHIN_MS = 45_000;
const MARK_LIFE_MS = 300_000 + WITHIN_MS;
const CALM_MS = 200_000;
/** Put again so soon after its end, it was wanted all the time. */
const AT_ITS_END_MS = 10_000;
const BUSY = new Set(['Busy', 'DoNotDisturb']);

export const SHOWN: CheckerKind = {
  id: 'P1',
  promise: 'Whoever is on a call in Five9 is shown as busy in Teams.',
  open(world, report) {
    const callSince = new Map<string, number>();
    const told = new Set<string>();
    let activeSince = Number.POSITIVE_INFINITY;
    world.five9.onChange(({ agent }) => {
      if (!world.five9.acts.agents().includes(agent)) return;
      if (world.five9.acts.truth(agent).state !== 'ON_CALL') callSince.delete(agent);
      else if (!callSince.has(agent)) callSince.set(agent, world.clock.now());
    });
    const put = new Map<string, number>();
    return {
      /** Renewed in time, a session of ours never ends in the middle of a call. */
      departed: ({ host, kind, account = '', url, body }) => {
        if (host !== 'graph' || kind !== 'write') return;
        const now = world.clock.now();
        if (url.includes('clearPresence')) put.delete(account);
        if (!url.endsWith('setPresence') || !body.includes('InACall')) return;
        const person = world.mapped().find(({ user }) => user === account);
        const before = put.get(account);
        put.set(account, now);
        const since = callSince.get(person?.agent ?? '');
        // Put in an earlier call, it may have ended since.
        if (before === undefined || since === undefined || before < since) return;
        // Below a person's choice it may end, and is put again when that is over, at any time.
        const { sessionLifeMs } = world.config.policy.timing;
        if (now - before > sessionLifeMs + AT_ITS_END_MS) return;
        if (now - world.calm.disturbedUntil < CALM_MS || world.afflicted.has(account)) return;
        const { sessions } = world.graph.acts.truth(account);
        // As it was a moment ago, and for long: what nobody could see may end.
        const { truth, shownSince } = world.truths.of(account);
        const wasSeen = truth.activity === 'InACall' && now - shownSince > WITHIN_MS;
        if (!wasSeen || sessions.some(({ id }) => id === OURS)) return;
        report(`In a call ended ${now - before} ms after it was put, in the middle of a call`);
      },
      looked: () => {
        const now = world.clock.now();
        if (world.active() === undefined) activeSince = Number.POSITIVE_INFINITY;
        else activeSince = Math.min(activeSince, now);
        if (now - activeSince < 60_000 || now - world.calm.disturbedUntil < CALM_MS) return;
        for (const { id, agent, user } of world.mapped()) {
          const since = callSince.get(agent);
          if (since === undefined || now - since < WITHIN_MS) continue;
          const { truth, shownSince } = world.truths.of(user);
          const isChosen = truth.preferred?.by === 'person';
          const isExcused =
            isChosen ||
            mayBeTheirs(world, truth, now - since) ||
            world.excused.has(user) ||
            world.poisoned.has(id) ||
            world.afflicted.has(user);
          if (BUSY.has(truth.availability) || now - shownSince < WITHIN_MS || isExcused) continue;
          if (told.has(`${id} ${since}`) || world.config.policy.strategy === 'teams_wins') continue;
          told.add(`${id} ${since}`);
          report(
            `is on a call since ${since} and shown as ${truth.availability}/${truth.activity}`,
            id,
          );
        }
      },
    };
  },
};

/**
 * A mark of ours that somebody may have taken over, as the stamp has moved, is left to end by itself
 * (A11); where stamps move with every write that is often so.
 */
function mayBeTheirs(world: World, { preferred }: TeamsTruth, forMs: number): boolean {
  const { sequence } = world.graph.control.behaviour();
  return sequence === 'every-write' && preferred?.by === 'app' && forMs < MARK_LIFE_MS;
}
