import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { selfSigned } from '../../kit/fixtures/self-signed.ts';
import { resolvePush, type PushOptions } from './options.ts';

const NOW = Date.UTC(2026, 0, 5);
const made = (kind: 'ec' | 'rsa'): { certificate: string; privateKey: string } => {
  const pair = selfSigned({ name: 'x', notBefore: NOW, notAfter: NOW + 1e10, kind });
  return { certificate: pair.certificate, privateKey: pair.key };
};
const rsa = made('rsa');
const options = (more: Partial<PushOptions> = {}): PushOptions => ({
  url: 'https://hooks.test/l/',
  subscribers: [{ name: 'anna', refreshToken: () => undefined, keep: () => undefined }],
  content: () => rsa,
  ...more,
});

describe('the options of notifications', () => {
  it('are taken without the slash at the end, and may be left out', () => {
    assert.equal(resolvePush(undefined), undefined);
    assert.equal(resolvePush(options())?.url, 'https://hooks.test/l');
    assert.match(resolvePush(options())?.content()?.label ?? '', /^[0-9a-f]{64}$/);
  });

  it('are refused with an address that Graph would not post to, and no secret is told', () => {
    for (const url of ['http://hooks.test', 'x', '', 'https://a.test/?x=1', 'https://a.test/#x']) {
      assert.throws(() => resolvePush(options({ url })), /teams\.push\.url/, url);
    }
    const url = 'https://anna:canary@hooks.test/';
    assert.throws(
      () => resolvePush(options({ url })),
      (error: Error) => error.message.includes('push.url') && !error.message.includes('canary'),
    );
    assert.ok(resolvePush(options({ url: 'http://hooks.test', plainHttp: true })));
    assert.throws(() => resolvePush(options({ subscribers: [] })), /subscribers/);
  });

  it('are refused with a key that Graph cannot seal for, or that is another one', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const pair of [made('ec'), { ...rsa, privateKey: other }, { ...rsa, certificate: 'x' }]) {
      assert.throws(() => resolvePush(options({ content: () => pair })), /push\.certificate/);
    }
  });

  it('go on with the pair of before while the files are being exchanged', () => {
    let now: () => ReturnType<PushOptions['content']> = () => rsa;
    const setup = resolvePush(options({ content: () => now() }));
    const before = setup?.content()?.label;
    now = () => ({ ...rsa, privateKey: 'half' });
    assert.equal(setup?.content()?.label, before);
    now = () => assert.fail('the file is gone');
    assert.equal(setup?.content()?.label, before);
    now = () => made('rsa');
    assert.notEqual(setup?.content()?.label, before);
    now = () => undefined;
    assert.equal(setup?.content(), undefined);
  });
});
