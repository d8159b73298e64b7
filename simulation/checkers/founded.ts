/**
 * P3: nobody is stopped without a reason: every Not Ready that was written rests on something that
 * a person, a call or the calendar showed in Teams shortly before, never on an echo of our own.
 */
import type { CheckerKind } from '../court.ts';
import { personOf } from '../people/person.ts';
import { STALE_AFTER_MS } from '../product.ts';
import { OURS } from '../vendors.ts';
import type { World } from '../world.ts';

/** A reason may have ended this long before the write that it caused, when all is well. */
const GRACE_MS = 25_000;
/** Data may be this old, and the write this long on its way. */
const OLD_MS = STALE_AFTER_MS.teams + 30_000;

export const FOUNDED: CheckerKind = {
  id: 'P3',
  promise: 'Nobody is taken out of routing without a reason in Teams.',
  open(world, report) {
    let judged = 0;
    const misled = new Misled(world);
    return {
      looked: () => {
        misled.look();
        const writes = world.five9.writes();
        for (const { at, agent, body } of writes.slice(judged)) {
          const person = personOf(world, agent);
          const user = world.config.directory.byId.get(person?.id ?? '')?.accounts['teams'];
          if (!body.includes('"readyChannels":[]') || user === undefined) continue;
          if (at - world.calm.lyingUntil < OLD_MS) continue;
          if (
            world.excused.has(user) ||
            world.afflicted.has(user) ||
            world.poisoned.has(person?.id ?? '') ||
            misled.has(user)
          )
            continue;
          const { stoppedAt } = world.truths.of(user);
          const grace = at - world.calm.disturbedUntil < OLD_MS ? OLD_MS : GRACE_MS;
          if (at - stoppedAt > grace)
            report(`stopped, ${at - stoppedAt} ms after any reason`, agent);
        }
        judged = writes.length;
      },
    };
  },
};

/** Longer than the slowest sweep needs to see what a mark of ours had hidden. */
const HELD_MS = 12_000;

/**
 * What was believed while Teams told lies is held behind a mark of ours for as long as that hides
 * the truth.
 */
class Misled {
  private readonly world: World;
  private readonly until = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
  }

  look(): void {
    const { clock, calm, people, truths } = this.world;
    const now = clock.now();
    for (const { user } of people) {
      const { preferred, sessions } = truths.of(user).truth;
      const isHidden = preferred?.by === 'app' || sessions.some(({ id }) => id === OURS);
      const wasMisled = now <= calm.lyingUntil || this.has(user);
      if (isHidden && wasMisled) this.until.set(user, now + HELD_MS);
    }
  }

  has(user: string): boolean {
    return (this.until.get(user) ?? 0) >= this.world.clock.now();
  }
}
