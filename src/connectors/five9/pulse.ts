/**
 * Whether a socket is alive, and what to do next to keep it so. Pure: times come in, one act
 * comes out.
 *
 * P1  Life is measured on data. After a migration the old host answers every ping and delivers
 *     nothing any more, so a pong proves the link and not the feed
 *     (https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Starter-Kit,
 *     Websockets_and_MGR_events.md).
 * P2  Silence is no proof of death either: a quiet feed is asked for full statistics, and is dead
 *     only when nothing follows.
 * P3  Full statistics are large, so between two of them there is a gap that their size demands.
 * P4  While a frame is being read nothing is judged and nothing is asked: it may be the answer.
 */

/** All times are monotonic ms. */
export interface Pulse {
  readonly openedAt: number;
  /** The last frame of any kind. */
  readonly lastFrameAt: number;
  /** The last frame with statistics. */
  readonly lastDataAt: number;
  readonly lastPingAt: number;
  readonly missedPongs: number;
  /** When the question that is open now was asked. */
  readonly askedAt: number | undefined;
  /** Data came since then. */
  readonly isAnswered: boolean;
  /** A question waits for the budget. */
  readonly isAsking: boolean;
  /** When full statistics were last asked for; absent before the first time. */
  readonly lastAskAt: number | undefined;
  /** Questions in a row that Five9 did not take. */
  readonly refusedAsks: number;
  /** No question before this time: Five9 asked us to wait. */
  readonly notBefore: number;
  /** A frame that came is not yet read to its end. */
  readonly isReading: boolean;
  /** Somebody wants full statistics as soon as they may be asked for. */
  readonly isWanted: boolean;
}

export interface Rhythm {
  readonly pingMs: number;
  readonly quietMs: number;
  readonly answerMs: number;
  readonly fullEveryMs: number;
  /** Least time between two questions. */
  readonly gapMs: number;
}

export type Act =
  | { readonly kind: 'ping' }
  | { readonly kind: 'ask' }
  /** The time to answer is over, and data came: the question is closed. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'dead'; readonly why: 'no_pong' | 'no_data' | 'no_answer' }
  | { readonly kind: 'wait'; readonly until: number };

const MOST_MISSED = 2;
const MOST_REFUSED = 3;

export function newPulse(now: number): Pulse {
  return {
    openedAt: now,
    lastFrameAt: now,
    lastDataAt: now,
    lastPingAt: now,
    missedPongs: 0,
    askedAt: undefined,
    isAnswered: false,
    isAsking: false,
    lastAskAt: undefined,
    refusedAsks: 0,
    notBefore: 0,
    isReading: false,
    isWanted: true,
  };
}

export function nextAct(pulse: Pulse, rhythm: Rhythm, now: number): Act {
  if (pulse.missedPongs >= MOST_MISSED) return { kind: 'dead', why: 'no_pong' };
  if (
    !pulse.isReading &&
    pulse.refusedAsks >= MOST_REFUSED &&
    now - pulse.lastDataAt >= rhythm.quietMs
  ) {
    return { kind: 'dead', why: 'no_answer' };
  }
  const pingAt = pulse.lastPingAt + rhythm.pingMs;
  if (now >= pingAt) return { kind: 'ping' };
  if (pulse.isReading) return { kind: 'wait', until: pingAt };
  if (pulse.askedAt !== undefined) {
    const answerAt = pulse.askedAt + rhythm.answerMs;
    if (now < answerAt) return { kind: 'wait', until: Math.min(answerAt, pingAt) };
    return pulse.isAnswered ? { kind: 'settle' } : { kind: 'dead', why: 'no_data' };
  }
  const askAt = nextAskAt(pulse, rhythm);
  return now >= askAt ? { kind: 'ask' } : { kind: 'wait', until: Math.min(askAt, pingAt) };
}

/** The pulse after a ping: the one before it is missed when nothing at all came since. */
export function afterPing(pulse: Pulse, now: number): Pulse {
  const isSilent = pulse.lastPingAt > pulse.openedAt && pulse.lastFrameAt < pulse.lastPingAt;
  return { ...pulse, lastPingAt: now, missedPongs: isSilent ? pulse.missedPongs + 1 : 0 };
}

export function afterFrame(pulse: Pulse, isData: boolean, now: number): Pulse {
  if (!isData) return { ...pulse, lastFrameAt: now };
  return { ...pulse, lastFrameAt: now, lastDataAt: now, isAnswered: true, refusedAsks: 0 };
}

export function afterAsk(pulse: Pulse, now: number): Pulse {
  return {
    ...pulse,
    isAsking: false,
    isWanted: false,
    isAnswered: false,
    askedAt: now,
    lastAskAt: now,
  };
}

/** Five9 did not take the question; `waitMs` when it said for how long. */
export function afterRefusal(pulse: Pulse, waitMs: number | undefined, now: number): Pulse {
  return {
    ...pulse,
    isAsking: false,
    isWanted: true,
    askedAt: undefined,
    lastAskAt: now,
    // To be told to wait is an answer; only silence and errors count towards death.
    refusedAsks: waitMs === undefined ? pulse.refusedAsks + 1 : pulse.refusedAsks,
    notBefore: now + (waitMs ?? 0),
  };
}

function nextAskAt(pulse: Pulse, rhythm: Rhythm): number {
  if (pulse.isAsking) return Number.POSITIVE_INFINITY;
  if (pulse.lastAskAt === undefined) return pulse.notBefore;
  const due = Math.min(
    pulse.lastDataAt + rhythm.quietMs,
    pulse.lastAskAt + rhythm.fullEveryMs,
    pulse.isWanted ? 0 : Number.POSITIVE_INFINITY,
  );
  return Math.max(due, pulse.lastAskAt + rhythm.gapMs, pulse.notBefore);
}
