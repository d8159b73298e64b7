/** What the doctor's checks share: what they are given, and one read of presence for a check. */
import type { AccountId } from '../../model/ids.ts';
import type { Check, Seams } from '../connector.ts';
import type { GraphClient } from './client.ts';
import type { TeamsSetup } from './options.ts';
import { readPresences } from './reader.ts';
import type { AccessToken, Tokens } from './token.ts';

export interface DoctorParts {
  readonly setup: TeamsSetup;
  readonly seams: Pick<Seams, 'clock'>;
  /** Not the one in use: its token may be older than the fault. */
  readonly tokens: Tokens;
  readonly client: GraphClient;
  readonly accounts: readonly AccountId[];
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
