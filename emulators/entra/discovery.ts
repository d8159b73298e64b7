/**
 * Discovery documents: those of the tenant, and those that are the same for every tenant, by which
 * a receiver of notifications finds the signing keys.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
 */
import { v1Issuer } from './access-claims.ts';
import type { JsonRecord } from './json-body.ts';

interface Directory {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly v2Issuer?: string;
}

interface Target {
  readonly tenant: string;
  readonly path: string;
}

const FOR_ALL = new Set([
  '.well-known/openid-configuration',
  'v2.0/.well-known/openid-configuration',
  'discovery/keys',
  'discovery/v2.0/keys',
]);

/** Whether a path may be asked for without naming a tenant. */
export function isForAll({ tenant, path }: Target): boolean {
  return tenant.toLowerCase() === 'common' && FOR_ALL.has(path);
}

export function issuerOf({ baseUrl, tenantId, v2Issuer }: Directory): string {
  return v2Issuer ?? `${baseUrl}/${tenantId}/v2.0`;
}

export function discovery(directory: Directory, target: Target): JsonRecord {
  const { baseUrl } = directory;
  const isCommon = isForAll(target);
  const isV2 = target.path.startsWith('v2.0/');
  // The documents for all tenants leave the place of the tenant open.
  const tenantId = isCommon ? '{tenantid}' : directory.tenantId;
  const url = `${baseUrl}/${isCommon ? 'common' : tenantId}`;
  return {
    token_endpoint: `${url}/oauth2/${isV2 ? 'v2.0/' : ''}token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${url}/discovery/${isV2 ? 'v2.0/' : ''}keys`,
    issuer: isV2 ? issuerOf({ ...directory, tenantId }) : v1Issuer(tenantId),
    device_authorization_endpoint: `${url}/oauth2/${isV2 ? 'v2.0/' : ''}devicecode`,
    authorization_endpoint: `${url}/oauth2/${isV2 ? 'v2.0/' : ''}authorize`,
    response_types_supported: ['code', 'id_token', 'token'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['pairwise'],
  };
}
