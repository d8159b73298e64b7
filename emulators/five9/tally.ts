/** What AGENT_STATISTIC rows count of an agent since the login. */
import { type AgentState, isReady } from './agents.ts';

export interface Tally {
  readonly loggedInAt: number;
  readonly calls: number;
  readonly outbound: number;
  readonly talkMs: number;
  readonly wrapMs: number;
  readonly breaks: number;
  readonly breakMs: number;
}

export function freshTally(loggedInAt: number): Tally {
  return { loggedInAt, calls: 0, outbound: 0, talkMs: 0, wrapMs: 0, breaks: 0, breakMs: 0 };
}

/** Adds what the step from `before` to `after` ended or began. */
export function counted(tally: Tally, before: AgentState, after: AgentState, now: number): Tally {
  const spent = Math.max(0, now - before.stateSince);
  if (before.contact === 'on_call' && after.contact !== 'on_call') {
    const outbound = tally.outbound + (before.direction === 'out' ? 1 : 0);
    return { ...tally, calls: tally.calls + 1, outbound, talkMs: tally.talkMs + spent };
  }
  if (before.contact === 'wrap_up' && after.contact !== 'wrap_up') {
    return { ...tally, wrapMs: tally.wrapMs + spent };
  }
  const paused = before.loggedIn && before.contact === 'none' && !isReady(before.current);
  if (!paused || (after.contact === 'none' && !isReady(after.current))) return tally;
  return { ...tally, breaks: tally.breaks + 1, breakMs: tally.breakMs + spent };
}
