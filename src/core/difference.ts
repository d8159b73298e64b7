/**
 * The difference between what is desired and what our marks are: at most one command a platform,
 * or the reason why there is none.
 *
 * P1  At most one write in flight per (platform, agent) (I10); after an ambiguous outcome none
 *     until a later read (I11).
 * P2  Only our own marks are taken away, and from a shared slot only when nobody touched it.
 * P3  A value that was accepted and never shown is tried a bounded number of times, then slowly.
 */
import type { BlockedReason } from '../model/blocked.ts';
import type { AgentState, Desired, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Command, Expression, Mark } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import type { Preset } from '../model/preset.ts';
import { away, takeAway } from './away.ts';
import type { Context } from './context.ts';
import { NONE, isUnseen, platformShares, settlesAt, stopped, wakeAt } from './context.ts';
import { attemptKey, sameValue } from './receipt.ts';
import type { World } from './world.ts';
import { lifeOf, platformIds } from './world.ts';

const SLOW_TRY_MS = 60_000;

type Show = Extract<Desired, { kind: 'show' }>;

export function difference(
  state: AgentState,
  platform: PlatformId,
  world: World,
  now: number,
): Plan {
  const face = state.faces[platform];
  const desired = state.desired[platform];
  if (face === undefined || desired === undefined) return NONE;
  const held = hindrance(state, face, world);
  if (held !== undefined) return stopped(face, held, now);
  if (face.intent !== undefined) return NONE;
  if (isUnsure(desired, state)) return stopped(face, 'unconfirmed', now);
  const context: Context = { face, platform, world, now };
  const plan = desired.kind === 'show' ? towards(desired, context) : away(desired, context);
  return plan.kind === 'write' ? inTime(plan, face, now) : plan;
}

/** What asks for it is not known just now: the wish of before stands, and nothing is written for it. */
function isUnsure(desired: Desired, state: AgentState): boolean {
  return desired.kind === 'show' && state.faces[desired.from]?.unknownSince !== undefined;
}

/** What was refused or had no effect is not tried again before its time; anything else may be. */
function inTime(plan: Plan & { kind: 'write' }, face: Face, now: number): Plan {
  const { tries } = face;
  if (tries?.key !== attemptKey(plan.command)) return plan;
  const { refusal } = tries;
  if (refusal?.retryAt !== undefined && refusal.retryAt > now) {
    return { kind: 'blocked', blocked: refusal, wakeAt: refusal.retryAt };
  }
  return tries.nextAt === undefined || tries.nextAt <= now
    ? plan
    : { kind: 'none', wakeAt: tries.nextAt };
}

function hindrance(state: AgentState, face: Face, world: World): BlockedReason | undefined {
  if (state.quarantined !== undefined) return 'quarantined';
  if (state.paused === true) return 'paused';
  if (face.missingSince !== undefined) return 'not_found';
  if (platformIds(world).some((id) => world.live[id] !== true)) return 'stale_data';
  if (face.unknownSince !== undefined) return 'unconfirmed';
  return undefined;
}

function towards(desired: Show, context: Context): Plan {
  const { face, platform, world } = context;
  const express = world.platforms[platform]?.express ?? {};
  const expression = express[desired.preset]?.[0];
  if (expression === undefined) {
    const isReadOnly = Object.keys(express).length === 0;
    return stopped(face, isReadOnly ? 'read_only' : 'cannot_express', context.now);
  }
  const mark = face.ours.find((each) => each.slot === expression.slot);
  if (mark === undefined || !isWanted(mark, desired, expression)) {
    return firstPut(desired, expression, mark, context);
  }
  // What stands in another slot of ours may hide it; the session below a shared mark may stay.
  const hiding = face.ours.find((each) => each !== mark && each.kind === 'shared');
  if (hiding !== undefined) return takeAway(hiding, context);
  return keep(mark, desired, expression, context);
}

function isWanted(mark: Mark, desired: Show, expression: Expression): boolean {
  const wanted = {
    value: expression.value,
    ...(desired.reasonCode === undefined ? {} : { reasonCode: desired.reasonCode }),
  };
  return sameValue(mark, wanted);
}

function firstPut(
  desired: Show,
  expression: Expression,
  mark: Mark | undefined,
  context: Context,
): Plan {
  if (expression.kind === 'session' || !platformShares(context)) {
    return put(desired, expression, mark, context);
  }
  if (mark?.touched === true) return stopped(context.face, 'outranked_by_human', context.now);
  return probe(context) ?? put(desired, expression, mark, context);
}

const HIDES_CHOICES: ReadonlySet<Preset | undefined> = new Set(['away', 'offline']);

/**
 * P2: whether a person may stand in the shared slot without our being able to see it. A session of
 * ours that is shown proves that the slot is empty; one that is hidden proves the opposite. Without
 * one, an Away may be a choice, and behind Offline there may be one that waits for a device (A6).
 */
