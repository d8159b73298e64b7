/**
 * Five9's words into Lockstep's. Pure and total: what is not known becomes `unknown` with its raw
 * text. The states are those of https://github.com/equalsgibson/five9-go (five9types/types.go).
 *
 * R1  Times are Five9's own. They order rows of one account; no other clock is held against them.
 * R2  The stamp of a row grows with every change that Five9 dates and with nothing else, so the
 *     same state read twice has the same stamp. A time in the future (a planned change) is no part
 *     of it: it would hide the changes that come before it.
 */
import type { Observation } from '../../model/observation.ts';
import type { Pending, Presence, Reason } from '../../model/presence.ts';
import { PLATFORM_ID } from './manifest.ts';
import type { Readiness, Row } from './wire.ts';

/** Labels of the Not Ready reason codes, by code. */
export type ReasonLabels = ReadonlyMap<string, string>;

/** How and when a row reached us. */
export interface Arrival {
  readonly generation: number;
  readonly asOf: number;
  readonly via: Observation['via'];
}

type Axes = Pick<Presence, 'reach' | 'acd' | 'activity'>;

const BY_STATE: ReadonlyMap<string, Axes> = new Map<string, Axes>([
  ['LOGGED_OUT', { reach: 'offline', acd: 'logged_out', activity: 'none' }],
  ['NOT_READY', { reach: 'away', acd: 'not_ready', activity: 'none' }],
  ['READY', { reach: 'available', acd: 'ready', activity: 'none' }],
  ['RINGING', { reach: 'busy', acd: 'reserved', activity: 'none' }],
  ['ON_CALL', { reach: 'busy', acd: 'engaged', activity: 'call' }],
  ['ACW', { reach: 'busy', acd: 'wrap_up', activity: 'admin' }],
]);

const UNKNOWN: Axes = { reach: 'unknown', acd: 'none', activity: 'none' };

const STAMP_DIGITS = 15;

export function isKnownState(state: string): boolean {
  return BY_STATE.has(state);
}

export function observationOf(row: Row, labels: ReasonLabels, arrival: Arrival): Observation {
  const stamp = stampOf(row);
  return {
    platform: PLATFORM_ID,
    account: row.id,
    presence: presenceOf(row, labels),
    version: {
      generation: arrival.generation,
      ...(stamp === undefined ? {} : { stamp }),
    },
    asOf: arrival.asOf,
    via: arrival.via,
  };
}

export function presenceOf(row: Row, labels: ReasonLabels): Presence {
  const axes = BY_STATE.get(row.state) ?? UNKNOWN;
  const code = reasonCodeOf(row);
  const reason = row.state === 'NOT_READY' ? reasonOf(code, labels) : undefined;
  const pending = pendingOf(row, labels);
  const channels = channelsOf(row);
  return {
    ...axes,
    ...(reason === undefined ? {} : { reason }),
    ...(pending === undefined ? {} : { pending }),
    ...(channels === undefined ? {} : { channels }),
    ...(row.stateSince > 0 ? { since: row.stateSince } : {}),
    raw: code === '0' ? row.state : `${row.state}:${code}`,
  };
}

/** Text whose order is the order of Five9's own times; absent when the row has none. */
export function stampOf(row: Row): string | undefined {
  const newest = Math.max(row.stateSince, row.reasonCodeSince, row.presence?.changeTimestamp ?? 0);
  return newest > 0 ? String(newest).padStart(STAMP_DIGITS, '0') : undefined;
}

/**
 * The readiness that will hold when nothing else happens: the pending one, or else the current
 * one. It is what a write replaces.
 */
export function standingOf(row: Row): Readiness | undefined {
  const presence = row.presence;
  if (presence?.currentState !== undefined) return presence.pendingState ?? presence.currentState;
  // Without the block the state itself says as much.
  if (row.state === 'NOT_READY') return { channels: [], code: reasonCodeOf(row) };
  const channels = channelsOf(row);
  return channels === undefined || channels.length === 0
    ? undefined
    : { channels: [...channels], code: '0' };
}

export function sameReadiness(a: Readiness, b: Readiness): boolean {
  if (a.channels.length === 0 && b.channels.length === 0) return a.code === b.code;
  // Five9 lists them in one order nearly always; only another order has to be sorted out.
  return a.channels.join() === b.channels.join() || isSameSet(a.channels, b.channels);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join() === b.toSorted().join();
}

/** Since R2 leaves the plan out of the stamp, the plan itself is read here. */
function pendingOf(row: Row, labels: ReasonLabels): Pending | undefined {
  const presence = row.presence;
  const next = presence?.pendingState;
  if (presence === undefined || next === undefined) return undefined;
  const differs =
    presence.currentState !== undefined && !sameReadiness(next, presence.currentState);
  if (!differs && presence.nextStateChangeTimestamp === 0) return undefined;
  const reason = reasonOf(next.code, labels);
  return {
    acd: next.channels.length > 0 ? 'ready' : 'not_ready',
    ...(reason === undefined ? {} : { reason }),
    channels: next.channels,
  };
}

/** What Five9's own clients send for Ready; it stands in where a ready agent's row names no channel. */
const USUAL_CHANNELS: readonly string[] = ['CALL', 'VOICE_MAIL'];

function channelsOf(row: Row): readonly string[] | undefined {
  const named = row.presence?.currentState?.channels ?? listed(row.readyChannels);
  const isReady = row.state === 'READY' || (named === undefined && ON_CONTACT.has(row.state));
  return isReady && (named === undefined || named.length === 0) ? USUAL_CHANNELS : named;
}

const ON_CONTACT: ReadonlySet<string> = new Set(['RINGING', 'ON_CALL', 'ACW']);

/** Beside the block stands a text such as `[CALL, VOICE_MAIL]`, which is no JSON. */
function listed(text: string | undefined): readonly string[] | undefined {
  return text
    ?.replace(/[[\]"\s]/g, '')
    .split(',')
    .filter((channel) => channel !== '');
}

function reasonCodeOf(row: Row): string {
  if (row.reasonCodeId !== '0') return row.reasonCodeId;
  const current = row.presence?.currentState;
  return row.state === 'NOT_READY' && current?.channels.length === 0 ? current.code : '0';
}

function reasonOf(code: string, labels: ReasonLabels): Reason | undefined {
  if (code === '0') return undefined;
  const label = labels.get(code);
  return { code, ...(label === undefined ? {} : { label }) };
}
