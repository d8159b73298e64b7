/** What the file points to: secrets, the certificate, the mapping. All are looked at, whatever else is wrong. */
import { isAbsolute, join } from 'node:path';
import { readWith } from '../lib/read-with.ts';
import type {
  ConfigIo,
  PushConfig,
  Secret,
  TeamsCredential,
  TokenFileCredential,
} from './config.ts';
import type { Finding } from './checks.ts';
import { valueAt } from './explain.ts';
import { secretReference, tokenFile } from './fields.ts';
import type { Path } from './read-yaml.ts';
import type { Advice, Found } from './secret.ts';
import { readNonEmpty, readSecret } from './secret.ts';

export interface References {
  readonly findings: readonly Finding[];
  readonly password?: Secret;
  readonly cloudSecret?: Secret;
  /** Of the events that Five9 posts. */
  readonly eventsPassword?: Secret;
  readonly credential?: TeamsCredential;
  /** Of the registration that reads, where it is another. */
  readonly readCredential?: TeamsCredential;
  /** What seals notifications. */
  readonly pushContent?: PushConfig['content'];
}

/** Relative paths count from the configuration file's folder, not from where the process started. */
export function fromFolder(folder: string): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : join(folder, path));
}

interface Follower {
  readonly findings: Finding[];
  take<T>(path: Path, found: Found<T> | undefined): T | undefined;
  secretAt(path: Path): Secret | undefined;
  pairAt(path: Path): Partial<NonNullable<PushConfig['content']>>;
  credentialAt(path: Path): TeamsCredential | undefined;
}

function followerOf(raw: unknown, io: ConfigIo, locate: (path: string) => string): Follower {
  const findings: Finding[] = [];
  const take = <T>(path: Path, found: Found<T> | undefined): T | undefined => {
    if (found === undefined) return undefined;
    if (!found.ok) findings.push({ severity: 'mistake', path, ...found.problem });
    else if (found.warning !== undefined)
      findings.push({ severity: 'warning', path, ...found.warning });
    return found.ok ? found.value : undefined;
  };
  const secretAt = (
    path: Path,
    expect?: (content: string) => Advice | undefined,
  ): Secret | undefined => {
    const reference = readWith(REFERENCE, valueAt(raw, path));
    if (reference === undefined) return undefined;
    return take(path, expected(readSecret(reference, io, locate), expect));
  };
  /** The platform may write the file later than we start, so its absence is told and borne. */
  const tokenFileAt = (path: Path): TokenFileCredential | undefined => {
    const reference = readWith(TOKEN_FILE, valueAt(raw, path));
    if (reference === undefined) return undefined;
    const file = locate(reference.file);
    const read = (): Found<string> => readNonEmpty(file, io);
    const now = read();
    if (!now.ok) findings.push({ severity: 'warning', path, ...now.problem });
    return { kind: 'assertion', file, read };
  };
  const pairAt = (path: Path): Partial<NonNullable<PushConfig['content']>> => {
    const privateKey = secretAt([...path, 'privateKey'], notAPrivateKey);
    const certificatePath = [...path, 'certificate'];
    const certificate = take(
      certificatePath,
      readCertificate(valueAt(raw, certificatePath), io, locate),
    );
    return {
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(certificate === undefined ? {} : { certificate }),
    };
  };
  const credentialAt = (path: Path): TeamsCredential | undefined => {
    const secret = secretAt([...path, 'secret']);
    const { certificate, privateKey } = pairAt(path);
    const assertion = tokenFileAt([...path, 'assertion']);
    return assertion ?? credentialOf(secret, certificate, privateKey);
  };
  return { findings, take, secretAt, pairAt, credentialAt };
}

export function followReferences(
  raw: unknown,
  io: ConfigIo,
  locate: (path: string) => string,
): References {
  const follow = followerOf(raw, io, locate);
  const password = follow.secretAt(['five9', 'password']);
  const cloudSecret = follow.secretAt(['five9', 'cloud', 'clientSecret']);
  const eventsPassword = follow.secretAt(['five9', 'cloud', 'events', 'password']);
  const credential = follow.credentialAt(['teams', 'credential']);
  const readCredential = follow.credentialAt(['teams', 'read', 'credential']);
  const { certificate, privateKey } = follow.pairAt(['teams', 'push']);
  follow.take(['agents', 'file'], findFile(valueAt(raw, ['agents', 'file']), io, locate));
  return {
    findings: follow.findings,
    ...(password === undefined ? {} : { password }),
    ...(cloudSecret === undefined ? {} : { cloudSecret }),
    ...(eventsPassword === undefined ? {} : { eventsPassword }),
    ...(credential === undefined ? {} : { credential }),
    ...(readCredential === undefined ? {} : { readCredential }),
    ...(certificate === undefined || privateKey === undefined
      ? {}
      : { pushContent: { certificate, privateKey } }),
  };
}

const REFERENCE = secretReference('', { file: '' });
const TOKEN_FILE = tokenFile('', '');

function credentialOf(
  secret: Secret | undefined,
  certificate: string | undefined,
  privateKey: Secret | undefined,
): TeamsCredential | undefined {
  if (secret !== undefined) return { kind: 'secret', secret };
  if (certificate === undefined || privateKey === undefined) return undefined;
  return { kind: 'certificate', certificate, privateKey };
}

function expected(
  found: Found<Secret>,
  expect: ((content: string) => Advice | undefined) | undefined,
): Found<Secret> {
  if (!found.ok) return found;
  const problem = expect?.(found.value.reveal());
  return problem === undefined ? found : { ok: false, problem };
}

function notAPrivateKey(content: string): Advice | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(content)) {
    return {
      message: 'points to a private key with a passphrase',
      fix: 'take the passphrase away: openssl pkey -in <old> -out <new>',
    };
  }
  if (/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(content)) return undefined;
  return {
    message: 'points to something that is no private key in PEM form',
    fix: 'it must hold a line -----BEGIN PRIVATE KEY-----',
  };
}

function readCertificate(
  path: unknown,
  io: ConfigIo,
  locate: (path: string) => string,
): Found<string> | undefined {
  if (typeof path !== 'string') return undefined;
  const found = readNonEmpty(locate(path), io);
  if (!found.ok || found.value.includes('-----BEGIN CERTIFICATE-----')) return found;
  const problem = {
    message: 'points to something that is no certificate in PEM form',
    fix: 'it must hold a line -----BEGIN CERTIFICATE-----',
  };
  return { ok: false, problem };
}

function findFile(
  path: unknown,
  io: ConfigIo,
  locate: (path: string) => string,
): Found<string> | undefined {
  if (typeof path !== 'string') return undefined;
  if (io.stat(locate(path))?.kind === 'file') return { ok: true, value: locate(path) };
  const problem = {
    message: 'points to a file that does not exist',
    fix: 'create it or correct the path; relative paths count from the folder of this file',
  };
  return { ok: false, problem };
}
