/**
 * The life of one agent, as pure functions from state to state.
 *
 * 1. Readiness (which channels take contacts, or a Not Ready reason) and contact (ringing, talking,
 *    wrapping up) are two things: a contact never changes readiness by itself.
 * 2. What is asked for during a contact waits in `pending` and applies when the contact is over.
 * 3. Readiness from before a contact comes back after it unless something is pending.
 * 4. `stateSince` moves when the state's name changes; `reasonSince` and `presenceAt` also move
 *    when only the reason or the pending part changes.
 */
import type { Five9Truth } from '../acts.ts';
import { NO_REASON } from './reasons.ts';

type StateName = 'LOGGED_OUT' | 'NOT_READY' | 'READY' | 'RINGING' | 'ON_CALL' | 'ACW';
type Contact = 'none' | 'ringing' | 'on_call' | 'wrap_up';
type Maker = Five9Truth['madeBy'];

export interface Readiness {
  /** Empty: Not Ready. */
  readonly channels: readonly string[];
  readonly reasonCode: string;
}

interface Wish {
  readonly readiness: Readiness;
  readonly by: Maker;
}

interface PendingWish extends Wish {
  /** When a graceful delay ends; 0 when only a contact is waited for. */
  readonly appliesAt: number;
}

export interface AgentState {
  readonly loggedIn: boolean;
  readonly contact: Contact;
  readonly direction: 'in' | 'out';
  readonly current: Readiness;
  readonly pending: PendingWish | undefined;
  readonly madeBy: Maker;
  readonly stateSince: number;
  readonly reasonSince: number;
  /** Last change of current or pending readiness; 0 while logged out. */
  readonly presenceAt: number;
}

const NOT_READY: Readiness = { channels: [], reasonCode: NO_REASON };

export function stateName(state: AgentState): StateName {
  if (!state.loggedIn) return 'LOGGED_OUT';
  if (state.contact === 'ringing') return 'RINGING';
  if (state.contact === 'on_call') return 'ON_CALL';
  if (state.contact === 'wrap_up') return 'ACW';
  return isReady(state.current) ? 'READY' : 'NOT_READY';
}

export function isReady(readiness: Readiness): boolean {
  return readiness.channels.length > 0;
}

export function isRoutable(state: AgentState): boolean {
  return state.loggedIn && state.contact === 'none' && state.current.channels.includes('CALL');
}

function sameReadiness(a: Readiness, b: Readiness): boolean {
  if (isReady(a) !== isReady(b)) return false;
  if (!isReady(a)) return a.reasonCode === b.reasonCode;
  return a.channels.length === b.channels.length && a.channels.every((x) => b.channels.includes(x));
}

export function loggedOut(now: number): AgentState {
  return {
    loggedIn: false,
    contact: 'none',
    direction: 'in',
    current: NOT_READY,
    pending: undefined,
    madeBy: 'system',
    stateSince: now,
    reasonSince: 0,
    presenceAt: 0,
  };
}

/** A fresh login is Not Ready without a reason code. */
export function loggedIn(now: number): AgentState {
  return { ...loggedOut(now), loggedIn: true, reasonSince: now, presenceAt: now + 1 };
}

interface WishRules {
  readonly gracefulDelayMs: number;
  readonly sameValueRestamps: boolean;
}

/** Somebody asks for a readiness: it applies now, after a delay, or after the contact. */
export function wished(state: AgentState, wish: Wish, now: number, rules: WishRules): AgentState {
  if (sameReadiness(state.current, wish.readiness)) return reaffirmed(state, wish, now, rules);
  if (state.contact !== 'none') {
    return { ...state, pending: { ...wish, appliesAt: 0 }, presenceAt: now + 1 };
  }
  const delayed = rules.gracefulDelayMs > 0 && wish.by !== 'system' && isReady(state.current);
  if (delayed && !isReady(wish.readiness)) {
    const appliesAt = now + rules.gracefulDelayMs;
    return { ...state, pending: { ...wish, appliesAt }, presenceAt: now + 1 };
  }
  return applied(state, wish, now);
}

/** The wish is what stands already: it drops what was pending, and an agent's press is their own. */
function reaffirmed(state: AgentState, wish: Wish, now: number, rules: WishRules): AgentState {
  const restamp = rules.sameValueRestamps || state.pending !== undefined;
  return {
    ...state,
    pending: undefined,
    madeBy: wish.by === 'agent' ? 'agent' : state.madeBy,
    reasonSince: restamp && !isReady(state.current) ? now : state.reasonSince,
    presenceAt: restamp ? now + 1 : state.presenceAt,
  };
}

function applied(state: AgentState, wish: Wish, now: number): AgentState {
  const turned = isReady(state.current) !== isReady(wish.readiness);
  return {
    ...state,
    current: wish.readiness,
    pending: undefined,
    madeBy: wish.by,
    stateSince: turned ? now : state.stateSince,
    reasonSince: isReady(wish.readiness) ? 0 : now,
    presenceAt: now + 1,
  };
}

/** The graceful delay of `pending` is over. During a contact it goes on waiting for its end. */
export function delayOver(state: AgentState, pending: PendingWish, now: number): AgentState {
  if (state.pending !== pending) return state;
  if (state.contact === 'none') return applied(state, pending, now);
  return { ...state, pending: { ...pending, appliesAt: 0 } };
}

/** A contact takes its next step; `none` ends it and lets readiness speak again. */
export function contacted(state: AgentState, contact: Contact, now: number): AgentState {
  const moved: AgentState = { ...state, contact, stateSince: now };
  if (contact !== 'none' || state.pending === undefined || state.pending.appliesAt > now) {
    return moved;
  }
  return { ...applied(moved, state.pending, now), stateSince: now };
}
