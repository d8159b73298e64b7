/** Timers as data: when a face has to be looked at again although nothing happens. */
import type { Face } from '../model/face.ts';

export function nextWake(face: Face): number | undefined {
  const times = [
    ...face.ours.map((mark) => mark.expiresAt),
    ...face.fading.map(({ until }) => until),
    face.blocked?.retryAt,
    face.tries?.refusal?.retryAt,
    face.tries?.nextAt,
  ].filter((time): time is number => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
