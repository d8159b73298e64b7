import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError } from '../connector.ts';
import { readAssertion } from './federated.ts';
import type { FederatedCredential } from './options.ts';
import { readyCredential, sameCredential } from './options.ts';

const NOW = Date.UTC(2026, 0, 5, 8);
const PATH = '/var/run/secrets/tokens/lockstep';

function assertionUntil(endsAt: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ exp: endsAt / 1_000 })}.canary-signature`;
}

function credentialFor(read: FederatedCredential['read']): FederatedCredential {
  const ready = readyCredential('read.credential', { assertion: { file: PATH, read } });
  return ready.kind === 'assertion' ? ready : assert.fail('another kind');
}

function refusal(content: string): ConnectorError {
  try {
    readAssertion(
      credentialFor(() => ({ ok: true, value: content })),
      NOW,
    );
  } catch (error) {
    assert.ok(error instanceof ConnectorError);
    return error;
  }
  return assert.fail(`accepted ${content}`);
}

describe('the assertion of a federated credential', () => {
  it('is read anew each time, without what an editor puts around it', () => {
    let content = `${assertionUntil(NOW + 60_000)}\n`;
    const credential = credentialFor(() => ({ ok: true, value: content }));
    assert.deepEqual(readAssertion(credential, NOW), {
      text: assertionUntil(NOW + 60_000),
      endsAt: NOW + 60_000,
    });
    content = assertionUntil(NOW + 120_000);
    assert.equal(readAssertion(credential, NOW).endsAt, NOW + 120_000);
  });

  it('names field, path and fix when the file cannot be used, and none of its content', () => {
    const missing = credentialFor(() => ({
      ok: false,
      problem: { message: 'points to a file that does not exist', fix: 'create it' },
    }));
    assert.throws(
      () => readAssertion(missing, NOW),
      (error) =>
        error instanceof ConnectorError &&
        error.code === 'TEAMS_ASSERTION_FILE' &&
        error.message ===
          `teams.read.credential.assertion is "${PATH}" and points to a file that does not exist` &&
        error.fix.startsWith('Create it. See'),
    );
    const expired = refusal(assertionUntil(NOW - 5 * 60_000));
    assert.equal(expired.code, 'TEAMS_ASSERTION_EXPIRED');
    assert.match(expired.message, /read\.credential\.assertion.*expired 5 minutes ago/);
    assert.equal(refusal(assertionUntil(NOW)).code, 'TEAMS_ASSERTION_EXPIRED');
    const noEnd = `e30.${Buffer.from('{"sub":"canary"}').toString('base64url')}.canary`;
    for (const content of ['canary', 'a.b.c', noEnd, `${assertionUntil(NOW + 1e6)}\ncanary`]) {
      const error = refusal(content);
      assert.equal(error.code, 'TEAMS_ASSERTION_UNREADABLE');
      assert.doesNotMatch(error.message + error.fix, /canary/);
    }
  });

  it('is the same credential as long as its path is', () => {
    const read = (): ReturnType<FederatedCredential['read']> => ({ ok: true, value: 'x' });
    const other = readyCredential('credential', { assertion: { file: '/other', read } });
    assert.ok(sameCredential(credentialFor(read), credentialFor(read)));
    assert.ok(!sameCredential(credentialFor(read), other));
    assert.ok(
      !sameCredential(credentialFor(read), readyCredential('credential', { secret: PATH })),
    );
  });
});
