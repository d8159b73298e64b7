/**
 * Attribution: is what a platform shows ours or its own? Decided from the value, from the ledger
 * of our marks and from how long ago they were put or taken away.
 */
import type { Face } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';
import type { Presence } from '../model/presence.ts';
import type { Preset } from '../model/preset.ts';
import type { Timing } from '../policy/policy.ts';

export type Attribution =
  /** A live mark of ours is what is shown. */
  | { readonly kind: 'ours'; readonly mark: Mark }
  /** A mark that we have taken away is still being read. */
  | { readonly kind: 'fading'; readonly mark: Mark }
  | { readonly kind: 'own' };

interface Shown {
  readonly preset: Preset;
  readonly presence: Presence;
  readonly now: number;
}

export function attribute(face: Face, shown: Shown, timing: Timing): Attribution {
  const live = inOrderOfRank(face.ours).find((mark) => showsMark(mark, shown, face, timing));
  if (live !== undefined) return { kind: 'ours', mark: live };
  // While a write that replaces a mark is under way, the old one may still be what is shown.
  const old = face.ours.find(
    ({ replaces }) => replaces && showsMark(replaces, shown, face, timing),
  );
  if (old?.replaces !== undefined) return { kind: 'fading', mark: old.replaces };
  const fading = face.fading.find(
    (each) => mayStillShow(face, each, shown.now) && showsMark(each.mark, shown, face, timing),
  );
  if (fading !== undefined) return { kind: 'fading', mark: fading.mark };
  return { kind: 'own' };
}

/**
 * A3: our own In a call has been read back as plain Busy first, so an inexact echo counts as ours,
 * but only for a while after the write and only until the exact one has been read. It proves nothing
 * where the platform said the same of itself already: else each such reading would renew our belief.
 * Reason codes must match to the letter.
 */
function showsMark(mark: Mark, shown: Shown, face: Face, timing: Timing): boolean {
  const place = mark.shows.indexOf(shown.preset);
  if (place < 0) return false;
  if (mark.reasonCode !== undefined && mark.reasonCode !== shown.presence.reason?.code) {
    return false;
  }
  if (place === 0) return true;
  if (mark.exact === true || face.own?.preset === shown.preset) return false;
  return shown.now - (mark.acceptedAt ?? mark.putAt) <= timing.echoMs;
}

/** The shared slot outranks every session, so it is what is shown when both hold a mark. */
function inOrderOfRank(marks: readonly Mark[]): readonly Mark[] {
  return [...marks].sort((a, b) => rank(a) - rank(b));
}

function rank(mark: Mark): number {
  return mark.kind === 'shared' ? 0 : 1;
}

/** What is unsure does not end before its life while nobody has looked. */
export function mayStillShow(
  face: Face,
  { mark, until }: Face['fading'][number],
  now: number,
): boolean {
  if (now < until) return true;
  const isUnsure = face.unknownSince !== undefined && mark.acceptedAt === undefined;
  return isUnsure && (mark.expiresAt === undefined || now < mark.expiresAt);
}
