/** What the doctor's checks share: what they are given, and one read of presence for a check. */
import type { AccountId } from '../../model/ids.ts';
import type { Check, Seams } from '../connector.ts';
import type { GraphClient } from './client.ts';
import type { SignedUp } from './doctor-push.ts';
import type { TeamsSetup } from './options.ts';
import { readPresences } from './reader.ts';
import type { Registration, Registrations } from './registrations.ts';
import type { Looked } from './survey.ts';
import type { AccessToken } from './token.ts';

export interface DoctorParts {
  readonly setup: TeamsSetup;
  readonly seams: Pick<Seams, 'clock'>;
  /** Not the ones in use: their tokens may be older than the fault. */
  readonly tokens: Registrations;
  readonly client: GraphClient;
  readonly accounts: readonly AccountId[];
  readonly subscribers: readonly SignedUp[];
  /** Counts a request against the quota. */
  readonly spend: () => void;
}

/** A check without its name. */
export type Rest = Omit<Check, 'id' | 'title'>;

export function probeRead(
  parts: DoctorParts,
  token: AccessToken,
  accounts: readonly AccountId[],
): ReturnType<typeof readPresences> {
  parts.spend();
  const { setup, seams, client } = parts;
  const granted = { ...rolesOf(token), worked: false };
  return readPresences(
    {
      client,
      timeoutMs: setup.readTimeoutMs,
      granted: () => granted,
      worked: () => {},
      now: () => seams.clock.now(),
    },
    accounts,
  );
}

export function rolesOf(token: AccessToken): { readonly roles?: readonly string[] } {
  return token.roles === undefined ? {} : { roles: token.roles };
}

/** `teams.token`, and `teams.read_token` for a registration that only reads. */
export function idOf(name: string, duty: Registration['duty']): string {
  return `teams.${duty === 'read' ? 'read_' : ''}${name}`;
}

export function titleOf(title: string, duty: Registration['duty']): string {
  if (duty === 'both') return title;
  return `${title} (${duty === 'read' ? 'reading' : 'writing'} registration)`;
}

/** What a permission would have to be granted for. */
export function unseen(
  base: Pick<Check, 'id' | 'title' | 'link'>,
  looked: Exclude<Looked<unknown>, { kind: 'found' }>,
  permission: string,
  where: string,
): Check {
  const evidence =
    looked.kind === 'failed'
      ? `cannot be looked up: ${looked.detail}`
      : 'may not be looked up, which Lockstep does not need to work';
  const fix = `Grant the application permission ${permission} to have it checked, or ${where}.`;
  return { ...base, status: 'unknown', evidence, fix };
}
