/**
 * Takes an observation into a face.
 *
 * O1  Versions never go back: a stale item changes nothing (I6), and neither does a read that began
 *     before the outcome of our last write was known.
 * O2  While our mark is what is shown, the platform's own fact is held as it was.
 * O3  A mark leaves the ledger only when the platform shows that it is gone, replaced or over.
 */
import type { Cause } from '../model/cause.ts';
import type { Fact, Face, Seen } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';
import type { Observation } from '../model/observation.ts';
import type { PlatformTraits } from '../model/platform.ts';
import { presetOf } from '../model/preset.ts';
import type { Timing } from '../policy/policy.ts';
import { attribute } from './attribute.ts';
import { causeOfValue, isChosen, isOnContact } from './cause.ts';
import { echo } from './echo.ts';
import { isOverdue } from './overdue.ts';
import { claimAfter, marksAfter } from './own.ts';
import { withPending } from './pending.ts';

/** As often as this at most a refused write is tried again while the state changes. */
const ASK_AGAIN_MS = 5_000;

export interface ObserveContext {
  readonly traits: PlatformTraits;
  readonly timing: Timing;
  readonly now: number;
}

export interface Observed {
  readonly face: Face;
  /** Names of what happened, for metrics and probes: `stale_dropped`, `echo`, `human`, … */
  readonly notes: readonly string[];
}

export function observe(face: Face, observation: Observation, context: ObserveContext): Observed {
  if (isOverdue(face, observation, context)) {
    return { face, notes: ['stale_dropped'] };
  }
  const seen = seenFrom(observation, face.seen);
  const known = becomesKnown(face, observation);
  const { missingSince: _missing, ...present } = known;
  const shown = { preset: seen.preset, presence: seen.presence, now: context.now };
  // Before it becomes known: what was unsure until this read may be what the read shows.
  const attribution = attribute(face, shown, context.timing);
  switch (attribution.kind) {
    case 'ours':
      return echo(present, seen, attribution.mark, context);
    case 'fading':
      return fading(present, seen, attribution.mark, context);
    case 'own':
      return own(present, seen, context);
  }
}

/** Whether the core has to see this observation, or whether it only confirms what is known. */
export function isNews(
  face: Face,
  observation: Observation,
  context: Pick<ObserveContext, 'timing' | 'now'>,
): boolean {
  const { seen } = face;
  if (seen === undefined || face.missingSince !== undefined) return true;
  if (face.unknownSince !== undefined || face.fading.length > 0) return true;
  if (face.intent !== undefined || face.ours.some((mark) => mark.shownAt === undefined))
    return true;
  return differs(seen, observation) || isOursNoLonger(face, observation, context);
}

function differs(seen: Seen, observation: Observation): boolean {
  return (
    seen.presence.raw !== observation.presence.raw ||
    seen.version.stamp !== observation.version.stamp ||
    seen.version.generation !== observation.version.generation ||
    pendingKey(seen) !== pendingKey(observation) ||
    !sameChannels(seen.presence.channels, observation.presence.channels)
  );
}

/** The same value, but the time in which it could be our echo is over. */
function isOursNoLonger(
  face: Face,
  { presence }: Observation,
  { timing, now }: Pick<ObserveContext, 'timing' | 'now'>,
): boolean {
  if (face.cause.kind !== 'ours') return false;
  const shown = { preset: presetOf(presence), presence, now };
  return attribute(face, shown, timing).kind === 'own';
}

/** What has to be given back one day is always what was read last. */
function sameChannels(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === b) return true;
  return a?.length === b?.length && a?.every((each, index) => each === b?.[index]) === true;
}

function pendingKey(item: Pick<Observation, 'presence'>): string {
  const { pending } = item.presence;
  return pending === undefined ? '' : `${pending.acd}/${pending.reason?.code ?? ''}`;
}

function seenFrom(observation: Observation, before: Seen | undefined): Seen {
  const preset = presetOf(observation.presence);
  const same =
    before !== undefined &&
    before.preset === preset &&
    before.presence.raw === observation.presence.raw;
  return {
    presence: observation.presence,
    preset,
    version: observation.version,
    asOf: observation.asOf,
    since: same ? before.since : observation.asOf,
  };
}

/** I11: after an ambiguous outcome only a read that began later makes the state known again. */
function becomesKnown(face: Face, observation: Observation): Face {
  if (face.unknownSince === undefined) return face;
  if (observation.via !== 'sweep' || observation.asOf <= face.unknownSince) return face;
  const { unknownSince: _unknown, ...rest } = face;
  return rest;
}

