/**
 * What sending a command and learning its outcome do to a face.
 *
 * R1  A mark enters the ledger when its write leaves, before anyone can see its effect.
 * R2  A write that surely had no effect leaves the ledger as it was before.
 * R3  An ambiguous outcome makes the face unknown; nothing is assumed from the value before (I11).
 */
import type { Blocked, BlockedReason } from '../model/blocked.ts';
import type { Face } from '../model/face.ts';
import type { Command, Intent, Mark } from '../model/mark.ts';
import type { Timing } from '../policy/policy.ts';

/** The core's own view of an outcome; the engine translates the connector's into it. */
export type Receipt =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'no_effect' }
  /** `mayArrive`: it may still be on its way. */
  | { readonly kind: 'ambiguous'; readonly mayArrive?: true }
  | { readonly kind: 'refused'; readonly reason: BlockedReason; readonly detail: string };

/** A request has had its effect, or never will, this long after it left. */
export const ON_ITS_WAY_MS = 20_000;

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 60_000;

export function send(face: Face, intent: Intent): Face {
  const { command } = intent;
  const key = attemptKey(command);
  const count = face.tries?.key === key ? face.tries.count + 1 : 1;
  const sent = { ...face, intent, tries: { key, count } };
  return command.kind === 'put' ? { ...sent, ours: withMark(face, markOf(intent)) } : sent;
}

export function receive(face: Face, receipt: Receipt, now: number, timing: Timing): Face {
  const { intent } = face;
  if (intent === undefined) return face;
  const { intent: _intent, ...before } = face;
  // Our own write may move the version stamp under any mark: the next echo sets it anew (A11).
  const rest = { ...before, wroteAt: now, ours: before.ours.map(withoutStamp) };
  switch (receipt.kind) {
    case 'accepted':
      return accepted(rest, intent, now, timing);
    case 'no_effect':
      return later(undone(rest, intent), now);
    case 'ambiguous':
      return {
        ...unsure(rest, intent, arrivedBy(receipt, intent, now), timing),
        unknownSince: settled(receipt, intent, now),
      };
    case 'refused':
      return refused(undone(rest, intent), refusal(receipt, now, timing));
  }
}

/** R3: only a read that begins after this can tell what became of it. */
function settled(
  { mayArrive }: { readonly mayArrive?: true },
  intent: Intent,
  now: number,
): number {
  return mayArrive === true ? Math.max(now, intent.sentAt + ON_ITS_WAY_MS) : now;
}

/** The latest time at which it had its effect, if it had one, however late that is learnt (F82). */
function arrivedBy(
  { mayArrive }: { readonly mayArrive?: true },
  intent: Intent,
  now: number,
): number {
  const latest = intent.sentAt + ON_ITS_WAY_MS;
  return mayArrive === true ? latest : Math.min(now, latest);
}

function withoutStamp(mark: Mark): Mark {
  const { shownStamp: _stamp, ...rest } = mark;
  return rest;
}

/** Attempts with the same key are attempts at the same thing. */
export function attemptKey(command: Command): string {
  return `${command.kind}:${command.slot}:${command.value}:${command.reasonCode ?? ''}`;
}

function markOf(intent: Intent): Mark {
  const { command } = intent;
  return {
    slot: command.slot,
    kind: command.slotKind,
    value: command.value,
    preset: command.preset,
    shows: command.shows,
    intent: intent.id,
    putAt: intent.sentAt,
    ...(command.reasonCode === undefined ? {} : { reasonCode: command.reasonCode }),
    ...(command.previous === undefined ? {} : { previous: command.previous }),
  };
}

function withMark({ ours, cause }: Face, mark: Mark): readonly Mark[] {
  const before = ours.find((each) => each.slot === mark.slot);
  const others = ours.filter((each) => each !== before);
  if (before === undefined) return [...others, mark];
  const { replaces: _older, ...old } = before;
  // Only what is shown right now has been read as exactly this value, and only if it still stands
  // when the write arrives does the write set nothing anew (A3).
  const isShowing = cause.kind === 'ours' && cause.intent === old.intent;
  const stands = old.expiresAt === undefined || standsAt(old, mark);
  const isExact = isShowing && stands && old.exact === true && sameValue(old, mark);
  const exact = isExact ? { exact: true } : {};
  return [...others, { ...mark, ...exact, replaces: old }];
}