function probe({ face, now }: Context): Plan | undefined {
  const session = face.ours.find((each) => each.kind === 'session');
  if (session === undefined) {
    return HIDES_CHOICES.has(face.own?.preset) ? stopped(face, 'may_be_chosen', now) : undefined;
  }
  if (face.cause.kind === 'ours') return undefined;
  const read = face.seen?.asOf ?? 0;
  return read > (session.acceptedAt ?? now) ? stopped(face, 'outranked_by_human', now) : NONE;
}

function put(
  desired: Show,
  expression: Expression,
  mark: Mark | undefined,
  context: Context,
): Plan {
  const { face, platform, world } = context;
  const lifeMs = lifeOf(world, expression, platform);
  const previous =
    mark?.previous ??
    givenBack(face, expression) ??
    previousOf(face, expression, world.platforms[platform]?.kind);
  if (isUnreadable(previous, context)) return NONE;
  const command: Command = {
    platform,
    kind: 'put',
    slot: expression.slot,
    slotKind: expression.kind,
    value: expression.value,
    preset: desired.preset,
    shows: expression.shows,
    ...(lifeMs === undefined ? {} : { lifeMs }),
    ...(desired.reasonCode === undefined ? {} : { reasonCode: desired.reasonCode }),
    ...(previous === undefined ? {} : { previous }),
    ...(mark?.reasonCode === undefined ? {} : { replacesCode: mark.reasonCode }),
    ...(expression.kind === 'shared' ? { guarded: true } : {}),
  };
  return { kind: 'write', command, since: desired.since };
}

/** Just given back and not seen yet: what is shown is still our own Not Ready, not what it replaced. */
function givenBack(face: Face, expression: Expression): string | undefined {
  if (face.cause.kind !== 'ours') return undefined;
  return face.fading.findLast(({ mark }) => mark.slot === expression.slot)?.mark.previous;
}

/** What is shown is still our own Not Ready of before, so what to give back later is not known yet. */
function isUnreadable(previous: string | undefined, { face, platform, world }: Context): boolean {
  const isCentre = world.platforms[platform]?.kind === 'contact_centre';
  return isCentre && face.cause.kind === 'ours' && (previous ?? '') === '';
}

/** What has to be written back when a mark in a shared slot is taken away again. */
function previousOf(
  face: Face,
  expression: Expression,
  kind: 'contact_centre' | 'collaboration' | undefined,
): string | undefined {
  if (expression.kind !== 'shared' || kind !== 'contact_centre') return undefined;
  return face.seen?.presence.channels?.join(',');
}

/** The mark is the wanted one: see that it really shows, and renew it in time. */
function keep(mark: Mark, desired: Show, expression: Expression, context: Context): Plan {
  const { face, platform, world, now } = context;
  if (!isShowing(mark, face)) return tryAgain(mark, desired, expression, context);
  const lifeMs = lifeOf(world, mark, platform);
  if (lifeMs === undefined || mark.touched === true || isUnseen(mark, context)) {
    return { kind: 'none', ...wakeAt(mark.expiresAt) };
  }
  const renewAt = mark.putAt + (lifeMs * 2) / 3;
  return now >= renewAt
    ? put(desired, expression, mark, context)
    : { kind: 'none', wakeAt: renewAt };
}

/** Accepted and not shown: wait, then try a bounded number of times, then say so and try slowly. */
function tryAgain(mark: Mark, desired: Show, expression: Expression, context: Context): Plan {
  const { face, world, now } = context;
  const due = settlesAt(mark, world);
  if (now < due) return { kind: 'none', wakeAt: due };
  if ((face.seen?.asOf ?? 0) < due) return NONE;
  if (mark.kind === 'shared' && platformShares(context)) return stopped(face, hiddenBy(face), now);
  const retryAt = nextTry(mark, context);
  return now >= retryAt
    ? put(desired, expression, mark, context)
    : stopped(face, hiddenBy(face), now, retryAt);
}

/** After the last of a few tries it goes on slowly, for whatever was in the way may be over. */
function nextTry(mark: Mark, { face, world, now }: Context): number {
  const isSoon = (face.tries?.count ?? 0) < world.policy.timing.maxTries;
  return isSoon ? now : (mark.acceptedAt ?? mark.putAt) + SLOW_TRY_MS;
}

/** A session of ours outranks an idle Away, so what hides it is most likely a choice (A6). */
function hiddenBy(face: Face): BlockedReason {
  return face.own?.preset === 'away' ? 'may_be_chosen' : 'not_shown';
}

/** On a contact a readiness mark is in force although the platform shows the contact. */
function isShowing(mark: Mark, face: Face): boolean {
  if (face.cause.kind === 'ours')
    return face.cause.intent === mark.intent || mark.shownAt !== undefined;
  return mark.shownAt !== undefined && mark.kind === 'shared';
}
