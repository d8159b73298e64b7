/**
 * No stop without a person: every Not Ready that was written rests on something that a person, a
 * real call or the calendar showed in Teams shortly before, never on an echo of our own.
 */
import type { WriteRecord } from '../../../emulators/five9/rest.ts';
import type { Doubles } from './doubles.ts';

/** What would be shown without any application, in these words, stops routing. */
const STOPS = new Set(['Busy', 'DoNotDisturb']);

/** A reason may have ended this long before the write that it caused. */
const GRACE_MS = 20_000;

export interface StopsChecker {
  /** Call at least every few seconds of virtual time. */
  sample(): void;
  /** Users whose own choice is lost show a meeting below it, which then stops them rightly. */
  violations(excused: ReadonlySet<string>): readonly string[];
}

export function stopsChecker(world: Doubles): StopsChecker {
  const lastReason = new Map<string, number>();
  const userOf = new Map(world.people.map(({ agent, user }) => [agent, user]));
  const broken: { readonly user: string; readonly words: string }[] = [];
  let judged = 0;
  return {
    sample: () => {
      const now = world.clock.now();
      for (const { user } of world.people) {
        if (STOPS.has(world.graph.acts.truth(user).withoutApps.availability))
          lastReason.set(user, now);
      }
      const writes = world.five9.writes();
      for (const write of writes.slice(judged)) {
        const user = userOf.get(write.agent) ?? '';
        const reason = lastReason.get(user);
        const isFounded = reason !== undefined && now - reason <= GRACE_MS;
        if (isStop(write) && !isFounded)
          broken.push({ user, words: `${write.at}: ${write.agent} stopped without a reason` });
      }
      judged = writes.length;
    },
    violations: (excused) =>
      broken.filter(({ user }) => !excused.has(user)).map(({ words }) => words),
  };
}

function isStop({ body }: WriteRecord): boolean {
  return body.includes('"readyChannels":[]');
}