/** An end that another process wrote down is by another clock: it may have come already. */
function standsAt({ intent, expiresAt = 0 }: Mark, next: Mark): boolean {
  const ownerOf = (id: string): string => id.slice(0, id.lastIndexOf('/'));
  return ownerOf(intent) === ownerOf(next.intent) && expiresAt > next.putAt + ON_ITS_WAY_MS;
}

function accepted(face: Face, intent: Intent, now: number, timing: Timing): Face {
  const mark = face.ours.find((each) => each.slot === intent.command.slot);
  if (mark === undefined) return face;
  const until = now + timing.fadeMs;
  if (intent.command.kind === 'put') return acceptedPut(face, mark, intent, { now, until });
  return {
    ...face,
    ours: face.ours.filter((each) => each !== mark),
    fading: [...face.fading, { mark, until }],
  };
}

interface Times {
  readonly now: number;
  readonly until: number;
}

function acceptedPut(face: Face, mark: Mark, intent: Intent, { now, until }: Times): Face {
  const { replaces, ...put } = mark;
  const { lifeMs } = intent.command;
  const base: Mark = {
    ...put,
    acceptedAt: now,
    ...(lifeMs === undefined ? {} : { expiresAt: now + lifeMs }),
  };
  const renewal = replaces !== undefined && sameValue(replaces, put);
  const next = renewal ? renewed(base, replaces, face) : base;
  const isShowing = face.cause.kind === 'ours' && face.cause.intent === replaces?.intent;
  return {
    ...face,
    ...(renewal && isShowing ? { cause: { ...face.cause, intent: put.intent } } : {}),
    ours: face.ours.map((each) => (each === mark ? next : each)),
    fading:
      replaces === undefined || renewal ? face.fading : [...face.fading, { mark: replaces, until }],
  };
}

/** A renewal of what is shown shows nothing new; of what is hidden, it has yet to show. */
function renewed(mark: Mark, before: Mark, face: Face): Mark {
  const isShowing = face.cause.kind === 'ours' && face.cause.intent === before.intent;
  if (before.shownAt === undefined || !(isShowing || mark.kind === 'shared')) return mark;
  return { ...mark, shownAt: before.shownAt };
}

function undone(face: Face, intent: Intent): Face {
  if (intent.command.kind !== 'put') return face;
  const ours = face.ours.flatMap((mark) => {
    if (mark.intent !== intent.id) return [mark];
    return mark.replaces === undefined ? [] : [mark.replaces];
  });
  return { ...face, ours };
}

/** What had no effect is tried again, ever less eagerly, so that no agent keeps a lane busy. */
function later(face: Face, now: number): Face {
  if (face.tries === undefined) return face;
  const { key, count } = face.tries;
  const pauseMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(count - 1, 10));
  return { ...face, tries: { key, count, nextAt: now + pauseMs } };
}

/** Both the new mark and the one that it was to replace may stand there: both stay recognisable. */
function unsure(face: Face, intent: Intent, arrived: number, timing: Timing): Face {
  const mark = face.ours.find((each) => each.intent === intent.id);
  if (mark === undefined) return face;
  const { replaces, ...put } = mark;
  const { lifeMs } = intent.command;
  const next = lifeMs === undefined ? put : { ...put, expiresAt: arrived + lifeMs };
  const ours = face.ours.map((each) => (each === mark ? next : each));
  if (replaces === undefined || sameValue(replaces, put)) return { ...face, ours };
  const { acceptedAt: _accepted, ...old } = replaces;
  return { ...face, ours, fading: [...face.fading, { mark: old, until: arrived + timing.echoMs }] };
}

function refused(face: Face, blocked: Blocked): Face {
  const { tries } = face;
  return {
    ...face,
    blocked,
    ...(tries === undefined ? {} : { tries: { ...tries, refusal: blocked } }),
  };
}

function refusal(
  receipt: Extract<Receipt, { kind: 'refused' }>,
  now: number,
  timing: Timing,
): Blocked {
  const { reason, detail } = receipt;
  return { reason, detail, since: now, retryAt: now + timing.refusedRetryMs };
}

export function sameValue(
  a: Pick<Mark, 'value' | 'reasonCode'>,
  b: Pick<Mark, 'value' | 'reasonCode'>,
): boolean {
  return a.value === b.value && a.reasonCode === b.reasonCode;
}
