/**
 * Everything that can be set on the Five9 double, with its defaults. What no public capture shows
 * is a guess; every guess that a client could depend on is a field of `Extrapolated`, so that a
 * test can turn it the other way round.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import { type ReasonCode, defaultReasonCodes } from './reasons.ts';

/** How a caller proves who it is after the login; public clients disagree, so all are offered. */
export type AuthVariant =
  | 'bearer_hyphen'
  | 'bearer_space'
  | 'cookies'
  | 'cookies_no_header'
  | 'any';

export interface SeedUser {
  readonly id?: string;
  readonly userName: string;
  readonly fullName?: string;
  readonly email?: string;
  readonly extension?: string;
  /** Channels on which the agent can be ready. */
  readonly channels?: readonly string[];
  /** Ids of skills that are active at first; default: all that contacts ask for. */
  readonly skills?: readonly string[];
}

/** Guesses where the vendor publishes nothing. */
export interface Extrapolated {
  readonly inboundCallType: string | null;
  readonly outboundCallType: string | null;
  /** Text of the `customer` field while on a contact. */
  readonly customer: string | null;
  /** `mediaAvailability` of an agent who is ready and free. */
  readonly mediaAvailable: string;
  /** Channel status of a ready and free, and of an occupied channel. */
  readonly statusReady: string;
  readonly statusBusy: string;
  /** How the row's `readyChannels` text lists channels. */
  readonly readyChannelsText: 'java' | 'json';
  /** Under which key of a 5012 frame a new agent's row comes. */
  readonly newRowsAs: 'added' | 'updated';
  readonly presenceReply: 'resource' | 'long_names' | 'empty';
  readonly presenceReplyStatus: 200 | 202;
  /** `pendingState` of the REST resource when nothing is pending. */
  readonly pendingWhenNone: 'null' | 'same';
  /** A write of the value that already stands moves the time stamps. */
  readonly sameValueRestamps: boolean;
  /** Event 70 precedes a migration. */
  readonly announceMigration: boolean;
  /** The event that names the new place in a migration. */
  readonly moveEvent: '1001' | '1002';
  /** Reason code of a Not Ready that the system made. */
  readonly systemReasonId: string;
  /** Login state once the last notice is accepted. */
  readonly afterNotices: 'WORKING' | 'SELECT_STATION';
  /** Which of two sockets with the same key is closed. */
  readonly duplicateKeyCloses: 'newer' | 'older';
  /** Close code of the oldest socket when a fourth one opens. */
  readonly oldestCloseCode: number;
  /** A full frame is sent without being asked for when a socket opens. */
  readonly fullOnAttach: boolean;
}

interface Latency {
  /** One REST round trip takes `restMs` plus up to `restJitterMs`; the effect is in its middle. */
  readonly restMs: number;
  readonly restJitterMs: number;
  /** One way, each frame. */
  readonly socketMs: number;
}

export interface Five9Options {
  readonly clock: Clock;
  readonly random: Random;
  /** Base of the data centre, such as `https://app-one.five9.test`. */
  readonly baseUrl: string;
  /** Base of the login host; default: `baseUrl`. */
  readonly loginUrl?: string;
  /** Base of the data centre that a migration moves to; default: `baseUrl`. */
  readonly standbyUrl?: string;
  /** How many agents to make up. Ignored when `seedUsers` is given. */
  readonly agents?: number;
  readonly seedUsers?: readonly SeedUser[];
  readonly supervisor?: { readonly userName: string; readonly password: string };
  readonly auth?: AuthVariant;
  /** `Domain` of the cookies; needed when login and data-centre host differ. */
  readonly cookieDomain?: string;
  /** Supervisor statistics leave together at every multiple of this; 0: each change at once. */
  readonly batchMs?: number;
  /** Sends AGENT_STATISTIC rows beside AGENT_STATE. */
  readonly statistics?: boolean;
  /** Graceful transition: Not Ready of a free agent applies only after this. 0: off. */
  readonly gracefulDelayMs?: number;
  readonly writesOnContact?: 'pending' | 'refused';
  /** A call that was not answered makes the agent Not Ready by the system. */
  readonly missedCallNotReady?: boolean;
  /** A call that rings longer is missed. 0: rings for ever. */
  readonly ringTimeoutMs?: number;
  readonly reasonCodes?: readonly ReasonCode[];
  /** Not Ready needs a reason code. */
  readonly reasonCodesRequired?: boolean;
  readonly rateLimit?: { readonly requests: number; readonly periodMs: number };
  readonly latency?: Partial<Latency>;
  /** Maintenance notices waiting to be accepted at the first session start. */
  readonly notices?: number;
  /** Lists an inactive data centre with an unusable address first in every metadata reply. */
  readonly decoyDataCentre?: boolean;
  readonly keepRequests?: number;
  readonly keepWrites?: number;
  readonly extrapolated?: Partial<Extrapolated>;
}

