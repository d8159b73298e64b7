/** What a Teams connection needs to be told, checked once, before anything is sent. */
import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { ConnectorError } from '../connector.ts';
import { CADENCE, type Cadence, type Quota } from './cadence.ts';
import { CLOUDS, CLOUD_NAMES, type CloudName } from './clouds.ts';
import { TEAMS_MANIFEST } from './manifest.ts';
import { resolvePush, type PushOptions, type PushSetup } from './push/options.ts';

export type Credential =
  | { readonly secret: string }
  /** Both PEM; the private key is PKCS#8 and not encrypted. */
  | { readonly certificate: string; readonly privateKey: string }
  | { readonly assertion: AssertionFile };

/** The file in which somebody else keeps a signed statement about us, read by who made the options. */
interface AssertionFile {
  readonly file: string;
  /** What it holds now; the words of a problem hold no part of it. */
  read(): AssertionRead;
}

type AssertionRead =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: { readonly message: string; readonly fix: string } };

/** https://learn.microsoft.com/en-us/graph/api/cloudcommunications-getpresencesbyuserid */
const PUBLISHED_QUOTA: Quota = { requests: 1_500, windowMs: 30_000 };

export interface TeamsOptions {
  readonly cloud: CloudName;
  /** Directory id, or a verified domain of the tenant. */
  readonly tenantId: string;
  /** Application id of the registration that writes; it is also the id of our presence session. */
  readonly clientId: string;
  readonly credential: Credential;
  /** Tried when the first is refused, so that credentials can be changed without a gap. */
  readonly nextCredential?: Credential;
  /** A registration that reads, so that the first one need not; without it that one does both. */
  readonly read?: { readonly clientId: string; readonly credential: Credential };
  /** In place of the cloud's hosts, for a test double. */
  readonly loginUrl?: string;
  readonly graphUrl?: string;
  readonly cadence?: Partial<Cadence>;
  /** Requests that the tenant allows per window, when it is not the published number. */
  readonly quota?: Quota;
  /**
   * What to make of people whom Graph answers as `PresenceUnknown`, which it does for some
   * accounts without Teams: pass it on as an unknown state, or report the account as missing.
   */
  readonly unknownUsers?: 'observe' | 'missing';
  /** Tells the service that claims challenges are understood; it then issues longer tokens. */
  readonly continuousAccess?: boolean;
  /** Notifications beside the sweep; without it there are none. */
  readonly push?: PushOptions;
  readonly readTimeoutMs?: number;
  readonly writeTimeoutMs?: number;
  readonly tokenTimeoutMs?: number;
}

export type ReadyCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate';
      readonly certificate: X509Certificate;
      readonly privateKey: KeyObject;
    }
  | FederatedCredential;

export interface FederatedCredential extends AssertionFile {
  readonly kind: 'assertion';
  /** Below `teams.`, for the words of an error. */
  readonly field: string;
}

export interface TeamsSetup {
  readonly cloud: CloudName;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credentials: readonly ReadyCredential[];
  /** The registration that reads, where it is another. */
  readonly read?: {
    readonly clientId: string;
    readonly credentials: readonly ReadyCredential[];
  };
  readonly tokenUrl: string;
  readonly scope: string;
  /** With the version, without a trailing slash. */
  readonly graphUrl: string;
  readonly cadence: Cadence;
  readonly quota: Quota;
  readonly unknownUsers: 'observe' | 'missing';
  readonly continuousAccess: boolean;
  readonly push: PushSetup | undefined;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly tokenTimeoutMs: number;
}

/** Throws `ConnectorError` that names the field, its value and the fix; never a secret. */
export function resolveOptions(options: TeamsOptions): TeamsSetup {
  if (!CLOUD_NAMES.includes(options.cloud)) {
    throw invalid('cloud', options.cloud, `Use one of ${CLOUD_NAMES.join(', ')}.`);
  }
  const cloud = CLOUDS[options.cloud];
  const tenantId = named('tenantId', options.tenantId);
  const login = baseUrl('loginUrl', options.loginUrl ?? cloud.login);
  const graph = baseUrl('graphUrl', options.graphUrl ?? cloud.graph);
  const credentials = [
    readyCredential('credential', options.credential),
    ...(options.nextCredential === undefined
      ? []
      : [readyCredential('nextCredential', options.nextCredential)]),
  ];
  return {
    cloud: options.cloud,
    tenantId,
    clientId: named('clientId', options.clientId),
    credentials,
    ...readerOf(options),
    tokenUrl: `${login}/${tenantId}/oauth2/v2.0/token`,
    scope: `${cloud.graph}/.default`,
    graphUrl: `${graph}/v1.0`,
    cadence: checkedCadence({ ...CADENCE, ...options.cadence }),
    quota: options.quota ?? TEAMS_MANIFEST.quota ?? PUBLISHED_QUOTA,
    unknownUsers: options.unknownUsers ?? 'observe',
    continuousAccess: options.continuousAccess ?? true,
    push: resolvePush(options.push),
    readTimeoutMs: within('readTimeoutMs', options.readTimeoutMs ?? 20_000),
    writeTimeoutMs: within('writeTimeoutMs', options.writeTimeoutMs ?? 15_000),
    tokenTimeoutMs: within('tokenTimeoutMs', options.tokenTimeoutMs ?? 15_000),
  };
}

