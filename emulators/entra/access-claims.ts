/**
 * What an access token for Graph says: of an application alone, or of a person who is signed in to
 * one.
 * https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
import type { Random } from '../../src/lib/random.ts';
import type { Account } from './accounts.ts';
import { guid, guidFrom } from './guid.ts';
import { isTextList, type JsonRecord } from './json-body.ts';
import { principalOf, type App } from './registration.ts';

export interface TokenClaims {
  readonly aud: string;
  readonly appid: string;
  readonly tid: string;
  /** Application permissions; empty in a token of a person. */
  readonly roles: readonly string[];
  /** Epoch seconds. */
  readonly exp: number;
  /** Delegated permissions, parted by spaces; in a token of a person alone. */
  readonly scp?: string;
  /** The person's object id and name; in a token of a person alone. */
  readonly oid?: string;
  readonly upn?: string;
}

/** Who is signed in, and what the application may do in that person's name. */
export interface Delegation {
  readonly account: Account;
  readonly scopes: readonly string[];
}

export interface ClaimsContext {
  readonly random: Random;
  readonly tenantId: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly lifetimeMs: number;
}

export type ProvedBy = 'secret' | 'certificate';

export function claimsFor(
  app: App,
  resource: string,
  context: ClaimsContext,
  person?: Delegation,
): TokenClaims {
  const { tenantId: tid, issuedAt, lifetimeMs } = context;
  const common = {
    aud: resource,
    appid: app.clientId,
    tid,
    exp: issuedAt + Math.floor(lifetimeMs / 1000),
  };
  if (person === undefined) return { ...common, roles: app.roles };
  const { id: oid, userPrincipalName: upn } = person.account;
  return { ...common, roles: [], scp: person.scopes.join(' '), oid, upn };
}

/** The rest of a v1 token as Graph gets it; fillers bring it to about the size of a real one. */
export function furtherClaims(
  app: App,
  context: ClaimsContext,
  by: ProvedBy,
  person?: Delegation,
): JsonRecord {
  const principal = principalOf(app.clientId);
  const issuer = v1Issuer(context.tenantId);
  const common = {
    iss: issuer,
    iat: context.issuedAt,
    nbf: context.issuedAt,
    aio: principal.repeat(2),
    app_displayname: app.displayName,
    appidacr: by === 'secret' ? '1' : '2',
    idp: issuer,
    rh: `1.${principal}${principal}.`,
    tenant_region_scope: 'EU',
    uti: guid(context.random),
    ver: '1.0',
    xms_tcdt: 1_500_000_000,
  };
  if (person !== undefined) {
    const { id, userPrincipalName } = person.account;
    return {
      ...common,
      idtyp: 'user',
      name: userPrincipalName,
      sub: guidFrom(`${id} ${principal}`),
    };
  }
  const wids = ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'];
  return { ...common, idtyp: 'app', oid: principal, sub: principal, wids };
}

/** The same in every cloud address of the emulator: it is no address that anybody calls. */
export function v1Issuer(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

/** The claims of a token that was signed by us, or undefined when one that it must have is missing. */
export function readClaims(claims: JsonRecord | undefined): TokenClaims | undefined {
  if (claims === undefined) return undefined;
  const { aud, appid, tid, exp } = claims;
  if (typeof aud !== 'string' || typeof appid !== 'string') return undefined;
  if (typeof tid !== 'string' || typeof exp !== 'number') return undefined;
  const roles = isTextList(claims['roles']) ? claims['roles'] : [];
  return { aud, appid, tid, exp, roles, ...personClaims(claims) };
}

function personClaims(claims: JsonRecord): Pick<TokenClaims, 'scp' | 'oid' | 'upn'> {
  const { scp, oid, upn } = claims;
  if (typeof scp !== 'string' || typeof oid !== 'string') return {};
  return { scp, oid, ...(typeof upn === 'string' ? { upn } : {}) };
}
