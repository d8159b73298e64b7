/**
 * What a request to `/subscriptions` asks for, checked field by field.
 * https://learn.microsoft.com/en-us/graph/api/subscription-post-subscriptions
 * https://learn.microsoft.com/en-us/graph/changenotifications-for-presence
 */
import { X509Certificate } from 'node:crypto';
import { optionalText, type JsonRecord } from '../entra/json-body.ts';
import { badRequest, type Problem } from './problem.ts';
import { MINUTE_MS, type EncryptionKey } from './subscription.ts';

const MAX_IDS = 650;
const MIN_LIFE_MS = 45 * MINUTE_MS;
const MAX_LIFE_MS = 60 * MINUTE_MS;
const MAX_LABEL = 128;

/** A request that is refused; thrown here, caught by the routes. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function refuse(message: string): never {
  throw new Refused(badRequest(message, 'InvalidRequest'));
}

/** A text, or undefined when it is absent or null. */
export function readText(body: JsonRecord, field: string): string | undefined {
  if (body[field] === null) return undefined;
  try {
    return optionalText(body, field);
  } catch {
    return refuse(`The property '${field}' has a wrong type; it is a string.`);
  }
}

export function neededText(body: JsonRecord, field: string): string {
  const text = readText(body, field);
  if (text === undefined || text === '') refuse(`The property '${field}' is required.`);
  return text;
}

export function readLabel(body: JsonRecord, field: string): string | undefined {
  const text = readText(body, field);
  if (text === undefined || text.length <= MAX_LABEL) return text;
  return refuse(`The property '${field}' is longer than ${MAX_LABEL} characters.`);
}

/** Epoch ms. What is under 45 minutes is raised to them; what is over an hour is refused. */
export function readExpiry(body: JsonRecord, now: number): number {
  const text = neededText(body, 'expirationDateTime');
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/iu.test(text) ? text : `${text}Z`);
  if (Number.isNaN(at)) refuse("The property 'expirationDateTime' is no date and time.");
  if (at <= now) refuse('Subscription expiration must be in the future.');
  if (at > now + MAX_LIFE_MS) {
    refuse('Subscription expiration can only be 60 minutes in the future.');
  }
  return Math.max(at, now + MIN_LIFE_MS);
}

/** `loopback` lets plain HTTP to this machine pass, for tests over real sockets. */
export function checkedUrl(text: string, plain: 'refuse' | 'loopback'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return text;
  const isLocal = url?.protocol === 'http:' && url.hostname === '127.0.0.1';
  if (isLocal && plain === 'loopback') return text;
  return refuse('The notification URL must be an absolute HTTPS URL.');
}

/** The ids that a resource names, each once and in lower case. */
export function readResource(resource: string): readonly string[] {
  const path = decoded(resource).replace(/^\//u, '');
  const one = /^communications\/presences\/(?<id>[^/?()']+)$/iu.exec(path)?.groups?.['id'];
  if (one !== undefined) return [one.toLowerCase()];
  const list = /^communications\/presences\?\$filter=id\s+in\s*\((?<ids>.*)\)$/iu.exec(path);
  const parts = (list?.groups?.['ids'] ?? '').split(',');
  const ids = parts.map((part) => /^\s*'(?<id>[^']+)'\s*$/u.exec(part)?.groups?.['id']);
  if (list === null || ids.includes(undefined)) refuse('The resource is not supported.');
  const distinct = new Set(ids.map((id) => (id ?? '').toLowerCase()));
  if (distinct.size > MAX_IDS) {
    refuse(`The filter has ${distinct.size} ids; at most ${MAX_IDS} are allowed.`);
  }
  return [...distinct];
}

function decoded(resource: string): string {
  try {
    return decodeURIComponent(resource);
  } catch {
    return resource;
  }
}

/** Undefined when neither the certificate nor its label is there; both belong together. */
export function readKey(body: JsonRecord): EncryptionKey | undefined {
  const encoded = readText(body, 'encryptionCertificate');
  const id = readLabel(body, 'encryptionCertificateId');
  if (encoded === undefined && id === undefined) return undefined;
  if (encoded === undefined || encoded === '') {
    return refuse("The property 'encryptionCertificate' is required for resource data.");
  }
  if (id === undefined || id === '') {
    return refuse("The property 'encryptionCertificateId' is required for resource data.");
  }
  return { encoded, id, certificate: readCertificate(encoded) };
}

function readCertificate(encoded: string): X509Certificate {
  const certificate = parsed(encoded);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (asymmetricKeyType === 'rsa' && bits >= 2048 && bits <= 4096) return certificate;
  return refuse('Certificate validation error: the key is not RSA of 2048 to 4096 bits.');
}

function parsed(encoded: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(encoded, 'base64'));
  } catch {
    return refuse('Certificate validation error: this is no X.509 certificate in base64.');
  }
}
