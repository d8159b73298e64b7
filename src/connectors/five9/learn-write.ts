/**
 * What becomes of a write of readiness: for a consenting probe agent who is Not Ready with a reason, or
 * in a contact. Another Not Ready code is written, and what stood there is given back.
 *
 * P1  Whatever happens, what stood there before is written back and read back.
 * P2  What somebody else has chosen meanwhile is left alone.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { LearnOptions, Outcome } from '../connector.ts';
import type { FindingBook } from '../kit/learning.ts';
import type { Assembly } from './assembly.ts';
import type { Five9Question } from './learn-questions.ts';
import type { Answered, Tap } from './learn-tap.ts';
import { NOT_READY, PLATFORM_ID, READINESS_SLOT } from './manifest.ts';
import { sameReadiness } from './read.ts';
import type { Entry } from './roster.ts';
import type { Readiness } from './wire.ts';

const ECHO_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 25;
const TRIES = 3;
const TRY_GAP_MS = 2_000;

export interface WriteLab {
  readonly assembly: Assembly;
  readonly clock: Clock;
  readonly tap: Tap;
  readonly book: FindingBook<Five9Question>;
  readonly options: LearnOptions;
}

interface Before {
  readonly account: AccountId;
  readonly standing: Readiness;
  readonly isOnContact: boolean;
  /** That is written. */
  readonly code: string;
}

export async function learnWrites(lab: WriteLab): Promise<void> {
  const before = await prepared(lab);
  if (typeof before === 'string') {
    const needed =
      'Name with --probe-five9 a test agent who is Not Ready with a reason, or on a call.';
    for (const id of WRITE_QUESTIONS) lab.book.missed(id, before, needed);
    return;
  }
  lab.options.progress('Five9: writing readiness of the probe agent');
  try {
    await written(lab, before);
  } finally {
    const isBack = await givenBack(lab, before);
    lab.book.measured('five9.clean_up', {
      value: isBack,
      how: 'what the feed shows of the probe agent after the write-back was held against what it showed before',
    });
  }
}

const WRITE_QUESTIONS = [
  'five9.write_reply',
  'five9.write_echo',
  'five9.write_pending',
  'five9.clean_up',
] as const;

/** Why there is nothing to be written, or what is. */
async function prepared({ assembly, options }: WriteLab): Promise<Before | string> {
  const { settings, watcher } = assembly;
  const account = options.probeAccount;
  if (settings.writes !== 'presence') return `five9.writes is ${settings.writes}`;
  if (account === undefined) return 'no probe agent was named';
  const entry = watcher.latest(account);
  const standing = entry?.standing;
  if (entry === undefined || standing === undefined) {
    return 'the feed does not show the probe agent';
  }
  const isOnContact = isInContact(entry);
  const why = unfit(entry, standing);
  if (why !== undefined) return why;
  const code = await anotherCode(assembly, standing.code);
  return code === undefined
    ? 'there is no second reason code that can be selected'
    : { account, standing, isOnContact, code };
}

function isInContact({ observation }: Entry): boolean {
  const { acd } = observation.presence;
  return acd === 'engaged' || acd === 'wrap_up';
}

function unfit(entry: Entry, standing: Readiness): string | undefined {
  const { acd, pending } = entry.observation.presence;
  if (pending !== undefined) return 'a change of the probe agent was pending already';
  if (!isInContact(entry) && acd !== 'not_ready') {
    return 'the probe agent was neither Not Ready nor on a call';
  }
  if (standing.channels.length > 0 || standing.code !== '0') return undefined;
  return 'the probe agent was Not Ready without a reason, which cannot be written back';
}

/** A reserved one, if there is any. */
async function anotherCode(
  { settings, client }: Assembly,
  standing: string,
): Promise<string | undefined> {
  const codes = await client.reasonCodes().catch(() => []);
  const usable = codes
    .filter(({ code, selectable }) => selectable && code !== standing && /^[1-9]\d*$/.test(code))
    .map(({ code }) => code);
  return usable.find((code) => settings.reservedReasonCodes.includes(code)) ?? usable[0];
}

