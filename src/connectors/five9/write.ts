/**
 * A command into the body that Five9 takes. Pure. The body is that of
 * https://github.com/rcmaehl/Five9-Enhancer (Five9UDF/Five9Agent.au3); whether the supervisor's
 * variant takes the same one is not published, so its shape is a setting.
 *
 * W1  Ready is only ever written to give back the channels that our own Not Ready took away. Which
 *     ones they were is in the command; without them nothing is written.
 * W2  A guarded command is dropped when what stands in the slot is not what it was decided upon.
 */
import { readWith } from '../../lib/read-with.ts';
import type { BlockedReason } from '../../model/blocked.ts';
import type { Command } from '../../model/mark.ts';
import { NOT_READY, PLATFORM_ID, READINESS_SLOT } from './manifest.ts';
import { sameReadiness } from './read.ts';
import { presenceReplySchema, type Readiness } from './wire.ts';

/** The whole presence resource, or its part `currentState` alone. */
export const BODY_SHAPES = ['full', 'current_state'] as const;

type BodyShape = (typeof BODY_SHAPES)[number];

export type Plan =
  | { readonly kind: 'send'; readonly wanted: Readiness; readonly body: string }
  | { readonly kind: 'refuse'; readonly reason: BlockedReason; readonly detail: string };

const MAX_CHANNELS = 16;

export function planOf(command: Command, shape: BodyShape): Plan {
  const misfit = misfitOf(command);
  if (misfit !== undefined) return { kind: 'refuse', reason: 'cannot_express', detail: misfit };
  if (command.kind === 'put') {
    const code = command.reasonCode ?? '';
    if (!/^\d{1,32}$/.test(code) || code === '0') {
      const detail = 'no reason code of Five9 is configured for this status';
      return { kind: 'refuse', reason: 'unmapped', detail };
    }
    return send({ channels: [], code }, shape);
  }
  const channels = channelsOf(command.previous);
  if (channels === undefined) {
    const detail = 'it is not known on which channels the agent was ready before';
    return { kind: 'refuse', reason: 'refused', detail };
  }
  return send({ channels, code: '0' }, shape);
}

/**
 * Why a guarded command must not be sent, or undefined. `standing` is the readiness that the feed
 * showed last. A put may replace readiness or one of our own codes, never a person's Not Ready; a
 * restore may replace nothing but the Not Ready that we wrote.
 */
export function guardAgainst(
  command: Command,
  standing: Readiness,
  reserved: readonly string[],
): string | undefined {
  const notReady = standing.channels.length === 0;
  if (command.kind === 'put') {
    if (!notReady || standing.code === command.reasonCode) return undefined;
    const own = [...reserved, command.replacesCode];
    return own.includes(standing.code) ? undefined : 'the agent is Not Ready by themselves';
  }
  if (!notReady) return 'the agent is no longer Not Ready';
  const ours = command.reasonCode === undefined ? reserved : [command.reasonCode];
  return ours.includes(standing.code) ? undefined : 'the agent is Not Ready for another reason';
}

/**
 * Whether Five9 took the write for later: what holds now is not what was asked for, and what is
 * to come is. A reply that cannot be read says nothing, and the feed will.
 */
export function isPending(body: unknown, wanted: Readiness): boolean {
  const reply = readWith(presenceReplySchema, body);
  const current = reply?.currentState ?? reply?.currentStateLong;
  if (current === undefined || sameReadiness(current, wanted)) return false;
  return reply?.pendingState !== undefined && sameReadiness(reply.pendingState, wanted);
}

/** Why a command cannot be one for Five9, whichever way it is carried out. */
export function misfitOf(command: Command): string | undefined {
  if (command.platform !== PLATFORM_ID) return 'the command is for another platform';
  if (command.slot !== READINESS_SLOT || command.slotKind !== 'shared') {
    return 'the command names a slot that Five9 does not have';
  }
  // Readiness always has a value, so there is nothing to fall back to when a mark goes.
  if (command.kind === 'clear') return 'readiness cannot be cleared, only restored';
  if (command.kind === 'put' && command.value !== NOT_READY) {
    return 'only Not Ready can be put on Five9';
  }
  return undefined;
}

function channelsOf(previous: string | undefined): readonly string[] | undefined {
  const channels = (previous ?? '').split(',').map((channel) => channel.trim());
  const isSound =
    channels.length <= MAX_CHANNELS && channels.every((name) => /^[A-Z][A-Z_]{0,31}$/.test(name));
  return isSound ? channels : undefined;
}

function send(wanted: { channels: readonly string[]; code: string }, shape: BodyShape): Plan {
  const readiness: Readiness = { channels: [...wanted.channels], code: wanted.code };
  const state = { readyChannels: wanted.channels, notReadyReasonCodeId: wanted.code };
  const resource = {
    currentState: state,
    pendingState: null,
    currentStateTime: 0,
    pendingStateDelayTime: 0,
    gracefulModeOn: false,
  };
  const body = JSON.stringify(shape === 'current_state' ? state : resource);
  return { kind: 'send', wanted: readiness, body };
}
