/**
 * Access tokens: issues them and says of each whether it still holds.
 *
 * 1. A token names only roles that the app had when it was issued.
 * 2. A token issued before its app was revoked is refused although it has not expired.
 * 3. The same token gets the same answer, whichever way of signing is chosen.
 *
 * Claims: https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import { guid } from './guid.ts';
import { isTextList, type JsonRecord } from './json-body.ts';
import { isSignedBy, parseJwt, signJwt } from './jwt.ts';
import { principalOf, type App } from './registration.ts';

/** `opaque` tokens live in a table and cost nothing; `rs256` ones are real signed JWTs. */
export type Signing =
  | { readonly kind: 'opaque' }
  | { readonly kind: 'rs256'; readonly privateKey: KeyObject };

export interface TokenClaims {
  readonly aud: string;
  readonly appid: string;
  readonly tid: string;
  readonly roles: readonly string[];
  /** Epoch seconds. */
  readonly exp: number;
}

export type TokenCheck =
  | { readonly kind: 'good'; readonly claims: TokenClaims }
  | { readonly kind: 'bad'; readonly why: 'malformed' | 'signature' | 'expired' | 'revoked' };

export interface TokenDesk {
  issue(app: App, resource: string, by: 'secret' | 'certificate'): IssuedToken;
  check(token: string): TokenCheck;
  /** Refuses every token that this app has so far. */
  revoke(clientId: string): void;
  /** Public keys; empty for opaque tokens. */
  keySet(): JsonRecord;
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
  const key = signing.kind === 'rs256' ? publicKeyOf(signing.privateKey) : undefined;
  const table = createTokenTable(options.clock);
  let lifetimeMs = options.lifetimeMs;

  return {
    issue(app, resource, by): IssuedToken {
      const claims = claimsFor(app, resource, { ...options, lifetimeMs });
      const token = mint(claims, furtherClaims(app, options, by), { options, key });
      table.keep(token, claims);
      return { token, expiresInS: Math.floor(lifetimeMs / 1000) };
    },
    check(token): TokenCheck {
      const known = table.judge(token);
      if (known !== undefined) return known;
      const jwt = parseJwt(token);
      const claims = readClaims(jwt?.claims);
      if (jwt === undefined || claims === undefined) return { kind: 'bad', why: 'malformed' };
      if (key === undefined || jwt.header['alg'] !== 'RS256' || !isSignedBy(jwt, key.object)) {
        return { kind: 'bad', why: 'signature' };
      }
      return table.judgeStranger(claims);
    },
    revoke: (clientId) => table.revoke(clientId),
    keySet: () => ({ keys: key === undefined ? [] : [key.jwk] }),
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

interface PublicKey {
  readonly object: KeyObject;
  readonly names: JsonRecord;
  readonly jwk: JsonRecord;
}

function publicKeyOf(privateKey: KeyObject): PublicKey {
  const object = createPublicKey(privateKey);
  const der = object.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha1').update(der).digest('base64url');
  const { n, e } = object.export({ format: 'jwk' });
  const jwk = { kty: 'RSA', use: 'sig', alg: 'RS256', kid, x5t: kid, n, e };
  return { object, names: { kid, x5t: kid }, jwk };
}

function claimsFor(app: App, resource: string, options: TokenDeskOptions): TokenClaims {
  const exp = Math.floor(options.clock.now() / 1000) + Math.floor(options.lifetimeMs / 1000);
  const { clientId: appid, roles } = app;
  return { aud: resource, appid, tid: options.tenantId, roles, exp };
}

/** The rest of a v1 token as Graph gets it; fillers bring it to about the size of a real one. */
function furtherClaims(
  app: App,
  options: TokenDeskOptions,
  by: 'secret' | 'certificate',
): JsonRecord {
  const principal = principalOf(app.clientId);
  const issuedAt = Math.floor(options.clock.now() / 1000);
  const issuer = `https://sts.windows.net/${options.tenantId}/`;
  return {
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    aio: principal.repeat(2),
    app_displayname: app.displayName,
    appidacr: by === 'secret' ? '1' : '2',
    idp: issuer,
    idtyp: 'app',
    oid: principal,
    rh: `1.${principal}${principal}.`,
    sub: principal,
    tenant_region_scope: 'EU',
    uti: guid(options.random),
    ver: '1.0',
    wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
    xms_tcdt: 1_500_000_000,
  };
}

/** An app without any role gets a token without the claim. */
function mint(
  { roles, ...claims }: TokenClaims,
  more: JsonRecord,
  by: { readonly options: TokenDeskOptions; readonly key: PublicKey | undefined },
): string {
  const { signing, random } = by.options;
  if (signing.kind === 'opaque') return `opaque-${guid(random)}`;
  const header = { typ: 'JWT', alg: 'RS256', ...by.key?.names };
  const granted = roles.length > 0 ? { roles } : {};
  return signJwt(header, { ...claims, ...more, ...granted }, signing.privateKey);
}

function readClaims(claims: JsonRecord | undefined): TokenClaims | undefined {
  if (claims === undefined) return undefined;
  const { aud, appid, tid, exp } = claims;
  if (typeof aud !== 'string' || typeof appid !== 'string') return undefined;
  if (typeof tid !== 'string' || typeof exp !== 'number') return undefined;
  const roles = claims['roles'];
  return { aud, appid, tid, exp, roles: isTextList(roles) ? roles : [] };
}
