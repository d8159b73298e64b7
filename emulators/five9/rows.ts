/**
 * Rows of the supervisor's statistics. Field names, order, nulls and types follow the captured
 * frames (https://github.com/equalsgibson/five9-go, five9/test/webSocketFrames); values that no
 * capture shows come from `Extrapolated`.
 */
import { type AgentState, isReady, stateName } from './agents.ts';
import type { Member } from './model.ts';
import type { Extrapolated } from './options.ts';

const CAMPAIGN_ID = '300000000700001';

export function agentStateRow(member: Member, guesses: Extrapolated): object {
  const { state, user } = member;
  const name = stateName(state);
  const talking = state.contact !== 'none';
  return {
    id: user.id,
    callType: talking ? callType(state, guesses) : null,
    campaignId: talking ? CAMPAIGN_ID : null,
    customer: talking ? guesses.customer : null,
    mediaAvailability: name === 'READY' ? guesses.mediaAvailable : 'NOT_AVAILABLE',
    parkedCallsCount: 0,
    reasonCodeId: state.current.reasonCode,
    state: name,
    stateSince: state.stateSince,
    stateDuration: 0,
    onHoldStateSince: 0,
    onHoldStateDuration: 0,
    onParkStateSince: 0,
    onParkStateDuration: 0,
    reasonCodeSince: state.reasonSince,
    reasonCodeDuration: 0,
    afterCallWorkStateSince: since(state, 'ACW'),
    afterCallWorkStateDuration: 0,
    loggedOutStateSince: since(state, 'LOGGED_OUT'),
    loggedOutStateDuration: 0,
    notReadyStateSince: since(state, 'NOT_READY'),
    notReadyStateDuration: 0,
    onCallStateSince: since(state, 'ON_CALL'),
    onCallStateDuration: 0,
    readyStateSince: since(state, 'READY'),
    readyStateDuration: 0,
    permanentRecording: false,
    sessionRecording: false,
    presence: presenceBlock(state),
    channelAvailability: channelAvailability(member, guesses),
    ...(state.loggedIn ? loggedInBlock(state, guesses) : {}),
  };
}

/** When it came into this state; 0 while it is in another. */
function since(state: AgentState, name: ReturnType<typeof stateName>): number {
  return stateName(state) === name ? state.stateSince : 0;
}

function callType(state: AgentState, guesses: Extrapolated): string | null {
  return state.direction === 'out' ? guesses.outboundCallType : guesses.inboundCallType;
}

function presenceBlock(state: AgentState): object {
  const graceful = state.pending !== undefined && state.pending.appliesAt > 0;
  return {
    // Equal to the current state when nothing is pending, as captured.
    pendingState: readiness(state.pending?.readiness ?? state.current),
    currentState: readiness(state.current),
    onVoice: state.contact === 'ringing' || state.contact === 'on_call',
    onSCC: false,
    changeTimestamp: state.presenceAt,
    nextStateChangeTimestamp: graceful ? state.pending.appliesAt : 0,
    gracefulModeOn: graceful,
  };
}

function readiness({ channels, reasonCode }: AgentState['current']): object {
  return { readyChannels: channels, notReadyReasonCode: Number(reasonCode) };
}

function channelAvailability(member: Member, guesses: Extrapolated): object {
  const { state } = member;
  const busy = state.contact === 'ringing' || state.contact === 'on_call';
  const { channels } = state.current;
  const current = busy ? 1 : 0;
  const total = isReady(state.current);
  const voice = channels.includes('CALL');
  return {
    Video: { current: 0, max: 1, status: 'not-enabled' },
    Total: { current, max: 2, status: status(total, guesses) },
    Chat: { current: 0, max: 0, status: 'not-enabled' },
    Voicemail: { current: 0, max: 1, status: status(channels.includes('VOICE_MAIL'), guesses) },
    Voice: { current, max: 1, status: busy ? guesses.statusBusy : status(voice, guesses) },
  };
}

function status(ready: boolean, guesses: Extrapolated): string {
  return ready ? guesses.statusReady : 'not-ready';
}

function loggedInBlock(state: AgentState, guesses: Extrapolated): object {
  const { channels } = state.current;
  return {
    currentVideoChatsCount: 0,
    currentEmailsCount: 0,
    currentCasesCount: 0,
    currentChatsCount: 0,
    readyChannels:
      guesses.readyChannelsText === 'json' ? JSON.stringify(channels) : `[${channels.join(', ')}]`,
  };
}

export function agentStatisticRow(member: Member, now: number): object {
  const { tally, user, state } = member;
  const loginTime = state.loggedIn ? Math.max(0, now - tally.loggedInAt) : 0;
  const handled = tally.talkMs + tally.wrapMs;
  const onDuty = Math.max(0, loginTime - tally.breakMs);
  return {
    id: user.id,
    totalCallsCount: tally.calls,
    agentCallsCount: tally.calls,
    totalCallsWithoutInternalsCount: tally.calls,
    breaksCount: tally.breaks,
    averageBreakTime: mean(tally.breakMs, tally.breaks),
    averageCallTime: mean(tally.talkMs, tally.calls),
    averageHoldTime: 0,
    averageIdleTime: mean(Math.max(0, onDuty - handled), tally.calls),
    internalCallsCount: 0,
    averageInternalCallTime: 0,
    previewCallsCount: 0,
    previewTime: 0,
    averagePreviewTime: 0,
    averageHandleTime: mean(handled, tally.calls),
    processedVoicemailCount: 0,
    averageVoicemailProcessingTime: 0,
    averageVoicemailReadyTime: 0,
    averageWrapTime: mean(tally.wrapMs, tally.calls),
    callCharges: 0.5,
    skippedInPreviewCallsCount: 0,
    dispositions: { '0': tally.calls },
    firstCallResolution: 0,
    inboundCallsCount: tally.calls - tally.outbound,
    successfulInternalCallsCount: 0,
    loginTime,
    occupancy: share(handled, onDuty),
    outboundCallsCount: tally.outbound,
    offBreakTime: onDuty,
    utilization: share(handled, loginTime),
  };
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round(sum / count);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, Math.round((100 * part) / whole) / 100);
}
