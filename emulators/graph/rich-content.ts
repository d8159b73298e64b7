/**
 * The resource data of a notification, encrypted for the subscription's certificate.
 * https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data
 * A new symmetric key for each item; it is wrapped with RSA-OAEP (SHA-1), signs the data by
 * HMAC-SHA256, and encrypts it by AES-256-CBC with its own first 16 bytes as the vector.
 */
import { constants, createCipheriv, createHmac, publicEncrypt } from 'node:crypto';
import type { Random } from '../../src/lib/random.ts';
import type { EncryptionKey } from './subscription.ts';

interface EncryptedContent {
  readonly data: string;
  readonly dataKey: string;
  readonly dataSignature: string;
  readonly encryptionCertificateId: string;
  readonly encryptionCertificateThumbprint: string;
}

/** F35: what is wrong with an item. `replayed_key` uses the symmetric key of the item before. */
export const CORRUPTIONS = ['signature', 'data', 'key', 'padding', 'replayed_key'] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

export interface Encryptor {
  encrypt(text: string, key: EncryptionKey, corruption?: Corruption): EncryptedContent;
}

const KEY_BYTES = 32;
const IV_BYTES = 16;

export function createEncryptor(random: Random): Encryptor {
  let last: Buffer | undefined;
  return {
    encrypt(text, key, corruption): EncryptedContent {
      const isReplay = corruption === 'replayed_key' && last !== undefined;
      const secret = isReplay && last !== undefined ? last : freshKey(random);
      last = secret;
      const data = encrypted(text, secret, corruption);
      const signature = createHmac('sha256', secret).update(data).digest();
      const { certificate, id } = key;
      // The default padding of OAEP in Node takes SHA-1 for both of its hashes, as Graph does.
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const wrapped = publicEncrypt({ key: certificate.publicKey, padding }, secret);
      return {
        data: spoilt(data, corruption === 'data').toString('base64'),
        dataKey: spoilt(wrapped, corruption === 'key').toString('base64'),
        dataSignature: spoilt(signature, corruption === 'signature').toString('base64'),
        encryptionCertificateId: id,
        encryptionCertificateThumbprint: certificate.fingerprint.replaceAll(':', ''),
      };
    },
  };
}

function freshKey(random: Random): Buffer {
  return Buffer.from(Array.from({ length: KEY_BYTES }, () => Math.floor(random.next() * 256)));
}

function encrypted(text: string, secret: Buffer, corruption: Corruption | undefined): Buffer {
  const cipher = createCipheriv('aes-256-cbc', secret, secret.subarray(0, IV_BYTES));
  if (corruption !== 'padding') return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  // Whole blocks whose last byte is no length of a padding, under a signature that holds.
  cipher.setAutoPadding(false);
  const plain = Buffer.from(text, 'utf8');
  const size = Math.ceil((plain.length + 1) / IV_BYTES) * IV_BYTES;
  const padded = Buffer.concat([plain, Buffer.alloc(size - plain.length, 0xff)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]);
}

function spoilt(bytes: Buffer, really: boolean): Buffer {
  if (!really) return bytes;
  const copy = Buffer.from(bytes);
  const at = Math.floor(copy.length / 2);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
