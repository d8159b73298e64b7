/** What comes too late to tell anything: it is dropped, and confirms nothing either (O1). */
import type { Face, Seen } from '../model/face.ts';
import type { Observation } from '../model/observation.ts';
import { isStale } from '../model/observation.ts';
import type { Timing } from '../policy/policy.ts';

interface Moment {
  readonly timing: Timing;
  readonly now: number;
}

/** It tells of a time before what is known, or of one in which echo and fact look alike. */
export function isOverdue(face: Face, observation: Observation, moment: Moment): boolean {
  if (face.seen === undefined) return false;
  return isLate(face, observation, moment) || isOld(observation, face.seen, face.wroteAt ?? 0);
}

/**
 * A5: it began while our last write could still echo and arrives when nobody would take it for the
 * echo any more. Which of the two it shows cannot be told; the next read can.
 */
function isLate({ wroteAt }: Face, { via, asOf }: Observation, { timing, now }: Moment): boolean {
  if (via !== 'sweep' || wroteAt === undefined) return false;
  const end = wroteAt + timing.fadeMs;
  return asOf < end && now >= end;
}

function isOld(observation: Observation, seen: Seen, wroteAt: number): boolean {
  // A read that was overtaken by a write of ours shows what stood before it, as if it were new.
  if (observation.via === 'sweep' && observation.asOf < wroteAt) return true;
  if (isStale(observation.version, seen.version)) return true;
  const unstamped = observation.version.stamp === undefined || seen.version.stamp === undefined;
  return (
    unstamped &&
    observation.version.generation === seen.version.generation &&
    observation.asOf < seen.asOf
  );
}