async function written(lab: WriteLab, before: Before): Promise<void> {
  const { assembly, clock, book, tap } = lab;
  tap.lastPut = undefined;
  const sentAt = clock.monotonic();
  const outcome = await assembly.client.write(putOf(before.code), before.account);
  tellReply(book, outcome, tap.lastPut);
  if (outcome.kind !== 'accepted') {
    const needed = 'See the check five9.write of lockstep doctor --probe-five9.';
    book.missedRest('the write was not accepted', needed, [
      'five9.write_echo',
      'five9.write_pending',
    ]);
    return;
  }
  const wanted: Readiness = { channels: [], code: before.code };
  const seen = await seenBy(lab, before.account, (entry) => isStanding(entry, wanted));
  const ms = Math.round(clock.monotonic() - sentAt);
  const how =
    'from sending the request until the supervisor feed showed it as current or as pending';
  if (seen === undefined) {
    const value = `not within ${ECHO_WITHIN_MS} ms`;
    book.measured('five9.write_echo', { value, how });
  } else {
    book.measured('five9.write_echo', { value: ms, unit: 'ms', samples: [ms], how });
  }
  tellPending(book, before, outcome, seen);
}

function tellReply(book: WriteLab['book'], outcome: Outcome, answer: Answered | undefined): void {
  book.measured('five9.write_reply', {
    value: {
      outcome: outcome.kind,
      httpStatus: answer?.status ?? 0,
      body: answer?.form ?? 'no answer',
      saysPending: outcome.kind === 'accepted' && outcome.pending === true,
    },
    how: 'the PUT of another Not Ready code; of the body only which of the known forms it has',
  });
}

function tellPending(
  book: WriteLab['book'],
  { isOnContact }: Before,
  outcome: Outcome,
  seen: Entry | undefined,
): void {
  if (!isOnContact) {
    const needed = 'Run it again while the probe agent is on a call.';
    book.missed('five9.write_pending', 'the probe agent was not in a contact', needed);
    return;
  }
  const presence = seen?.observation.presence;
  const isOver = seen !== undefined && !isInContact(seen);
  const inFeed = presence === undefined ? 'not shown' : presence.pending ? 'pending' : 'at once';
  book.measured('five9.write_pending', {
    value: {
      feed: isOver ? 'the contact was over' : inFeed,
      reply: outcome.kind === 'accepted' && outcome.pending === true ? 'pending' : 'not pending',
    },
    how: 'the same write while the probe agent was in a contact; what the reply and the feed said of it',
  });
}

/** Undefined: not in time. Waits on although somebody wants to stop, since it is part of undoing too. */
async function seenBy(
  { assembly, clock }: WriteLab,
  account: AccountId,
  isIt: (entry: Entry) => boolean,
): Promise<Entry | undefined> {
  const { watcher } = assembly;
  const end = clock.monotonic() + ECHO_WITHIN_MS;
  let isAsked = false;
  while (clock.monotonic() < end) {
    const entry = watcher.latest(account);
    if (entry !== undefined && isIt(entry)) return entry;
    // Where no difference tells of it, the whole picture does.
    if (!isAsked && clock.monotonic() > end - ECHO_WITHIN_MS / 2) watcher.look();
    isAsked ||= clock.monotonic() > end - ECHO_WITHIN_MS / 2;
    await pause(clock, LOOK_EVERY_MS);
  }
  return undefined;
}

function isStanding(entry: Entry, wanted: Readiness): boolean {
  return entry.standing !== undefined && sameReadiness(entry.standing, wanted);
}

async function givenBack(lab: WriteLab, before: Before): Promise<boolean> {
  const { assembly, clock } = lab;
  const { account, standing, code } = before;
  const ours: Readiness = { channels: [], code };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const now = assembly.watcher.latest(account)?.standing;
    // Somebody has chosen since: theirs stays.
    if (now !== undefined && !sameReadiness(now, ours) && !sameReadiness(now, standing))
      return true;
    const { kind } = await assembly.client.write(undoOf(before), account);
    const isShown =
      kind === 'accepted' &&
      (await seenBy(lab, account, (entry) => isStanding(entry, standing))) !== undefined;
    const isUntouched =
      (kind === 'refused' || kind === 'denied') &&
      now !== undefined &&
      sameReadiness(now, standing);
    if (isShown || isUntouched) return true;
    await pause(clock, TRY_GAP_MS);
  }
  return false;
}

function putOf(code: string): Command {
  return { ...BASE, kind: 'put', reasonCode: code };
}

/** Ready is only given back where our own code stands. */
function undoOf({ standing, code }: Before): Command {
  if (standing.channels.length === 0) return putOf(standing.code);
  const previous = standing.channels.join(',');
  return { ...BASE, kind: 'restore', previous, reasonCode: code, guarded: true };
}

const BASE = {
  platform: PLATFORM_ID,
  slot: READINESS_SLOT,
  slotKind: 'shared',
  value: NOT_READY,
  preset: 'not_ready',
  shows: ['not_ready'],
} as const;
