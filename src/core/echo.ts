/**
 * Takes an echo of our own mark into a face: what one more look at it tells, and what it tells of
 * the fact that is held behind it.
 */
import type { Fact, Face, Seen } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';
import type { PlatformKind } from '../model/platform.ts';
import type { Preset } from '../model/preset.ts';
import { mayStillShow } from './attribute.ts';
import { isChosen, isOnContact } from './cause.ts';
import type { ObserveContext, Observed } from './observe.ts';

export function echo(
  face: Face,
  seen: Seen,
  mark: Mark,
  { traits: { kind }, now }: ObserveContext,
): Observed {
  const stamp = isAfterOurs(face, seen) ? touchStamp(seen, kind) : undefined;
  const next = isBeforeOurs(face, mark, seen) ? mark : shownMark(mark, seen, stamp);
  const { tries: _tries, blocked: _blocked, ...rest } = face;
  const newlyTouched = next.touched === true && mark.touched !== true;
  return {
    face: {
      ...rest,
      ...(isOver(face, mark) ? { own: neutral(seen, mark) } : {}),
      seen,
      cause: { kind: 'ours', certainty: 'likely', intent: mark.intent },
      ours: face.ours.map((each) => (each === mark ? next : each)),
      // What was kept only as long as nobody had looked: now somebody has.
      fading: face.fading.filter((each) => mayStillShow(face, each, now)),
    },
    notes: mark.shownAt === undefined ? ['echo'] : newlyTouched ? ['touched'] : [],
  };
}

/** What one more look at our mark tells: that it arrived, as what, and whether it was rewritten. */
function shownMark(mark: Mark, seen: Seen, stamp: string | undefined): Mark {
  const moved = mark.shownStamp !== undefined && stamp !== undefined && stamp !== mark.shownStamp;
  const touched = moved && mark.kind === 'shared';
  return {
    ...mark,
    shownAt: mark.shownAt ?? seen.asOf,
    ...(mark.shows.indexOf(seen.preset) === 0 ? { exact: true } : {}),
    ...(stamp === undefined || touched ? {} : { shownStamp: stamp }),
    ...(touched ? { touched: true } : {}),
  };
}

/** What was read before our write left shows an earlier mark of the same value, not this one. */
function isBeforeOurs(face: Face, mark: Mark, seen: Seen): boolean {
  return face.intent?.id === mark.intent && seen.asOf < mark.putAt;
}

/** Only a read that began after our own last write tells of somebody else's. */
function isAfterOurs(face: Face, seen: Seen): boolean {
  return face.intent === undefined && seen.asOf > (face.wroteAt ?? 0);
}

/**
 * What moves when somebody writes the same value again. A contact centre dates the state itself; a
 * collaboration platform gives a version stamp.
 */
function touchStamp({ version, presence }: Seen, kind: PlatformKind): string | undefined {
  if (kind === 'collaboration') return version.stamp;
  return presence.since === undefined ? undefined : String(presence.since);
}

/**
 * A10: a fact that had displaced our session mark, or that outranks every session, is over when
 * the mark is shown again. What stands below it now cannot be seen until the mark is gone.
 * A readiness mark hides no contact, so a contact is over as soon as the mark is shown.
 */
function isOver(face: Face, mark: Mark): boolean {
  const { own: fact } = face;
  if (fact === undefined) return false;
  if (mark.kind === 'shared') return isOnContact(fact.preset);
  const displaced = mark.shownAt !== undefined && face.cause.kind !== 'ours';
  const outranks =
    fact.preset === 'presenting' || (isChosen(fact.preset) && fact.preset !== 'busy');
  return outranks || (displaced && !NEUTRAL.has(fact.preset));
}

const NEUTRAL: ReadonlySet<Preset> = new Set(['available', 'away', 'offline', 'out_of_office']);

function neutral(seen: Seen, mark: Mark): Fact {
  const preset = mark.kind === 'shared' ? 'ready' : 'available';
  return {
    preset,
    presence: {
      reach: 'available',
      acd: preset === 'ready' ? 'ready' : 'none',
      activity: 'none',
      raw: '',
    },
    cause: { kind: 'unknown', certainty: 'likely', note: 'A10' },
    at: seen.asOf,
  };
}
