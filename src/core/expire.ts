/** What time alone does to a face: marks end, echoes stop counting, refusals may be tried again. */
import type { Face } from '../model/face.ts';
import type { Timing } from '../policy/policy.ts';

export function expire(face: Face, now: number, timing: Timing): Face {
  const over = face.ours.filter((mark) => mark.expiresAt !== undefined && mark.expiresAt <= now);
  const faded = face.fading.some(({ until }) => until <= now);
  const retry = face.blocked?.retryAt !== undefined && face.blocked.retryAt <= now;
  if (over.length === 0 && !faded && !retry) return face;
  const { blocked: _blocked, tries: _tries, ...unblocked } = face;
  return {
    ...(retry ? unblocked : face),
    ours: face.ours.filter((mark) => !over.includes(mark)),
    fading: [
      ...face.fading.filter((each) => each.until > now),
      ...over.map((mark) => ({ mark, until: (mark.expiresAt ?? now) + timing.fadeMs })),
    ],
  };
}