function readerOf({ clientId, read }: TeamsOptions): Pick<TeamsSetup, 'read'> {
  if (read === undefined) return {};
  if (read.clientId.toLowerCase() === clientId.toLowerCase()) {
    const fix = 'Name another registration, or leave teams.read out.';
    throw invalid('read.clientId', read.clientId, fix);
  }
  return {
    read: {
      clientId: named('read.clientId', read.clientId),
      credentials: [readyCredential('read.credential', read.credential)],
    },
  };
}

/** The origins that the egress list must allow for these options. */
export function teamsOrigins(options: TeamsOptions): readonly string[] {
  const setup = resolveOptions(options);
  return [new URL(setup.tokenUrl).origin, new URL(setup.graphUrl).origin];
}

function named(field: string, value: string): string {
  if (/^[0-9A-Za-z.-]{1,128}$/.test(value)) return value;
  throw invalid(field, value, 'Copy it from the overview page of the app registration.');
}

function baseUrl(field: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // As the parser has it: it drops what it reads over, such as a control character at the end.
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    return (url.origin + url.pathname).replace(/\/+$/, '');
  }
  throw invalid(field, value, 'Write it as https://host.');
}

function within(field: string, ms: number): number {
  if (ms >= 1_000 && ms <= 120_000) return ms;
  throw invalid(field, ms, 'Give a time between 1000 and 120000 ms.');
}

function checkedCadence(cadence: Cadence): Cadence {
  for (const [field, value] of Object.entries(cadence)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
      throw invalid(`cadence.${field}`, value, 'Give a number greater than zero.');
    }
  }
  if (cadence.batch > 650) {
    throw invalid('cadence.batch', cadence.batch, 'The vendor takes at most 650 ids in one read.');
  }
  return cadence;
}

/** Throws `ConnectorError` as `resolveOptions` does. */
export function readyCredential(field: string, credential: Credential): ReadyCredential {
  if ('secret' in credential) {
    if (credential.secret !== '') return { kind: 'secret', secret: credential.secret };
    throw invalid(`${field}.secret`, '', 'Give the Value of the client secret.');
  }
  if ('assertion' in credential) return federated(`${field}.assertion`, credential.assertion);
  const fix = 'Give the certificate and its private key as PEM, the key as unencrypted PKCS#8.';
  const certificate = attempt(() => new X509Certificate(credential.certificate));
  if (certificate === undefined) throw invalid(`${field}.certificate`, '(not shown)', fix);
  const privateKey = attempt(() => createPrivateKey(credential.privateKey));
  if (privateKey === undefined) throw invalid(`${field}.privateKey`, '(not shown)', fix);
  if (privateKey.asymmetricKeyType !== 'rsa' || !certificate.checkPrivateKey(privateKey)) {
    throw invalid(
      `${field}.privateKey`,
      '(not shown)',
      'Give the RSA private key that belongs to the certificate.',
    );
  }
  return { kind: 'certificate', certificate, privateKey };
}

/** Whether the file is there is seen when it is needed: it may be written later. */
function federated(field: string, from: AssertionFile): FederatedCredential {
  const { file } = from;
  if (file !== '') return { kind: 'assertion', field, file, read: () => from.read() };
  throw invalid(`${field}.file`, file, 'Give the path of the file that holds the token.');
}

export function sameCredential(a: ReadyCredential, b: ReadyCredential): boolean {
  return identityOf(a) === identityOf(b);
}

function identityOf(credential: ReadyCredential): string {
  switch (credential.kind) {
    case 'secret':
      return `secret ${credential.secret}`;
    case 'certificate':
      return `certificate ${credential.certificate.fingerprint256}`;
    case 'assertion':
      return `assertion ${credential.file}`;
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function invalid(field: string, value: unknown, fix: string): ConnectorError {
  return new ConnectorError(
    'ask_admin',
    'TEAMS_OPTION_INVALID',
    `teams.${field} is not usable: ${JSON.stringify(value)}`,
    fix,
  );
}
