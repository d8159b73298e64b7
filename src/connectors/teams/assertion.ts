/**
 * The signed statement that proves a certificate credential to Entra.
 * https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials
 */
import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Random } from '../../lib/random.ts';
import type { ReadyCredential, TeamsSetup } from './options.ts';

type CertificateCredential = Extract<ReadyCredential, { readonly kind: 'certificate' }>;

const LIFE_S = 300;

/** `now` is epoch ms. */
export function signAssertion(
  setup: Pick<TeamsSetup, 'tokenUrl' | 'clientId'>,
  credential: CertificateCredential,
  now: number,
  random: Random,
): Promise<string> {
  const issued = Math.floor(now / 1_000);
  const thumbprint = createHash('sha256').update(credential.certificate.raw).digest('base64url');
  return new SignJWT()
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setAudience(setup.tokenUrl)
    .setIssuer(setup.clientId)
    .setSubject(setup.clientId)
    .setJti(uuid(random))
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + LIFE_S)
    .sign(credential.privateKey);
}

/** Only has to differ from the others; it is no secret. */
function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join(
    '',
  );
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
