/**
 * Opens the content of notifications.
 * https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data
 *
 * D1  The private key's work is done off the event loop: about a millisecond for each item.
 * D2  The signature is compared in constant time before anything is decrypted.
 * D3  Whatever is wrong, the answer is the same: nothing. It is a reader, never an oracle.
 */
import {
  createDecipheriv,
  createHmac,
  timingSafeEqual,
  webcrypto,
  type KeyObject,
} from 'node:crypto';
import type { Sealed } from './notice-wire.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;
/** The vendor's padding: OAEP with SHA-1 throughout. */
const PADDING = { name: 'RSA-OAEP', hash: 'SHA-1' } as const;

export class Opener {
  readonly #keys = new Map<string, Promise<webcrypto.CryptoKey | undefined>>();

  /** One more key, by the label of its certificate; earlier ones serve on for what is under way. */
  learn(label: string, key: KeyObject): void {
    if (!this.#keys.has(label)) this.#keys.set(label, imported(key));
  }

  knows(label: string): boolean {
    return this.#keys.has(label);
  }

  /** The JSON text of the resource; undefined when it was not sealed for a key of ours. */
  async open(sealed: Sealed): Promise<string | undefined> {
    try {
      const key = await this.#keys.get(sealed.encryptionCertificateId);
      if (key === undefined) return undefined;
      const dataKey = Buffer.from(sealed.dataKey, 'base64');
      const secret = Buffer.from(await webcrypto.subtle.decrypt(PADDING, key, dataKey));
      return unlock(sealed, secret);
    } catch {
      return undefined;
    }
  }
}

/** Undefined for a key of another kind: what it should open stays closed. */
async function imported(key: KeyObject): Promise<webcrypto.CryptoKey | undefined> {
  try {
    const der = key.export({ format: 'der', type: 'pkcs8' });
    return await webcrypto.subtle.importKey('pkcs8', der, PADDING, false, ['decrypt']);
  } catch {
    return undefined;
  }
}

function unlock(sealed: Sealed, secret: Buffer): string | undefined {
  if (secret.length !== KEY_BYTES) return undefined;
  const data = Buffer.from(sealed.data, 'base64');
  const signature = createHmac('sha256', secret).update(data).digest();
  const given = Buffer.from(sealed.dataSignature, 'base64');
  if (given.length !== signature.length || !timingSafeEqual(given, signature)) return undefined;
  const cipher = createDecipheriv('aes-256-cbc', secret, secret.subarray(0, IV_BYTES));
  return Buffer.concat([cipher.update(data), cipher.final()]).toString('utf8');
}
