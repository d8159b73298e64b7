/**
 * The connector contract: everything that the engine may ask of a platform, and everything that a
 * platform may tell the engine. A connector's folder holds `manifest.ts`, `wire.ts` (schemas of
 * the fields used), `read.ts` and `write.ts` (pure), `watch.ts`, `client.ts`, `doctor.ts`,
 * `index.ts` and `README.md`.
 *
 * C1  The outside world enters only through the four seams of `Seams`.
 * C2  Reading is total: whatever the platform says becomes an observation or a counted complaint,
 *     never a thrown error.
 * C3  Writing is partial: a command that the traits do not list is a bug and is refused unsent.
 * C4  `write` sends at most one effective request and never retries one whose outcome is ambiguous.
 * C5  Every request that counts against the platform's quota is counted before it is sent.
 */
import type { Clock } from '../lib/clock.ts';
import type { Exchange } from '../lib/exchange.ts';
import type { Random } from '../lib/random.ts';
import type { OpenSocket } from '../lib/socket.ts';
import type { BlockedReason } from '../model/blocked.ts';
import type { AccountId, PlatformId } from '../model/ids.ts';
import type { Command } from '../model/mark.ts';
import type { Observation } from '../model/observation.ts';
import type { PlatformTraits } from '../model/platform.ts';

/** The outside world, handed in by `app.ts`. */
export interface Seams {
  readonly clock: Clock;
  readonly random: Random;
  readonly exchange: Exchange;
  readonly openSocket: OpenSocket;
  readonly log: Log;
}

/** Constant message, fields beside it. Never a secret, a token or free text of a person. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The share of the platform's quota that reads live on; owned by `delivery`. */
export interface Budget {
  /** Resolves when one read may be sent now, and counts it. Waits while the lane is closed. */
  read(): Promise<void>;
  /** Counts a request that cannot wait (a replay after a fresh sign-in). */
  spend(): void;
  /** Tells that a read was throttled; closes the lane for everyone. Undefined: the vendor gave no time. */
  throttled(retryAfterMs: number | undefined): void;
  /** Share of the quota used in the last window, 0 to 1. */
  used(): number;
}

export const HEALTH_STATES = [
  'starting',
  'signing_in',
  'syncing',
  'live',
  'degraded',
  'migrating',
  'throttled',
  'down',
  'auth_blocked',
  'stopped',
] as const;

export type HealthState = (typeof HEALTH_STATES)[number];

export interface Health {
  readonly state: HealthState;
  /** One sentence for people. */
  readonly detail: string;
  /** What an administrator has to do, in words; absent when it heals by itself. */
  readonly action?: string;
  /** The platform takes no write of anybody. */
  readonly readOnly?: true;
}

/** Where a connector puts what it learns. All calls are cheap and never throw. */
export interface Sink {
  /** States that were read or pushed. Unchanged ones are passed too: they confirm the old state. */
  observe(observations: readonly Observation[]): void;
  /** The platform did not know these accounts although they were asked for. */
  missing(accounts: readonly AccountId[], asOf: number): void;
  /**
   * The feed as a whole is up to date as of this moment: every account not mentioned since is
   * unchanged. Only platforms that push whole differences say this.
   */
  confirmed(asOf: number): void;
  /**
   * The platform has announced changes of these accounts. Resolves when that is written down, so
   * that it may be acknowledged; rejects when it cannot be.
   */
  noticed(accounts: readonly AccountId[]): Promise<void>;
  health(health: Health): void;
  /** Counts something worth a metric: `unknown_value`, `bad_frame`, `reconnect`, … */
  count(event: string, by?: number): void;
}

/** What became of one command. Classified by the reaction that it demands. */
export type Outcome =
  /** The platform took it. Shown only when an observation says so. `pending`: applied later. */
  | { readonly kind: 'accepted'; readonly pending?: boolean }
  /** It surely had no effect and the lane must rest: for `retryAfterMs`, or by own judgement. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number }
  /** It surely had no effect and may be tried again after a pause (nothing was sent, 503, …). */
  | { readonly kind: 'failed'; readonly detail: string }
  /** Nobody knows whether it had an effect. Read before writing again. */
  /** `mayArrive`: there was no answer, so the request may even have its effect later. */
  | { readonly kind: 'ambiguous'; readonly detail: string; readonly mayArrive?: true }
  /** It will not work for this account until something else changes. */
  | { readonly kind: 'refused'; readonly reason: BlockedReason; readonly detail: string }
  /** It will not work for any account until an administrator acts. `readOnly`: reads go on. */
  | {
      readonly kind: 'denied';
      readonly detail: string;
      readonly action: string;
      readonly readOnly?: true;
    };

/** An account as the platform lists it, for matching people. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** Names by which people are recognised elsewhere; they only suggest. */
  readonly upn?: string;
  readonly email?: string;
  readonly federationId?: string;
  readonly active: boolean;
  /** Groups or skills, for display and scoping. */
  readonly groups?: readonly string[];
}

export interface ReasonCode {
  readonly code: string;
  readonly label: string;
  readonly selectable: boolean;
}

/** How soon an account should be read again; platforms that push ignore it. */
export type Interest = 'hot' | 'warm' | 'cold';