export interface Five9Settings {
  readonly clock: Clock;
  readonly random: Random;
  readonly baseUrl: string;
  readonly loginUrl: string;
  readonly standbyUrl: string;
  readonly orgId: string;
  readonly users: readonly SeedUser[];
  readonly supervisor: { readonly userName: string; readonly password: string };
  readonly auth: AuthVariant;
  readonly cookieDomain: string | undefined;
  readonly batchMs: number;
  readonly statistics: boolean;
  readonly gracefulDelayMs: number;
  readonly writesOnContact: 'pending' | 'refused';
  readonly missedCallNotReady: boolean;
  readonly ringTimeoutMs: number;
  readonly reasonCodes: readonly ReasonCode[];
  readonly reasonCodesRequired: boolean;
  readonly rateLimit: { readonly requests: number; readonly periodMs: number } | undefined;
  readonly latency: Latency;
  readonly notices: number;
  readonly decoyDataCentre: boolean;
  readonly keepRequests: number;
  readonly keepWrites: number;
  readonly extrapolated: Extrapolated;
}

export const EXTRAPOLATED: Extrapolated = {
  inboundCallType: 'INBOUND',
  outboundCallType: 'MANUAL',
  customer: null,
  mediaAvailable: 'AVAILABLE',
  statusReady: 'ready',
  statusBusy: 'busy',
  readyChannelsText: 'java',
  newRowsAs: 'added',
  presenceReply: 'resource',
  presenceReplyStatus: 200,
  pendingWhenNone: 'null',
  sameValueRestamps: true,
  announceMigration: true,
  moveEvent: '1002',
  systemReasonId: '-1',
  afterNotices: 'WORKING',
  duplicateKeyCloses: 'newer',
  oldestCloseCode: 1000,
  fullOnAttach: false,
};

const DEFAULTS = {
  orgId: '130045',
  supervisor: { userName: 'supervisor.bridge@example.com', password: 'emulated' },
  auth: 'any',
  batchMs: 1_000,
  statistics: false,
  gracefulDelayMs: 0,
  writesOnContact: 'pending',
  missedCallNotReady: false,
  ringTimeoutMs: 0,
  reasonCodesRequired: false,
  notices: 0,
  decoyDataCentre: true,
  keepRequests: 10_000,
  keepWrites: 100_000,
  agents: 10,
} as const;

/** Fills in the defaults; throws an Error that names the field, the value and what is allowed. */
export function five9Settings(options: Five9Options): Five9Settings {
  const { agents, seedUsers, extrapolated, latency, ...rest } = options;
  const settings: Five9Settings = {
    ...DEFAULTS,
    loginUrl: options.baseUrl,
    standbyUrl: options.baseUrl,
    cookieDomain: undefined,
    rateLimit: undefined,
    reasonCodes: defaultReasonCodes(),
    ...rest,
    users: seedUsers ?? madeUpUsers(agents ?? DEFAULTS.agents),
    latency: { restMs: 0, restJitterMs: 0, socketMs: 0, ...latency },
    extrapolated: { ...EXTRAPOLATED, ...extrapolated },
  };
  for (const field of ['baseUrl', 'loginUrl', 'standbyUrl'] as const) {
    checkUrl(field, settings[field]);
  }
  for (const field of ['batchMs', 'gracefulDelayMs', 'ringTimeoutMs', 'notices'] as const) {
    checkAmount(field, settings[field], 0);
  }
  for (const field of ['keepRequests', 'keepWrites'] as const)
    checkAmount(field, settings[field], 1);
  return settings;
}

/** Plain people: "Agent 001" with the address agent.001@example.com. */
function madeUpUsers(count: number): readonly SeedUser[] {
  checkAmount('agents', count, 0);
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return { userName: `agent.${number}@example.com`, fullName: `Agent ${number}` };
  });
}

function checkUrl(field: string, value: string): void {
  if (!URL.canParse(value) || value.endsWith('/')) {
    throw new Error(`${field} is "${value}": give an absolute URL without a trailing slash`);
  }
}

function checkAmount(field: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new Error(`${field} is ${value}: give a number of at least ${least}`);
  }
}
