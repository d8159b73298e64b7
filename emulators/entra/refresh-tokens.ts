/**
 * Refresh tokens: each use gives a new one, and the old one keeps working until it expires or the
 * person's sign-in is revoked.
 * https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Account } from './accounts.ts';
import type { AskedScope } from './delegated-scope.ts';
import { guid } from './guid.ts';

interface RefreshGrant {
  readonly clientId: string;
  readonly account: string;
  readonly scope: AskedScope;
}

export interface RefreshTokens {
  issue(grant: RefreshGrant): string;
  /** A token with a given value, for a client that begins signed in. */
  keep(value: string, grant: RefreshGrant): void;
  /** What a token stands for, or why it is refused. */
  use(
    value: string,
    clientId: string,
  ): RefreshGrant | 'unknown' | 'foreign' | 'expired' | 'revoked';
  /** Refuses every refresh token that the account has so far. */
  revoke(account: Account): void;
  reset(): void;
}

/** 90 days for a confidential client. */
const LIFE_MS = 90 * 86_400_000;
const MAX_TOKENS = 10_000;

interface Entry {
  readonly grant: RefreshGrant;
  readonly ordinal: number;
  readonly expiresAt: number;
}

export function createRefreshTokens(clock: Clock, random: Random): RefreshTokens {
  const entries = new Map<string, Entry>();
  const revokedAt = new Map<string, number>();
  // Tokens and revocations share one count, so that their order is known within a millisecond.
  let ordinal = 0;
  const keep = (value: string, grant: RefreshGrant): void => {
    ordinal += 1;
    entries.set(value, { grant, ordinal, expiresAt: clock.now() + LIFE_MS });
    const [oldest] = entries.keys();
    if (entries.size > MAX_TOKENS && oldest !== undefined) entries.delete(oldest);
  };
  return {
    keep,
    issue(grant): string {
      const value = `refresh-${guid(random)}${guid(random)}`;
      keep(value, grant);
      return value;
    },
    use(value, clientId): ReturnType<RefreshTokens['use']> {
      const entry = entries.get(value);
      if (entry === undefined) return 'unknown';
      if (entry.grant.clientId.toLowerCase() !== clientId.toLowerCase()) return 'foreign';
      if (entry.expiresAt <= clock.now()) return 'expired';
      return (revokedAt.get(entry.grant.account) ?? 0) > entry.ordinal ? 'revoked' : entry.grant;
    },
    revoke(account): void {
      ordinal += 1;
      revokedAt.set(account.id, ordinal);
    },
    reset(): void {
      entries.clear();
      revokedAt.clear();
    },
  };
}
