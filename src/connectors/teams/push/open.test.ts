import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSealer } from './fixtures/graph-notices.ts';
import { Opener } from './open.ts';

const TEXT = '{"id":"a","availability":"Büsy"}';
const sealer = createSealer();

function opener(): Opener {
  const made = new Opener();
  made.learn(sealer.label, sealer.privateKey);
  return made;
}

function flipped(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
}

describe('sealed content', () => {
  it('is opened with the key that its label names, old and new alike', async () => {
    const next = createSealer('label-2', 3_072);
    const both = opener();
    both.learn(next.label, next.privateKey);

    assert.equal(await both.open(sealer.seal(TEXT)), TEXT);
    assert.equal(await both.open(next.seal(TEXT)), TEXT);
    assert.ok(both.knows('label-2') && !both.knows('label-3'));
  });

  it('gives nothing, whatever is wrong with it (D3)', async () => {
    const sealed = sealer.seal(TEXT);
    const other = createSealer('label-1');
    const wrong = {
      'the signature': { ...sealed, dataSignature: flipped(sealed.dataSignature, 0) },
      'a short signature': { ...sealed, dataSignature: 'AAAA' },
      'an empty signature': { ...sealed, dataSignature: '=' },
      'the data': { ...sealed, data: flipped(sealed.data, 3) },
      'cut data': { ...sealed, data: sealed.data.slice(0, 20) },
      'the wrapped key': { ...sealed, dataKey: flipped(sealed.dataKey, 9) },
      'a short wrapped key': { ...sealed, dataKey: 'AAAA' },
      'an unknown label': { ...sealed, encryptionCertificateId: 'label-9' },
      'another key under our label': other.seal(TEXT),
      'OAEP with SHA-256': sealer.seal(TEXT, { oaepHash: 'sha256' }),
      'PKCS 1 padding': sealer.seal(TEXT, { padding: constants.RSA_PKCS1_PADDING }),
      'a key of 16 bytes': sealer.seal(TEXT, { secret: randomBytes(16) }),
      'a key of 48 bytes': sealer.seal(TEXT, { secret: randomBytes(48) }),
    };

    for (const [what, each] of Object.entries(wrong)) {
      assert.equal(await opener().open(each), undefined, what);
    }
  });

  it('gives nothing for signed data that no cipher has made', async () => {
    const secret = randomBytes(32);
    const data = randomBytes(33);
    const sealed = {
      ...sealer.seal(TEXT, { secret }),
      data: data.toString('base64'),
      dataSignature: createHmac('sha256', secret).update(data).digest('base64'),
    };

    assert.equal(await opener().open(sealed), undefined);
  });

  it('stays closed under a key that cannot open anything, and nothing is left unhandled', async () => {
    const made = new Opener();
    made.learn('label-1', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    // An unhandled rejection would be told before this turn.
    await new Promise((resolve) => setImmediate(resolve));

    assert.equal(await made.open(sealer.seal(TEXT)), undefined);
  });
});
