/**
 * Nobody's choice is lost, and everybody is back where they were: once nobody is on a contact,
 * nothing of ours is left in Teams and colleagues see exactly what they would see had no
 * application ever written.
 */
import type { Doubles } from './doubles.ts';

export interface RestoredChecker {
  /** Call at least every few seconds of virtual time: the emulator's logs are bounded. */
  sample(): void;
  violations(): readonly string[];
  /** Users who chose while our guarded write was already on its way; to be counted, not judged. */
  raced(): number;
  /** Users for whom Teams no longer shows what they believe to have chosen. */
  excused(): ReadonlySet<string>;
  /** Choices lost although nobody could have told (ambiguity A11), to be looked at, not judged. */
  indistinguishable(): number;
}

/**
 * A write to the shared slot rests on a read that is at most this much older than its effect: one
 * round trip and a half. Graph has no conditional write, so this race cannot be closed.
 */
const RACE_MS = 250;

export function restoredChecker(world: Doubles): RestoredChecker {
  const { lostChoices } = world.graph.control;
  const lost: string[] = [];
  const excused = new Set<string>();
  const alike = new Set<string>();
  const raced = new Set<string>();
  let judged = 0;
  return {
    sample: () => {
      for (const { at, chosenAt, user, how, choice } of lostChoices.since(judged)) {
        if (isOurValue(world, user, choice.availability, at)) alike.add(user);
        else if (at - chosenAt <= RACE_MS) raced.add(user);
        else lost.push(`${at}: ${user} ${choice.availability} was ${how}`);
        excused.add(user);
      }
      judged = lostChoices.total();
    },
    violations: () => [...lost, ...notBack(world, excused)],
    raced: () => raced.size,
    excused: () => excused,
    indistinguishable: () => alike.size,
  };
}

/**
 * A11: somebody chose by hand the very value that we were showing in the shared slot, and the
 * vendor's version stamp did not move. Nobody can tell that from our own mark.
 */
function isOurValue(world: Doubles, user: string, availability: string, before: number): boolean {
  const ours = world.graph.writesLog
    .since(0)
    .findLast(
      (write) =>
        write.user === user && write.call === 'setUserPreferredPresence' && write.at < before,
    );
  return JSON.stringify(ours?.body ?? '').includes(availability);
}

function notBack(world: Doubles, excused: ReadonlySet<string>): string[] {
  return world.people.flatMap(({ user }) => {
    const truth = world.graph.acts.truth(user);
    const found: string[] = [];
    if (truth.sessions.some(({ app }) => app)) found.push(`${user}: a session of ours is left`);
    if (truth.preferred?.by === 'app') found.push(`${user}: a preferred presence of ours is left`);
    const { withoutApps } = truth;
    const isBack =
      truth.availability === withoutApps.availability && truth.activity === withoutApps.activity;
    if (!isBack && !excused.has(user)) {
      found.push(
        `${user}: shows ${truth.availability}/${truth.activity} instead of ${withoutApps.availability}/${withoutApps.activity}`,
      );
    }
    return found;
  });
}
