/** What can be set on the double of Five9's New Platform, with its defaults. */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Deliver } from '../graph/deliver.ts';
import type { Five9Domain } from './model.ts';

/** How events are wrapped when they are posted; the vendor has published none of it. */
export const ENVELOPES = ['bare', 'array', 'events', 'data'] as const;

export type Envelope = (typeof ENVELOPES)[number];

export interface CloudOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The people, shared with the double of the older generation. */
  readonly domain: Five9Domain;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly deliver: Deliver;
  readonly domainId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly tokenLifeMs?: number;
  /** Requests of one client in any second; the token endpoint does not count. */
  readonly requestsPerSecond?: number;
  /** Which id of an agent snapshots and events show. */
  readonly ids?: 'vcc' | 'uid';
  readonly envelope?: Envelope;
  /** Fields that nobody knows, in every event and around it. */
  readonly unknownFields?: boolean;
  /** Whether `sequence_number` counts an agent's events or a subscription's. */
  readonly sequence?: 'agent' | 'subscription';
  /** `split`: a contact shows in `voiceInteractionState` alone. */
  readonly presence?: 'whole' | 'split';
  readonly times?: 'iso' | 'epoch';
  /** How long a post may take, and how often it is tried again after a second, ms. */
  readonly postTimeoutMs?: number;
  readonly retries?: number;
}

export type CloudSettings = Required<CloudOptions>;

/** Throws an Error that names the field, the value and what is allowed. */
export function cloudSettings(options: CloudOptions): CloudSettings {
  if (!URL.canParse(options.baseUrl) || options.baseUrl.endsWith('/')) {
    throw new Error(
      `baseUrl is "${options.baseUrl}": give an absolute URL without a slash at its end`,
    );
  }
  return {
    domainId: '130045',
    clientId: 'emulated-key',
    clientSecret: 'emulated-secret',
    tokenLifeMs: 3_600_000,
    requestsPerSecond: 5,
    ids: 'vcc',
    envelope: 'bare',
    unknownFields: false,
    sequence: 'agent',
    presence: 'whole',
    times: 'iso',
    postTimeoutMs: 10_000,
    retries: 2,
    ...options,
  };
}

/** The id of the New Platform, made from that of the older generation. */
export function userUid(id: string): string {
  return `0f9ab1c2-0000-4000-8000-${id.slice(-12).padStart(12, '0')}`;
}

export function shownId(id: string, { ids }: Pick<CloudSettings, 'ids'>): string {
  return ids === 'uid' ? userUid(id) : id;
}

/** A vendor's time as it is shown; 0: null. */
export function shownTime(
  at: number,
  { times }: Pick<CloudSettings, 'times'>,
): string | number | null {
  if (at === 0) return null;
  return times === 'iso' ? new Date(at).toISOString() : at;
}
