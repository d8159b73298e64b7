/**
 * Signing keys that change while the emulator runs. Entra publishes them on its key endpoints and
 * rotates them without notice, so a receiver has to look again for a key id that it does not know.
 * https://learn.microsoft.com/en-us/entra/identity-platform/signing-key-rollover
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JsonRecord } from './json-body.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** What the header of a token says of its key. */
  readonly names: { readonly kid: string; readonly x5t: string };
  readonly jwk: JsonRecord;
}

export interface KeyRing {
  /** The key that signs now; made at the first use. */
  current(): SigningKey;
  /** Public keys as JWKs: the current one, and older ones until they are forgotten. */
  published(): readonly JsonRecord[];
  /** The next key signs from now on; returns its key id. */
  rotate(how?: { readonly forgetOld?: boolean }): string;
  reset(): void;
}

const BITS = 2048;
const MAX_KEYS = 16;

/** `given` keys are used in their order; when they are used up, new ones are made. */
export function createKeyRing(given: readonly KeyObject[] = []): KeyRing {
  let keys: SigningKey[] = [];
  let used = 0;
  const next = (): SigningKey => {
    const privateKey =
      given[used] ?? generateKeyPairSync('rsa', { modulusLength: BITS }).privateKey;
    used += 1;
    return signingKeyOf(privateKey);
  };
  const current = (): SigningKey => {
    const newest = keys.at(-1) ?? next();
    if (keys.length === 0) keys = [newest];
    return newest;
  };
  return {
    current,
    published(): readonly JsonRecord[] {
      current();
      return keys.map((key) => key.jwk);
    },
    rotate({ forgetOld = false } = {}): string {
      current();
      const fresh = next();
      keys = forgetOld ? [fresh] : [...keys, fresh].slice(-MAX_KEYS);
      return fresh.names.kid;
    },
    reset(): void {
      keys = [];
      used = 0;
    },
  };
}

export function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha1').update(der).digest('base64url');
  const { n, e } = publicKey.export({ format: 'jwk' });
  const jwk = { kty: 'RSA', use: 'sig', alg: 'RS256', kid, x5t: kid, n, e };
  return { privateKey, publicKey, names: { kid, x5t: kid }, jwk };
}
