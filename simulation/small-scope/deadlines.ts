/**
 * The next moment at which time alone changes something: a timer of the core, an age that the core
 * will hold against the next read, the end of a mark on the platform, of a stray request or of a slow read.
 */
import type { Mark } from '../../src/model/mark.ts';
import type { System } from './system.ts';
import { SIDES } from './system.ts';

/** Whole half-seconds, as all times of the policy are; see K1 in `canonical.ts`. */
const AGES_MS = [10_000, 30_000] as const;

export function nextDeadline(system: System, lateMs: number): number | undefined {
  if (isOverdue(system)) return system.now;
  const times = deadlines(system, lateMs).filter((time) => time > system.now);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Actions take a millisecond each, so that a moment may go by without `time passes`. */
function isOverdue({ now, wakeAt, teams }: System): boolean {
  return [wakeAt, teams.session?.until, teams.preferred?.until].some(
    (time) => time !== undefined && time <= now,
  );
}

export function deadlines(system: System, lateMs: number): number[] {
  const { core, teams, strays, held } = system;
  const times: (number | undefined)[] = [
    system.wakeAt,
    teams.session?.until,
    teams.preferred?.until,
    strays.five9?.until,
    strays.teams?.until,
    held.five9 && held.five9.asOf + lateMs,
    held.teams && held.teams.asOf + lateMs,
  ];
  for (const side of SIDES) {
    for (const mark of core.faces[side]?.ours ?? []) times.push(...agesOf(mark));
    // From then on a read tells again what is shown.
    times.push(core.faces[side]?.unknownSince);
  }
  return times.filter((time): time is number => time !== undefined);
}

/** An unproved echo counts for a while, and an unseen write is given up after a while. */
function agesOf(mark: Mark): number[] {
  if (mark.exact === true && mark.shownAt !== undefined) return [];
  const from = mark.acceptedAt ?? mark.putAt;
  return AGES_MS.map((age) => from + age);
}