/** A request that a platform sends to us. */
export interface InboundRequest {
  readonly method: string;
  /** Below the address that the platform was told, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The header of that name; absent: none. */
  readonly authorization?: string;
  /** Reads the body when it is asked for. Rejects when it is too large or does not come. */
  readonly body: () => Promise<string>;
}

export interface InboundAnswer {
  readonly status: number;
  /** Plain text. */
  readonly text?: string;
}

export interface Connector {
  readonly manifest: Manifest;
  /** Signs in and begins to watch. Resolves at once; progress comes through `sink.health`. */
  start(sink: Sink, budget: Budget): void;
  /** Stops watching and ends the session. No `sink` call follows. */
  stop(): Promise<void>;
  /** The accounts to watch and how eagerly; nobody else may be written to. Replaces the earlier set. */
  watch(interest: ReadonlyMap<AccountId, Interest>): void;
  /** Asks for a read of these accounts as soon as the budget allows. */
  look(accounts: readonly AccountId[]): void;
  /** Sends one command. Never throws, never retries an ambiguous request. */
  write(command: Command, account: AccountId): Promise<Outcome>;
  /** Everyone the platform lets us see. Rejects with `ConnectorError`. */
  accounts(): Promise<readonly Account[]>;
  /** Codes that may accompany Not Ready, where the platform has them. */
  reasonCodes?(): Promise<readonly ReasonCode[]>;
  /** Answers a request of the platform; only where it is set up to send any. Never rejects. */
  receive?(request: InboundRequest): Promise<InboundAnswer>;
  /** Checks of everything that must be in place. `probeAccount` allows a write that is undone. */
  doctor(probeAccount?: AccountId): Promise<readonly Check[]>;
  /** Measures what the vendor's contract leaves open, and undoes what it wrote. Never rejects. */
  learn?(options: LearnOptions): Promise<readonly Finding[]>;
}

export interface LearnOptions {
  /** A consenting test account that may be written to; without it nothing is written. */
  readonly probeAccount?: AccountId;
  /** Writes whose echo is timed. */
  readonly rounds: number;
  /** For how long a feed is listened to, and for how long a session is left idle. */
  readonly watchMs: number;
  readonly idleMs: number;
  /** Spends up to one window of the quota, and this many requests more. Absent: none. */
  readonly beyondQuota?: number;
  /** Waits for what was written to end by itself, which takes minutes. */
  readonly expiry: boolean;
  /** Says what goes on now, in constant words. */
  progress(text: string): void;
  /** Somebody wants it to end: what was written is undone, and no more is measured. */
  isStopped(): boolean;
}

export type FindingValue =
  | number
  | string
  | boolean
  | Readonly<Record<string, number | string | boolean>>;

/** Holds counts, times and words of closed lists; never an id, a name, a token or a text of theirs. */
export interface Finding {
  /** Stable, `teams.freshness`, … */
  readonly id: string;
  readonly question: string;
  readonly status: 'measured' | 'not_measured';
  readonly value?: FindingValue;
  readonly unit?: string;
  /** How it was measured, or why it was not. */
  readonly how: string;
  /** What would be needed to measure it; present unless it was. */
  readonly needed?: string;
  readonly samples?: readonly (number | string)[];
}

export interface Check {
  /** Stable id, `teams.token`, `five9.reason_codes`, … */
  readonly id: string;
  readonly title: string;
  readonly status: 'pass' | 'warn' | 'fail' | 'skipped' | 'unknown';
  /** What was seen. */
  readonly evidence: string;
  /** What to do, in words; present unless the check passed. */
  readonly fix?: string;
  /** The vendor's own page. */
  readonly link?: string;
}

/** Something that an administrator has to do before a platform can be connected. */
export interface SetupStep {
  readonly where: string;
  readonly todo: string;
  /** Id of the check that shows that it is done. */
  readonly proof: string;
  /** The vendor's own page. */
  readonly link?: string;
}

/** A limit of the platform with the page that states it. */
interface Limit {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

export interface Manifest {
  readonly id: PlatformId;
  readonly label: string;
  readonly traits: PlatformTraits;
  readonly capabilities: {
    readonly push: boolean;
    readonly sweep: boolean;
    readonly reasonCodes: boolean;
    readonly pending: boolean;
  };
  /** Permissions that an administrator has to grant, with what each is for. */
  readonly scopes: readonly { readonly name: string; readonly why: string }[];
  readonly limits: readonly Limit[];
  /** What must be true before it can work, in words. */
  readonly prerequisites: readonly string[];
  /** Requests that count against the shared quota window, if the platform has one. */
  readonly quota?: {
    readonly requests: number;
    readonly windowMs: number;
    /** Share of it that the sweep's reads may use, 0 to 1. */
    readonly readShare?: number;
    readonly source: string;
  };
}

/** Errors classified by the reaction that they demand. */
export type Reaction = 'retry' | 'wait_until' | 'sign_in' | 'ask_admin' | 'drop' | 'bug';

export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly reaction: Reaction;
  /** Stable, never reused: `TEAMS_TOKEN_REFUSED`, … */
  readonly code: string;
  /** What to do, in words. */
  readonly fix: string;

  constructor(reaction: Reaction, code: string, message: string, fix: string) {
    super(message);
    this.reaction = reaction;
    this.code = code;
    this.fix = fix;
  }
}
