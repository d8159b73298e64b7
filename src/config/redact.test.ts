import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { assert as holds, constantFrom, letrec, property, string, tuple } from 'fast-check';
import { createRedactor, secretsOf } from './redact.ts';
import { loadConfig } from './load.ts';
import { memoryIo } from './memory-io.ts';

const CANARY = 'c4nary "p\\ss"/ü';
const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n-----END PRIVATE KEY-----`;

void describe('redaction', () => {
  const { data, text } = createRedactor([CANARY, PEM]);

  void it('takes a known secret out of anything, in any of its forms', () => {
    const forms = [
      CANARY,
      JSON.stringify(CANARY),
      encodeURIComponent(CANARY),
      Buffer.from(CANARY).toString('base64'),
      Buffer.from(CANARY).toString('base64url'),
      PEM,
      PEM.replaceAll('\n', ' '),
    ];
    const parts = [CANARY, 'c4nary', 'YzRuYXJ5', 'MIIEvQ'];
    for (const form of forms) {
      const shown = [
        text(`before ${form} after`),
        JSON.stringify(data({ deep: [{ note: form }], [form]: 1, error: new Error(form) })),
        JSON.stringify(data(new Map([['k', new Set([form])]]))),
      ];
      for (const one of shown) {
        for (const part of parts) assert.ok(!one.includes(part), `${part} in ${one}`);
      }
    }
    assert.match(text(`before ${CANARY} after`), /^before \[secret\] after$/);
  });

  void it('takes out what nobody declared but everybody recognises', () => {
    const raw = 'x9Secret';
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4OVNlY3JldCJ9.x9Secretx9Secret';
    const inTexts = [
      `authorization: Bearer ${raw}${raw}`,
      `Authorization: Bearer-${raw}${raw}`,
      `got ${jwt}`,
      `client_secret=${raw}&scope=x`,
      `https://user:${raw}@app.five9.com/`,
      `-----BEGIN RSA PRIVATE KEY-----\n${raw}`,
    ];
    for (const one of inTexts) assert.doesNotMatch(text(one), /x9Secret|eyJhbG/, one);
    const keys = [
      'password',
      'clientSecret',
      'client_secret',
      'set-cookie',
      'Authorization',
      'accessToken',
      'private_key',
      'apiKey',
      'f9-sessionId',
      'passphrase',
    ];
    for (const key of keys) {
      for (const value of [raw, [raw], { raw }, 1234]) {
        assert.equal(JSON.stringify(data({ [key]: value })), JSON.stringify({ [key]: '[secret]' }));
      }
    }
  });

  void it('leaves measures and ordinary words alone', () => {
    const plain = {
      tokenAge: 3,
      credentialDays: 14,
      passed: true,
      tokenUrl: 'https://a.example',
      author: 'b',
      keys: ['c'],
      compass: 1,
    };
    assert.deepEqual(data(plain), plain);
    assert.equal(text('the bearer is here'), 'the bearer is here');
  });

  void it('ends and never throws, whatever it gets', () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle['self'] = [cycle];
    assert.deepEqual(data(cycle), { a: 1, self: ['…'] });
    const trap = {
      get bad(): string {
        throw new Error('no');
      },
    };
    const wide = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    let deep: unknown = 'x';
    for (let i = 0; i < 10_000; i += 1) deep = [deep];
    for (const odd of [
      cycle,
      trap,
      deep,
      undefined,
      null,
      Symbol('s'),
      () => 1,
      10n,
      Number.NaN,
      Buffer.from(CANARY),
      new Date(0),
      new Error('a', { cause: new Error(CANARY) }),
    ]) {
      assert.ok(!JSON.stringify(data(odd)).includes('c4nary'));
    }
    assert.ok(JSON.stringify(data(wide)).length < 100_000);
  });

  void it('does not leave the first half of a secret at a cut', () => {
    for (let pad = 8_150; pad <= 8_200; pad += 1) {
      assert.ok(
        !text(`${'-'.repeat(pad)}${CANARY}${'-'.repeat(100)}`).includes('c4n'),
        String(pad),
      );
    }
  });

  void it('holds for secrets planted anywhere', () => {
    const { tree } = letrec((tie) => ({
      tree: constantFrom<unknown>(CANARY, 1, 'x'),
      list: tuple(tie('tree'), tie('tree')),
    }));
    const planted = tuple(string(), tree, string()).map(([key, value, around]) => ({
      [key]: [value, { note: `${around}${CANARY}${around}`, err: new Error(`${around}${CANARY}`) }],
      [`${key}${CANARY}`]: value,
    }));
    holds(property(planted, (value) => !JSON.stringify(data(value)).includes('c4nary')));
  });
});

void describe('a printed configuration', () => {
  void it('shows everything but the secrets', () => {
    const yaml = `
tenant: { id: main, name: Main }
five9: { username: u@example.com, password: { file: p } }
teams:
  tenantId: 11111111-2222-3333-4444-555555555555
  clientId: 11111111-2222-3333-4444-555555555555
  credential: { secret: { env: S } }
`;
    const io = memoryIo({ 'l.yaml': yaml, p: 'five9-canary' }, { S: 'teams-canary' });
    const result = loadConfig('l.yaml', io);
    assert.ok(result.ok);
    assert.deepEqual(secretsOf(result.config), ['five9-canary', 'teams-canary']);
    const print = JSON.stringify(createRedactor(secretsOf(result.config)).data(result.config));
    assert.doesNotMatch(print, /canary/);
    assert.match(print, /"password":"\[secret from file p\]"/);
    assert.match(print, /"secret":"\[secret from environment S\]"/);
    assert.match(print, /"authorization":"probe"/);
    assert.match(print, /"username":"u@example.com"/);
  });
});
