/** What time alone does to a face: marks end, echoes stop counting, refusals may be tried again. */
import type { Face } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';
import type { Timing } from '../policy/policy.ts';
import { mayStillShow } from './attribute.ts';
import { isOnContact } from './cause.ts';

export function expire(face: Face, now: number, timing: Timing): Face {
  const over = face.ours.filter((mark) => mark.expiresAt !== undefined && mark.expiresAt <= now);
  const faded = face.fading.some((each) => !mayStillShow(face, each, now));
  const retryAt = face.tries?.refusal?.retryAt ?? face.blocked?.retryAt;
  const retry = retryAt !== undefined && retryAt <= now;
  if (over.length === 0 && !faded && !retry) return face;
  const { blocked: _blocked, tries: _tries, ...unblocked } = face;
  return {
    ...(retry ? unblocked : face),
    ours: face.ours.filter((mark) => !over.includes(mark)),
    fading: [
      ...face.fading.filter((each) => mayStillShow(face, each, now)),
      ...over.map((mark) => ({ mark, until: (mark.expiresAt ?? now) + timing.fadeMs })),
    ],
  };
}

/**
 * A write that never showed and that nobody wants any more is taken for one that never arrived:
 * a slot without expiry would otherwise hold it for ever. A read long after it proves it.
 */
export function forgetUnshown(face: Face, timing: Timing): Face {
  // On a contact a readiness may be waiting unseen for its end.
  if (face.seen === undefined || isOnContact(face.seen.preset)) return face;
  const { asOf } = face.seen;
  const isLost = (mark: Mark): boolean =>
    mark.expiresAt === undefined &&
    mark.shownAt === undefined &&
    face.intent?.id !== mark.intent &&
    face.cause.kind !== 'ours' &&
    asOf > (mark.acceptedAt ?? mark.putAt) + timing.settleMs;
  return face.ours.some(isLost)
    ? { ...face, ours: face.ours.filter((mark) => !isLost(mark)) }
    : face;
}

/**
 * Nothing is wanted any more, so there is nothing left to be tried again. What was to wait still
 * waits if the wish comes back at once: a wish that flaps must not become a storm of writes.
 */
export function forgetTries(face: Face, now: number): Face {
  if (face.tries === undefined || face.intent !== undefined) return face;
  const { nextAt = now, refusal } = face.tries;
  if (nextAt > now || (refusal?.retryAt ?? now) > now) return face;
  const { tries: _tries, ...rest } = face;
  return rest;
}
