import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { createLog } from '../telemetry/log.ts';
import { loadConfig } from './load.ts';
import { memoryIo } from './memory-io.ts';
import { createRedactor, secretsOf } from './redact.ts';

const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCcanaryKEY';
const PEM = `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----\n`;
const PASSWORD = 'c4nary/pass "word"';

const YAML = `
tenant: { id: main, name: Main }
five9: { username: u@example.com, password: { file: p } }
teams:
  tenantId: 11111111-2222-3333-4444-555555555555
  clientId: 11111111-2222-3333-4444-555555555555
  credential: { certificate: c, privateKey: { file: k } }
`;

void describe('planted secrets', () => {
  void it('never appear in the log, however they get there', () => {
    const files = { 'l.yaml': YAML, p: PASSWORD, k: PEM, c: '-----BEGIN CERTIFICATE-----' };
    const result = loadConfig('l.yaml', memoryIo(files));
    assert.ok(result.ok);
    const { config } = result;
    let written = '';
    const log = createLog({
      level: 'info',
      clock: { now: () => 0, monotonic: () => 0 },
      redactor: createRedactor(secretsOf(config)),
      destination: {
        write: (line): void => {
          written += line;
        },
      },
    });
    const body = JSON.stringify({ passwordCredentials: { username: 'u', password: PASSWORD } });
    log.info(`sent ${PASSWORD}`, { config, io: files });
    log.warn('request failed', { error: new Error(body, { cause: new Error(PEM) }), body });
    log.error('odd', {
      [PASSWORD]: [PEM, KEY_LINE],
      header: `Basic ${Buffer.from(`u:${PASSWORD}`).toString('base64')}`,
      url: `https://u:${encodeURIComponent(PASSWORD)}@app.five9.com/?p=${encodeURIComponent(PASSWORD)}`,
      form: new URLSearchParams({ client_assertion: 'eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln' }),
      text: String(new URLSearchParams({ client_assertion: 'eyJhbGciOiJQUzI1NiJ9.c4nary' })),
    });
    assert.equal(written.split('\n').length, 4);
    for (const leak of ['c4nary', 'canaryKEY', 'YzRuYXJ5', 'dTpjNG', 'eyJhbG']) {
      assert.ok(!written.includes(leak), `${leak} in ${written}`);
    }
  });
});
