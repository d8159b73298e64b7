/** Takes our marks away again, one at a time, and only those that are ours for certain (P2). */
import type { Desired } from '../model/face.ts';
import type { Command, Mark } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import type { Context } from './context.ts';
import { NONE, isUnseen, settlesAt, stopped, wakeAt } from './context.ts';

/** Leave alone: our marks go, the session first, so that nothing flickers below the shared one. */
export function away(desired: Extract<Desired, { kind: 'leave' }>, context: Context): Plan {
  const { face, now } = context;
  const marks = [...face.ours].sort((a, b) => takeAwayOrder(a) - takeAwayOrder(b));
  // Outranked: the mark below is harmless, and right again as soon as the person lets go.
  const next = marks.find(
    (mark) =>
      !(mark.kind === 'session' && mark.preset === desired.wished && desired.blocked !== undefined),
  );
  if (next !== undefined) return takeAway(next, context);
  return desired.blocked === undefined ? NONE : stopped(face, desired.blocked, now);
}

/** What hides a person's own choice goes first of all. */
function takeAwayOrder(mark: Mark): number {
  if (mark.kind === 'session') return 1;
  return mark.previous === undefined ? 2 : 0;
}

export function takeAway(mark: Mark, context: Context): Plan {
  const { face, platform, world, now } = context;
  const base = {
    platform,
    slot: mark.slot,
    slotKind: mark.kind,
    value: mark.value,
    preset: mark.preset,
    shows: mark.shows,
  };
  if (mark.kind === 'session') {
    return { kind: 'write', command: { ...base, kind: 'clear' }, since: face.seen?.since ?? now };
  }
  if (mark.touched === true || isUnseen(mark, context)) return leftAlone(mark, context);
  if (world.platforms[platform]?.kind === 'contact_centre') return giveBack(mark, base, context);
  if (face.cause.kind !== 'ours' && mark.shownAt === undefined) return untilShown(mark, context);
  const command: Command =
    mark.previous === undefined
      ? { ...base, kind: 'clear', guarded: true }
      : { ...base, kind: 'restore', previous: mark.previous, guarded: true };
  return { kind: 'write', command, since: now };
}

/** Somebody may have written the same value: it ends by itself, or it is theirs. */
function leftAlone(mark: Mark, { face, now }: Context): Plan {
  const since = face.blocked?.reason === 'may_be_chosen' ? face.blocked.since : now;
  return {
    kind: 'blocked',
    blocked: { reason: 'may_be_chosen', since },
    ...wakeAt(mark.expiresAt),
  };
}

/** A choice made just before our write would go with it: only a read tells which of the two stands. */
function untilShown(mark: Mark, { world, now }: Context): Plan {
  const due = settlesAt(mark, world);
  return now < due ? { kind: 'none', wakeAt: due } : NONE;
}

/** I7: Ready only as the undo of our own Not Ready, while the platform still shows it as ours. */
function giveBack(mark: Mark, base: Omit<Command, 'kind'>, { face, now }: Context): Plan {
  const pendingOurs = face.seen?.presence.pending?.reason?.code === mark.reasonCode;
  const showsOurs = face.cause.kind === 'ours' && face.cause.intent === mark.intent;
  if (mark.previous === undefined || mark.previous === '') return NONE;
  if (mark.shownAt === undefined || !(showsOurs || pendingOurs)) return NONE;
  const code = mark.reasonCode === undefined ? {} : { reasonCode: mark.reasonCode };
  const command: Command = {
    ...base,
    ...code,
    kind: 'restore',
    previous: mark.previous,
    guarded: true,
  };
  return { kind: 'write', command, since: now };
}
