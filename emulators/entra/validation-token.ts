/**
 * The tokens that come with notifications of changes with resource data: they say that Graph's
 * change tracking sent them, and to which application.
 * https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import { v1Issuer } from './access-claims.ts';
import { guid, guidFrom } from './guid.ts';
import type { JsonRecord } from './json-body.ts';
import { signJwt } from './jwt.ts';
import type { KeyRing } from './key-ring.ts';
import type { App } from './registration.ts';

export type TokenVersion = '1.0' | '2.0';

/** Graph's change tracking, the same in every tenant. */
const CHANGE_TRACKING_APP_ID = '0bf30f3b-4a52-48df-9a82-234910c4a086';

export interface ValidationTokens {
  /**
   * Undefined for an app that requires an assignment: then Graph gets no token for it. The same
   * token is used for an hour, as long as its key signs.
   */
  tokenFor(app: App, version: TokenVersion): string | undefined;
  reset(): void;
}

const LIFE_S = 86_400;
const REUSE_MS = 3_600_000;

export function createValidationTokens(parts: {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  /** Of v2 tokens. */
  readonly issuer: string;
  readonly ring: KeyRing;
}): ValidationTokens {
  const { clock, random, tenantId, issuer, ring } = parts;
  const made = new Map<
    string,
    { readonly token: string; readonly at: number; readonly kid: string }
  >();
  return {
    tokenFor(app, version): string | undefined {
      if (app.appRoleAssignmentRequired) return undefined;
      const key = ring.current();
      const name = `${app.clientId} ${version}`;
      const last = made.get(name);
      const age = clock.now() - (last?.at ?? 0);
      if (last?.kid === key.names.kid && age >= 0 && age < REUSE_MS) return last.token;
      const header = { typ: 'JWT', alg: 'RS256', ...key.names };
      const common = commonClaims({ app, tenantId, now: clock.now(), uti: guid(random) });
      const own =
        version === '1.0'
          ? { iss: v1Issuer(tenantId), appid: CHANGE_TRACKING_APP_ID, appidacr: '2' }
          : { iss: issuer, azp: CHANGE_TRACKING_APP_ID, azpacr: '2' };
      const token = signJwt(header, { ...common, ...own, ver: version }, key.privateKey);
      made.set(name, { token, at: clock.now(), kid: key.names.kid });
      return token;
    },
    reset: () => made.clear(),
  };
}

function commonClaims(of: {
  readonly app: App;
  readonly tenantId: string;
  readonly now: number;
  readonly uti: string;
}): JsonRecord {
  const issuedAt = Math.floor(of.now / 1000);
  const tracker = guidFrom(`${CHANGE_TRACKING_APP_ID} ${of.tenantId}`);
  return {
    aud: of.app.clientId,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + LIFE_S,
    oid: tracker,
    sub: tracker,
    tid: of.tenantId,
    uti: of.uti,
  };
}
