/**
 * Makes a self-signed certificate for a key pair, for app registrations that use certificate
 * credentials. Node can read X.509 but not write it, so the few DER structures are built here
 * (RFC 5280 section 4.1, X.690).
 */
import { sign, type KeyObject } from 'node:crypto';

export interface CertificateSpec {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial?: number;
}

/** PEM. */
export function selfSignedCertificate(spec: CertificateSpec): string {
  const name = sequence(set(sequence(oid(COMMON_NAME), tagged(0x0c, spec.commonName))));
  const algorithm = sequence(oid(SHA256_WITH_RSA), Buffer.from([0x05, 0x00]));
  const toBeSigned = sequence(
    tagged(0xa0, integer(2)),
    integer(spec.serial ?? 1),
    algorithm,
    name,
    sequence(time(spec.notBefore), time(spec.notAfter)),
    name,
    spec.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, spec.privateKey);
  const noUnusedBits = Buffer.from([0]);
  const der = sequence(toBeSigned, algorithm, tagged(0x03, noUnusedBits, signature));
  const lines = der.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** 2.5.4.3 and 1.2.840.113549.1.1.11, encoded. */
const COMMON_NAME = [0x55, 0x04, 0x03];
const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];

function tagged(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(bytes: number): readonly number[] {
  if (bytes < 0x80) return [bytes];
  if (bytes < 0x100) return [0x81, bytes];
  return [0x82, bytes >> 8, bytes & 0xff];
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts);
}

function oid(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

/** A small number that is not negative: the leading zero keeps the sign bit clear. */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return tagged(0x02, signed);
}

/** UTCTime until 2049, GeneralizedTime after it, as RFC 5280 section 4.1.2.5 asks. */
function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().replace(/[-:T]/gu, '').slice(0, 14)}Z`;
  return digits < '2050' ? tagged(0x17, digits.slice(2)) : tagged(0x18, digits);
}
