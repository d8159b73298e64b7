/**
 * Everybody is back where they were: once nobody is on a contact, nothing of ours is left in Teams
 * and colleagues see exactly what they would see had no application ever written.
 */
import type { World } from '../world.ts';

export function restoredViolations(world: World): readonly string[] {
  return world.people.flatMap(({ user }) => {
    const truth = world.graph.acts.truth(user);
    const found: string[] = [];
    if (truth.sessions.some(({ app }) => app)) found.push(`${user}: a session of ours is left`);
    if (truth.preferred?.by === 'app') found.push(`${user}: a preferred presence of ours is left`);
    const { withoutApps } = truth;
    if (
      truth.availability !== withoutApps.availability ||
      truth.activity !== withoutApps.activity
    ) {
      found.push(
        `${user}: shows ${truth.availability}/${truth.activity} instead of ${withoutApps.availability}/${withoutApps.activity}`,
      );
    }
    return found;
  });
}

/** A person's own choice that an application's write or clear destroyed. */
export function lostChoices(world: World): readonly string[] {
  return world.graph.control.lostChoices
    .since(0)
    .map(({ at, user, how, choice }) => `${at}: ${user} ${choice.availability} was ${how}`);
}
