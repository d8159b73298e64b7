/**
 * What becomes of our marks, and of the agent's claim, when a platform shows a value of its own.
 * A mark that somebody else has replaced is struck from the ledger: it is no longer ours to undo.
 */
import type { Claim, Face, Fact, Seen } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';
import type { Preset } from '../model/preset.ts';
import { isChosen, isOnContact } from './cause.ts';
import type { ObserveContext } from './observe.ts';

export interface MarksAfter {
  readonly ours: readonly Mark[];
  /** Marks that somebody else replaced. */
  readonly lost: readonly Mark[];
}

export function marksAfter(face: Face, seen: Seen, context: ObserveContext): MarksAfter {
  const kept: Mark[] = [];
  const lost: Mark[] = [];
  for (const mark of face.ours) {
    const next =
      context.traits.kind === 'contact_centre'
        ? readinessAfter(mark, face, seen)
        : statusAfter(mark, face, seen, context);
    if (next === undefined) lost.push(mark);
    else kept.push(next);
  }
  return { ours: kept, lost };
}

/** Contact centre: the readiness mark is hidden while a contact lasts and counts again after it. */
function readinessAfter(mark: Mark, face: Face, seen: Seen): Mark | undefined {
  // Signed out: it is over, unless the platform says that it will stand at the next sign-in.
  if (seen.preset === 'offline') return isPending(mark, seen) ? pendingAs(mark, seen) : undefined;
  if (isChosenInFlight(mark, face, seen)) return { ...withoutEcho(mark), touched: true };
  if (isOnContact(seen.preset)) return hidden(mark, seen);
  if (isPending(mark, seen)) return pendingAs(mark, seen);
  if (seen.preset === 'unknown') return mark;
  if (seen.preset !== 'ready') return undefined;
  // Ready: either our write has not shown yet, or the agent has overruled it.
  const wasOnContact = face.seen !== undefined && isOnContact(face.seen.preset);
  return mark.shownAt === undefined || wasOnContact ? withoutEcho(mark) : undefined;
}

/** The agent's own Not Ready, seen while ours is under way: if ours lands on top, it is theirs to end. */
function isChosenInFlight(mark: Mark, face: Face, { preset, presence }: Seen): boolean {
  if (face.intent?.id !== mark.intent) return false;
  const { pending } = presence;
  const code = pending === undefined ? presence.reason?.code : pending.reason?.code;
  const stops = pending === undefined ? preset === 'not_ready' : pending.acd === 'not_ready';
  return stops && code !== mark.reasonCode && code !== mark.replaces?.reasonCode;
}

/**
 * On a contact the mark shows as a pending state, or (put earlier) as having no ready channel.
 * Ready channels and no pending state of ours after we had been seen mean that the agent undid it.
 */
function hidden(mark: Mark, seen: Seen): Mark | undefined {
  const { pending, channels } = seen.presence;
  const stopPending = pending?.acd === 'not_ready';
  if (isPending(mark, seen)) return pendingAs(mark, seen);
  const readyAgain = channels !== undefined && channels.length > 0;
  const undone = readyAgain ? mark.shownAt !== undefined : stopPending;
  return undone ? undefined : withoutEcho(mark, mark.shownAt);
}

function pendingAs(mark: Mark, seen: Seen): Mark {
  return { ...mark, shownAt: mark.shownAt ?? seen.asOf };
}

/** On a contact, taken for later by Five9 (graceful mode), or below a choice of the agent's own. */
function isPending(mark: Mark, { presence: { pending } }: Seen): boolean {
  return pending?.acd === 'not_ready' && pending.reason?.code === mark.reasonCode;
}

/** Forgets the stamp, so that the next echo sets a new one: a contact in between explains it. */
function withoutEcho(mark: Mark, shownAt?: number): Mark {
  const { shownStamp: _stamp, shownAt: _shownAt, ...rest } = mark;
  return shownAt === undefined ? rest : { ...rest, shownAt };
}

/** Collaboration: a session mark may be hidden or lost; a shared one is replaced by whoever writes. */
function statusAfter(
  mark: Mark,
  face: Face,
  seen: Seen,
  context: ObserveContext,
): Mark | undefined {
  if (mark.kind === 'session') return mark;
  if (seen.preset === 'offline' || seen.preset === 'unknown') return mark;
  const flying = face.intent?.id === mark.intent;
  if (mark.shownAt !== undefined && !flying) return undefined;
  if (flying) return raced(mark, seen, context);
  const unchanged = face.own === undefined || face.own.preset === seen.preset;
  if (unchanged && !isDisproved(mark, face, seen, context)) return mark;
  return isAfterOurs(mark, face, seen) ? undefined : raced(mark, seen, context);
}

/** A choice stands in the very slot, long after our unsure write had to be there. */
function isDisproved(mark: Mark, face: Face, seen: Seen, { timing }: ObserveContext): boolean {
  if (mark.acceptedAt !== undefined || face.unknownSince !== undefined) return false;
  return isChosen(seen.preset) && seen.asOf > (face.wroteAt ?? 0) + timing.settleMs;
}

/** Whether our write had its effect, or never will, before this read began. */
function isAfterOurs(mark: Mark, face: Face, seen: Seen): boolean {
  return mark.acceptedAt === undefined
    ? face.unknownSince === undefined
    : seen.asOf > mark.acceptedAt;
}

/**
 * The write is still under way and may land on top of what is shown. A choice is then put back; and
 * a mark that this one was to replace stands there no longer.
 */
function raced(mark: Mark, seen: Seen, context: ObserveContext): Mark {
  const { replaces, shownAt: _shown, shownStamp: _stamp, ...rest } = mark;
  const stillOld = replaces !== undefined && replaces.shownAt === undefined;
  const previous = sharedValue(seen.preset, mark.slot, context);
  return {
    ...rest,
    ...(stillOld ? { replaces } : {}),
    ...(previous === undefined ? {} : { previous }),
  };
}

function sharedValue(preset: Preset, slot: string, context: ObserveContext): string | undefined {
  if (!isChosen(preset)) return undefined;
  return context.traits.express[preset]?.find((each) => each.slot === slot)?.value;
}

/** The agent's own choice of readiness outlives contacts; ours and automatic returns do not make one. */
export function claimAfter(face: Face, fact: Fact, lost: readonly Mark[]): Claim | undefined {
  if (fact.preset === 'offline') return undefined;
  if (fact.preset !== 'ready' && fact.preset !== 'not_ready') {
    return lost.length > 0 ? { preset: 'ready', at: chosenAt(face, fact) } : face.claim;
  }
  if (fact.cause.kind !== 'human' || isRestored(face)) return face.claim;
  return { preset: fact.preset, at: chosenAt(face, fact) };
}

/**
 * Our clock. What is read first after a gap may be as old as the gap: the platform's own time of it
 * is taken then, as far as it lies between the two reads, for its clock need not be ours.
 */
function chosenAt(face: Face, fact: Fact): number {
  const earliest = face.seen?.asOf ?? fact.at;
  return Math.min(fact.at, Math.max(earliest, fact.presence.since ?? fact.at));
}

/** Ready because we have just given it back is nobody's choice. */
function isRestored(face: Face): boolean {
  return (
    face.intent?.command.kind === 'restore' ||
    face.tries?.key.startsWith('restore') === true ||
    face.fading.some(({ mark }) => mark.kind === 'shared')
  );
}
