/**
 * The REST presence resource. Its reason code is text, the WebSocket's is a number. What the
 * supervisor's PUT answers is published nowhere; see `Extrapolated.presenceReply`.
 */
import { type AgentState, type Readiness, stateName } from './agents.ts';
import type { Extrapolated } from './options.ts';
import { NO_REASON } from './reasons.ts';

interface RestReadiness {
  readonly readyChannels: readonly string[];
  readonly notReadyReasonCodeId: string;
}

export function presenceResource(state: AgentState, guesses: Extrapolated, now: number): object {
  const current = rest(state.current);
  const pending = state.pending === undefined ? undefined : rest(state.pending.readiness);
  const none = guesses.pendingWhenNone === 'same' ? current : null;
  const appliesAt = state.pending?.appliesAt ?? 0;
  const long = guesses.presenceReply === 'long_names';
  return {
    [long ? 'currentStateLong' : 'currentState']: current,
    pendingState: pending ?? none,
    currentStateTime: stateName(state) === 'LOGGED_OUT' ? 0 : state.presenceAt,
    pendingStateDelayTime: Math.max(0, appliesAt - now),
    [long ? 'isGracefulModeOn' : 'gracefulModeOn']: appliesAt > now,
  };
}

function rest(readiness: Readiness): RestReadiness {
  return { readyChannels: readiness.channels, notReadyReasonCodeId: readiness.reasonCode };
}

type ParsedPresence =
  | { readonly kind: 'readiness'; readonly readiness: Readiness }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads the body of a presence write: only `currentState` counts. */
export function parsePresence(body: string | undefined): ParsedPresence {
  const whole = parsed(body);
  if (!isRecord(whole)) return problem('the body is not a JSON object');
  const current = whole['currentState'];
  if (!isRecord(current)) return problem('currentState is missing');
  const channels = current['readyChannels'];
  if (!isTexts(channels)) return problem('currentState.readyChannels is not a list of texts');
  const reason = current['notReadyReasonCodeId'] ?? NO_REASON;
  if (typeof reason !== 'string') {
    return problem('currentState.notReadyReasonCodeId is not a text');
  }
  const reasonCode = channels.length > 0 || reason === '' ? NO_REASON : reason;
  return { kind: 'readiness', readiness: { channels, reasonCode } };
}

function problem(text: string): ParsedPresence {
  return { kind: 'problem', problem: text };
}

/** Undefined when it is no JSON. */
export function parsed(body: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return value;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