/** A5: what we took away may be read for a while. If its end was unsure, it is back in the ledger. */
function fading(face: Face, seen: Seen, mark: Mark, { timing, now }: ObserveContext): Observed {
  const successor = face.ours.find(({ slot }) => slot === mark.slot);
  const isUnsure = mark.acceptedAt === undefined && face.fading.some((each) => each.mark === mark);
  // A slot holds one mark: where a later one is known to be there, or on its way, this is an echo.
  const isReplaced = successor?.acceptedAt !== undefined && successor.putAt >= mark.putAt;
  const mayBeBack =
    successor === undefined || !(isReplaced || successor.intent === face.intent?.id);
  const hasEnded = mark.expiresAt !== undefined && mark.expiresAt <= now;
  const isBack = isUnsure && mayBeBack && !hasEnded;
  const cause: Cause = { kind: 'ours', certainty: 'likely', intent: mark.intent };
  if (!isBack) {
    return { face: { ...face, seen, cause: { ...cause, note: 'A5' } }, notes: ['echo_fading'] };
  }
  const until = now + timing.echoMs;
  // As if it had been shown all the time: to read it once more must change nothing.
  const { tries: _tries, blocked: _blocked, ...rest } = face;
  return {
    face: {
      ...rest,
      seen,
      cause,
      ours: [
        ...face.ours.filter((each) => each !== successor),
        { ...mark, acceptedAt: seen.asOf, shownAt: seen.asOf },
      ],
      // It may still arrive.
      fading: [
        ...face.fading.filter((each) => each.mark !== mark),
        ...(successor === undefined ? [] : [{ mark: successor, until }]),
      ],
    },
    notes: ['late_write_found'],
  };
}

function own(before: Face, seen: Seen, context: ObserveContext): Observed {
  const face = withPending(before, seen, context.now + context.timing.echoMs);
  const marks = marksAfter(face, seen, context);
  const same =
    isSameFact(face.own, seen) && marks.lost.length === 0 && !isChosenAnew(face, seen, context);
  const fact =
    same && face.own !== undefined
      ? { ...face.own, presence: seen.presence }
      : {
          preset: seen.preset,
          presence: seen.presence,
          cause: causeOfValue(context.traits.kind, seen.preset, face.seen),
          at: seen.asOf,
        };
  const claim = same ? face.claim : claimAfter(face, fact, marks.lost);
  const { claim: _claim, ...rest } = same ? face : asked(face, seen, context.now);
  return {
    face: {
      ...rest,
      seen,
      cause: fact.cause,
      own: fact,
      ours: marks.ours,
      fading: face.fading
        .filter(({ mark, until }) => mayStillFade(mark, until, seen, context))
        .map((each) =>
          isStopOfTheirs(seen) ? { ...each, mark: { ...each.mark, touched: true } } : each,
        ),
      ...(claim === undefined ? {} : { claim }),
    },
    notes: marks.lost.length > 0 ? ['human_took_slot'] : same ? [] : [`own_${fact.cause.kind}`],
  };
}

/**
 * What was refused in another state may be asked for again: at once after a contact, which took its
 * time, else soon, for a state that flaps would ask with every beat.
 */
function asked(face: Face, seen: Seen, now: number): Face {
  const { tries } = face;
  if (tries?.refusal?.retryAt === undefined) return face;
  const retryAt = Math.min(tries.refusal.retryAt, tries.refusal.since + ASK_AGAIN_MS);
  const wasOnContact = face.seen !== undefined && isOnContact(face.seen.preset);
  if (retryAt <= now || (wasOnContact && !isOnContact(seen.preset))) {
    const { blocked: _blocked, tries: _tries, ...rest } = face;
    return rest;
  }
  const refusal = { ...tries.refusal, retryAt };
  return { ...face, blocked: refusal, tries: { ...tries, refusal } };
}

/** Not Ready by the agent: a write of ours that still lands on top of it is theirs to end. */
function isStopOfTheirs({ preset, presence }: Seen): boolean {
  const stops = preset === 'not_ready' || presence.pending?.acd === 'not_ready';
  return stops && presence.acd !== 'none';
}

/** Another value in a read that began after the clear was accepted ends the echo early. */
function mayStillFade(mark: Mark, until: number, seen: Seen, context: ObserveContext): boolean {
  const cleared = until - context.timing.fadeMs;
  const unsure = mark.acceptedAt === undefined;
  return context.now < until && (unsure || seen.asOf < cleared);
}

/**
 * The same choice once more: the platform's own count has moved although nothing of ours was
 * written since the value was read the last time. In between there may have been another one.
 */
function isChosenAnew(
  { seen: before, wroteAt }: Face,
  seen: Seen,
  context: ObserveContext,
): boolean {
  if (context.traits.kind !== 'collaboration' || !isChosen(seen.preset)) return false;
  const [then, now] = [before?.version.stamp, seen.version.stamp];
  if (before === undefined || then === undefined || now === undefined) return false;
  return now !== then && (wroteAt === undefined || wroteAt < before.asOf);
}

function isSameFact(before: Fact | undefined, seen: Seen): boolean {
  return (
    before !== undefined &&
    before.preset === seen.preset &&
    before.presence.reason?.code === seen.presence.reason?.code
  );
}
