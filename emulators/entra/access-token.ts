/**
 * Access tokens: issues them and says of each whether it still holds.
 *
 * 1. A token names only roles that the app had when it was issued.
 * 2. A token issued before its app was revoked is refused although it has not expired.
 * 3. The same token gets the same answer, whichever way of signing is chosen.
 *
 * Claims: https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import {
  claimsFor,
  furtherClaims,
  readClaims,
  type Delegation,
  type ProvedBy,
  type TokenClaims,
} from './access-claims.ts';
import { guid } from './guid.ts';
import type { JsonRecord } from './json-body.ts';
import { isSignedBy, parseJwt, signJwt } from './jwt.ts';
import { signingKeyOf, type SigningKey } from './key-ring.ts';
import type { App } from './registration.ts';

/** `opaque` tokens live in a table and cost nothing; `rs256` ones are real signed JWTs. */
export type Signing =
  | { readonly kind: 'opaque' }
  | { readonly kind: 'rs256'; readonly privateKey: KeyObject };

export type TokenCheck =
  | { readonly kind: 'good'; readonly claims: TokenClaims }
  | { readonly kind: 'bad'; readonly why: 'malformed' | 'signature' | 'expired' | 'revoked' };

export interface TokenDesk {
  /** For the app alone, or for a person who is signed in to it. */
  issue(app: App, resource: string, by: ProvedBy, person?: Delegation): IssuedToken;
  check(token: string): TokenCheck;
  /** Refuses every token that this app has so far. */
  revoke(clientId: string): void;
  /** Public keys as JWKs; none for opaque tokens. */
  keys(): readonly JsonRecord[];
  setLifetime(ms: number): void;
  reset(): void;
}

interface IssuedToken {
  readonly token: string;
  readonly expiresInS: number;
}

export interface TokenDeskOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly signing: Signing;
  readonly lifetimeMs: number;
}

const MAX_TOKENS = 10_000;

export function createTokenDesk(options: TokenDeskOptions): TokenDesk {
  const { signing } = options;
  const key = signing.kind === 'rs256' ? signingKeyOf(signing.privateKey) : undefined;
  const table = createTokenTable(options.clock);
  let lifetimeMs = options.lifetimeMs;

  return {
    issue(app, resource, by, person): IssuedToken {
      const { random, tenantId, clock } = options;
      const issuedAt = Math.floor(clock.now() / 1000);
      const context = { random, tenantId, issuedAt, lifetimeMs };
      const claims = claimsFor(app, resource, context, person);
      const token = mint(claims, furtherClaims(app, context, by, person), { random, key });
      table.keep(token, claims);
      return { token, expiresInS: Math.floor(lifetimeMs / 1000) };
    },
    check(token): TokenCheck {
      const known = table.judge(token);
      if (known !== undefined) return known;
      const jwt = parseJwt(token);
      const claims = readClaims(jwt?.claims);
      if (jwt === undefined || claims === undefined) return { kind: 'bad', why: 'malformed' };
      if (key === undefined || jwt.header['alg'] !== 'RS256' || !isSignedBy(jwt, key.publicKey)) {
        return { kind: 'bad', why: 'signature' };
      }
      return table.judgeStranger(claims);
    },
    revoke: (clientId) => table.revoke(clientId),
    keys: () => (key === undefined ? [] : [key.jwk]),
    setLifetime(ms): void {
      lifetimeMs = ms;
    },
    reset(): void {
      table.reset();
      lifetimeMs = options.lifetimeMs;
    },
  };
}

interface TokenTable {
  keep(token: string, claims: TokenClaims): void;
  /** Undefined for a token that is not in the table. */
  judge(token: string): TokenCheck | undefined;
  /** For a token with our signature that this table never kept: older than any revocation. */
  judgeStranger(claims: TokenClaims): TokenCheck;
  revoke(clientId: string): void;
  reset(): void;
}

/** Tokens and revocations share one count, so that their order is known within a millisecond. */
function createTokenTable(clock: Clock): TokenTable {
  const issued = new Map<string, { readonly claims: TokenClaims; readonly ordinal: number }>();
  const revokedAt = new Map<string, number>();
  let ordinal = 0;

  const verdict = (claims: TokenClaims, issuedAt: number): TokenCheck => {
    if (claims.exp * 1000 <= clock.now()) return { kind: 'bad', why: 'expired' };
    const revoked = (revokedAt.get(claims.appid) ?? 0) > issuedAt;
    return revoked ? { kind: 'bad', why: 'revoked' } : { kind: 'good', claims };
  };
  return {
    keep(token, claims): void {
      ordinal += 1;
      issued.set(token, { claims, ordinal });
      const [oldest] = issued.keys();
      if (issued.size > MAX_TOKENS && oldest !== undefined) issued.delete(oldest);
    },
    judge(token): TokenCheck | undefined {
      const kept = issued.get(token);
      return kept === undefined ? undefined : verdict(kept.claims, kept.ordinal);
    },
    judgeStranger: (claims) => verdict(claims, 0),
    revoke(clientId): void {
      ordinal += 1;
      revokedAt.set(clientId, ordinal);
    },
    reset(): void {
      issued.clear();
      revokedAt.clear();
    },
  };
}

/** An app without any role gets a token without the claim. */
function mint(
  { roles, ...claims }: TokenClaims,
  more: JsonRecord,
  by: { readonly random: Random; readonly key: SigningKey | undefined },
): string {
  if (by.key === undefined) return `opaque-${guid(by.random)}`;
  const header = { typ: 'JWT', alg: 'RS256', ...by.key.names };
  const granted = roles.length > 0 ? { roles } : {};
  return signJwt(header, { ...claims, ...more, ...granted }, by.key.privateKey);
}
