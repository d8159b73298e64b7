/**
 * I4: what somebody chose by hand in Teams stays. A choice may be lost only where nobody could have
 * known of it: it was made in the moments before our write left, and no read that began after it
 * had come back (Graph has no conditional write), or it was the very value that we were showing
 * (ambiguity A11).
 */
import type { CheckerKind } from '../court.ts';
import type { Trip } from '../wire.ts';
import type { World } from '../world.ts';

interface Look {
  readonly began: number;
  readonly ended: number;
}

/** The read that a write rests on may have begun this long before it left, a slow disk included. */
const GUARD_MS = 2_600;

/** As long our In a call may read back as plain Busy. */
const ECHO_MS = 30_000;

/** Reads may be answered from this long before, by an option or a fault of the vendor. */
const READ_LAG_MAX_MS = 5_000;

export const CHOICES: CheckerKind = {
  id: 'I4',
  promise: 'A status that somebody chose by hand is never overwritten once it could be seen.',
  open(world, report) {
    const reads: (Look & { readonly body: string })[] = [];
    const departures = new Map<string, Trip[]>();
    let judged = 0;

    /** A3: seen for the first time after our own In a call, which may read back as plain Busy. */
    const wasEcho = (user: string, chosenAt: number): boolean => {
      const call = world.graph.writesLog
        .since(0)
        .find((write) => write.user === user && isCall(write) && write.at > chosenAt - ECHO_MS);
      if (call === undefined) return false;
      const lag = lagOf(world);
      const wasSeen = reads.some(
        ({ began, ended, body }) =>
          began > chosenAt + lag && ended <= call.at && body.includes(user),
      );
      return !wasSeen;
    };

    return {
      departed: (trip) => {
        const { kind, host, account } = trip;
        if (kind !== 'write' || host !== 'graph' || account === undefined) return;
        const list = departures.get(account) ?? [];
        list.push(trip);
        departures.set(account, list.slice(-8));
      },
      ended: ({ kind, host, status, body, departedAt, endedAt = 0 }) => {
        if (kind !== 'read' || host !== 'graph' || status !== 200) return;
        reads.push({ began: departedAt, ended: endedAt, body });
        if (reads.length > 600) reads.splice(0, 300);
      },
      looked: () => {
        const { lostChoices } = world.graph.control;
        for (const { at, chosenAt, user, how, choice, app } of lostChoices.since(judged)) {
          if (app.startsWith('0f0f')) continue;
          const trip = departures
            .get(user)
            ?.findLast(({ departedAt, url }) => departedAt <= at && url.includes('Preferred'));
          const departed = trip?.departedAt ?? at;
          const lag = lagOf(world);
          const wasSeen = reads.some(
            ({ began, ended, body }) =>
              began > chosenAt + lag && ended <= departed && body.includes(user),
          );
          world.evidence.count('choice.lost');
          world.excused.add(user);
          if (!humanWins(world)) continue;
          const isAlike =
            wasOurs(world, user, choice.availability, at) ||
            (choice.availability === 'Busy' && wasEcho(user, chosenAt));
          if (isAlike) world.evidence.count('choice.alike');
          else if (!wasSeen && departed - chosenAt <= GUARD_MS + lag)
            world.evidence.count('choice.raced');
          else
            report(`${choice.availability}, chosen ${at - chosenAt} ms before, was ${how}`, user);
        }
        judged = lostChoices.total();
      },
    };
  },
};

/** Under the other strategies a choice may be hidden for a while; it must come back, which P2 judges. */
function humanWins({ config }: World): boolean {
  return config.policy.strategy === 'latest_human' || config.policy.strategy === 'teams_wins';
}

function lagOf(world: World): number {
  const strikes = world.graph.control.faults.strikes()['read_lag'] ?? 0;
  return strikes > 0 ? READ_LAG_MAX_MS : world.graph.control.behaviour().readLagMs;
}

function wasOurs(world: World, user: string, availability: string, before: number): boolean {
  const ours = world.graph.writesLog
    .since(0)
    .findLast(
      (write) =>
        write.user === user && write.call === 'setUserPreferredPresence' && write.at < before,
    );
  return JSON.stringify(ours?.body ?? '').includes(availability);
}

function isCall({ call, body }: { readonly call: string; readonly body?: unknown }): boolean {
  return call === 'setPresence' && JSON.stringify(body ?? '').includes('InACall');
}
