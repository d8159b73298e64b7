/**
 * JSON Web Tokens with RSA, signed and verified synchronously, so that a virtual clock never waits
 * for a thread pool. RFC 7515 (compact form), RFC 7518 sections 3.3 and 3.5.
 */
import { constants, sign, verify, type KeyObject } from 'node:crypto';
import { isRecord, parseJson, type JsonRecord } from './json-body.ts';

export type RsaAlgorithm = 'RS256' | 'PS256';

export interface ParsedJwt {
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
  readonly signed: string;
  readonly signature: Buffer;
}

export function signJwt(header: JsonRecord, claims: JsonRecord, privateKey: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const algorithm = rsaAlgorithm(header['alg']);
  if (algorithm === undefined) {
    throw new Error(`alg: ${JSON.stringify(header['alg'])} is not supported; use RS256 or PS256`);
  }
  const signature = sign('sha256', Buffer.from(signed), withPadding(privateKey, algorithm));
  return `${signed}.${signature.toString('base64url')}`;
}

/** The parts of a compact token, or undefined when it is none. Nothing is verified. */
export function parseJwt(token: string): ParsedJwt | undefined {
  const [head, body, tail, ...rest] = token.split('.');
  if (head === undefined || body === undefined || tail === undefined || rest.length > 0) {
    return undefined;
  }
  const header = parseJson(Buffer.from(head, 'base64url').toString());
  const claims = parseJson(Buffer.from(body, 'base64url').toString());
  if (!isRecord(header) || !isRecord(claims)) return undefined;
  const signature = Buffer.from(tail, 'base64url');
  return { header, claims, signed: `${head}.${body}`, signature };
}

export function isSignedBy(jwt: ParsedJwt, publicKey: KeyObject): boolean {
  const algorithm = rsaAlgorithm(jwt.header['alg']);
  if (algorithm === undefined) return false;
  const data = Buffer.from(jwt.signed);
  return verify('sha256', data, withPadding(publicKey, algorithm), jwt.signature);
}

export function rsaAlgorithm(alg: unknown): RsaAlgorithm | undefined {
  return alg === 'RS256' || alg === 'PS256' ? alg : undefined;
}

function withPadding(
  key: KeyObject,
  algorithm: RsaAlgorithm,
): { readonly key: KeyObject; readonly padding: number; readonly saltLength?: number } {
  if (algorithm === 'RS256') return { key, padding: constants.RSA_PKCS1_PADDING };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
}

function encode(part: JsonRecord): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
