/**
 * App registrations of the one emulated tenant: credentials, granted roles, consent. Everything
 * can be changed while the emulator runs.
 */
import { X509Certificate, createHash, type KeyObject } from 'node:crypto';
import {
  optionalFederated,
  specOf,
  trustedIssuers,
  type FederatedCredential,
  type FederatedSpec,
} from './federated.ts';
import { guidFrom } from './guid.ts';
import {
  isRecord,
  optionalFlag,
  optionalNumber,
  optionalText,
  optionalTexts,
  requiredText,
  type JsonRecord,
} from './json-body.ts';

interface AppSecret {
  readonly value: string;
  /** Epoch ms. */
  readonly expiresAt?: number;
}

export interface AppSpec {
  readonly clientId: string;
  readonly displayName?: string;
  readonly secrets?: readonly AppSecret[];
  /** X.509 certificates, PEM. */
  readonly certificates?: readonly string[];
  /** Other issuers whose JWTs prove the app. */
  readonly federatedCredentials?: readonly FederatedSpec[];
  /** Granted application permissions, such as `Presence.Read.All`. */
  readonly roles?: readonly string[];
  /** Permissions that an administrator's consent will grant. */
  readonly requestedRoles?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly disabled?: boolean;
  /** Default false. When true, Graph makes no validation tokens for the app's notifications. */
  readonly appRoleAssignmentRequired?: boolean;
}

export interface AppCertificate {
  readonly pem: string;
  /** base64url of the SHA-1 and the SHA-256 of the DER form. */
  readonly thumbprintSha1: string;
  readonly thumbprintSha256: string;
  readonly publicKey: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface App extends Required<Omit<AppSpec, 'certificates' | 'federatedCredentials'>> {
  readonly federatedCredentials: readonly FederatedCredential[];
  readonly certificates: readonly AppCertificate[];
}

export interface AppRegistry {
  get(clientId: string): App | undefined;
  list(): readonly App[];
  /** Adds an app, or replaces it. */
  put(spec: AppSpec): App;
  /** Changes some fields; throws when the app is unknown. */
  change(clientId: string, change: Partial<AppSpec>): App;
  remove(clientId: string): boolean;
  reset(): void;
}

const MAX_APPS = 1_000;

/** The object id of an app's service principal: any stable GUID will do. */
export function principalOf(clientId: string): string {
  return guidFrom(clientId.toLowerCase());
}

export function createAppRegistry(initial: readonly AppSpec[]): AppRegistry {
  const apps = new Map<string, App>();
  const put = (spec: AppSpec): App => {
    const app = registered(spec);
    const key = app.clientId.toLowerCase();
    if (!apps.has(key) && apps.size >= MAX_APPS) {
      throw new Error(`apps: ${MAX_APPS} are registered already; remove some first`);
    }
    apps.set(key, app);
    return app;
  };
  for (const spec of initial) put(spec);

  return {
    get: (clientId) => apps.get(clientId.toLowerCase()),
    list: () => [...apps.values()],
    put,
    change(clientId, change): App {
      const app = apps.get(clientId.toLowerCase());
      if (app === undefined) throw new Error(`clientId: no app "${clientId}"; register it first`);
      const pems = app.certificates.map((certificate) => certificate.pem);
      const federatedCredentials = app.federatedCredentials.map(specOf);
      const before = { ...app, certificates: pems, federatedCredentials };
      return put({ ...before, ...change, clientId: app.clientId });
    },
    remove: (clientId) => apps.delete(clientId.toLowerCase()),
    reset(): void {
      apps.clear();
      for (const spec of initial) put(spec);
    },
  };
}

function registered(spec: AppSpec): App {
  return {
    clientId: spec.clientId,
    displayName: spec.displayName ?? spec.clientId,
    secrets: spec.secrets ?? [],
    certificates: (spec.certificates ?? []).map(parsedCertificate),
    federatedCredentials: trustedIssuers(spec.federatedCredentials ?? []),
    roles: spec.roles ?? [],
    requestedRoles: spec.requestedRoles ?? [],
    redirectUris: spec.redirectUris ?? [],
    disabled: spec.disabled ?? false,
    appRoleAssignmentRequired: spec.appRoleAssignmentRequired ?? false,
  };
}

function parsedCertificate(pem: string): AppCertificate {
  const certificate = readCertificate(pem);
  return {
    pem,
    thumbprintSha1: createHash('sha1').update(certificate.raw).digest('base64url'),
    thumbprintSha256: createHash('sha256').update(certificate.raw).digest('base64url'),
    publicKey: certificate.publicKey,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  };
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error('certificates: one is no X.509 certificate; send PEM text');
  }
}

/** The fields of an app registration from JSON; throws one clear error that names the field. */
export function parseAppChange(value: unknown): Partial<AppSpec> {
  if (!isRecord(value)) throw new Error('app: send a JSON object');
  const change = {
    displayName: optionalText(value, 'displayName'),
    secrets: optionalSecrets(value),
    certificates: optionalTexts(value, 'certificates'),
    federatedCredentials: optionalFederated(value),
    roles: optionalTexts(value, 'roles'),
    requestedRoles: optionalTexts(value, 'requestedRoles'),
    redirectUris: optionalTexts(value, 'redirectUris'),
    disabled: optionalFlag(value, 'disabled'),
    appRoleAssignmentRequired: optionalFlag(value, 'appRoleAssignmentRequired'),
  };
  const known = new Set([...Object.keys(change), 'clientId']);
  const strange = Object.keys(value).find((field) => !known.has(field));
  if (strange !== undefined) throw new Error(`${strange}: no such field of an app; leave it out`);
  // Only what was sent: an absent field must not overwrite what the app has.
  return Object.fromEntries(Object.entries(change).filter(([, content]) => content !== undefined));
}

export function parseApp(value: unknown): AppSpec {
  const change = parseAppChange(value);
  return { ...change, clientId: requiredText(isRecord(value) ? value : {}, 'clientId') };
}

function optionalSecrets(record: JsonRecord): readonly AppSecret[] | undefined {
  const secrets = record['secrets'];
  if (secrets === undefined) return undefined;
  if (!Array.isArray(secrets)) throw new Error('secrets: send a list of {value, expiresAt}');
  return secrets.map((secret: unknown) => {
    if (!isRecord(secret)) throw new Error('secrets: send a list of {value, expiresAt}');
    const expiresAt = optionalNumber(secret, 'expiresAt');
    const value = requiredText(secret, 'value');
    return expiresAt === undefined ? { value } : { value, expiresAt };
  });
}
