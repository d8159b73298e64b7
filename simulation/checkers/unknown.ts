/** I11: after an unclear outcome nothing is written before a read that began later. */
import type { CheckerKind } from '../court.ts';
import { certainty } from '../wire.ts';
import type { Trip } from '../wire.ts';

export const UNKNOWN: CheckerKind = {
  id: 'I11',
  promise: 'After an unclear outcome Lockstep reads before it writes again.',
  open(_world, report) {
    const last = new Map<string, Trip>();
    let reads: Trip[] = [];
    const keep = (read: Trip): void => {
      reads.push(read);
      if (reads.length > 400) reads = reads.slice(-200);
    };
    const wasReadSince = (host: string, account: string, since: number): boolean =>
      reads.some(
        (read) =>
          read.host === host &&
          read.departedAt >= since &&
          (host === 'five9' || read.body.includes(account)),
      );
    return {
      departed: (trip) => {
        // What Five9 is asked for comes by the socket, before or after the answer to the question.
        if (trip.url.endsWith('/request_full_statistics')) keep(trip);
        const { kind, host, account } = trip;
        if (kind !== 'write' || account === undefined) return;
        const before = last.get(`${host} ${account}`);
        last.set(`${host} ${account}`, trip);
        if (before === undefined) return;
        const died = before.endedAt === undefined && before.machine.isDead;
        if (!died && (before.endedAt === undefined || certainty(before) !== 'unknown')) return;
        const since = before.endedAt ?? before.departedAt;
        if (!wasReadSince(host, account, since))
          report(`written again after an unclear outcome at ${since} and no read`, account);
      },
      ended: (trip) => {
        if (trip.kind !== 'read' || trip.host !== 'graph') return;
        if (trip.status !== undefined && trip.status < 300) keep(trip);
      },
    };
  },
};
