import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError } from '../connector.ts';
import { selfSigned } from '../kit/fixtures/self-signed.ts';
import { OPTIONS, SECRET, TENANT } from './fixtures/scripted-graph.ts';
import { resolveOptions, teamsOrigins, type TeamsOptions } from './options.ts';

function refusal(options: object): ConnectorError {
  try {
    resolveOptions({ ...OPTIONS, ...options });
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error));
    return error;
  }
  return assert.fail(`accepted ${JSON.stringify(options)}`);
}

describe('the options of a Teams connection', () => {
  it('know the hosts of each cloud', () => {
    const hosts = (cloud: TeamsOptions['cloud']): readonly string[] =>
      teamsOrigins({ ...OPTIONS, cloud });
    assert.deepEqual(hosts('global'), [
      'https://login.microsoftonline.com',
      'https://graph.microsoft.com',
    ]);
    assert.deepEqual(hosts('usgov_l5'), [
      'https://login.microsoftonline.us',
      'https://dod-graph.microsoft.us',
    ]);
    const setup = resolveOptions({ ...OPTIONS, cloud: 'usgov_l4' });
    assert.equal(setup.scope, 'https://graph.microsoft.us/.default');
    assert.equal(setup.graphUrl, 'https://graph.microsoft.us/v1.0');
    assert.equal(setup.tokenUrl, `https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/token`);
  });

  it('let the hosts be replaced, but not the scope', () => {
    const graphUrl = 'http://127.0.0.1:8080/';
    const setup = resolveOptions({ ...OPTIONS, graphUrl });
    assert.equal(setup.graphUrl, 'http://127.0.0.1:8080/v1.0');
    assert.equal(setup.scope, 'https://graph.microsoft.com/.default');
  });

  it('name the field and the fix when a value is not usable', () => {
    const now = Date.UTC(2026, 0, 1);
    const time = { notBefore: now, notAfter: now + 1e10 };
    const pair = selfSigned({ name: 'a', kind: 'ec', ...time });
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ cloud: 'moon' }, /teams\.cloud.*"moon"/],
      [{ tenantId: '' }, /teams\.tenantId.*""/],
      [{ tenantId: 'a/b' }, /teams\.tenantId.*"a\/b"/],
      [{ clientId: 'a b' }, /teams\.clientId/],
      [{ graphUrl: 'graph' }, /teams\.graphUrl.*"graph"/],
      [{ loginUrl: 'ftp://x' }, /teams\.loginUrl/],
      [{ credential: { secret: '' } }, /teams\.credential\.secret/],
      [{ credential: { certificate: 'x', privateKey: pair.key } }, /credential\.certificate/],
      [
        { credential: { certificate: pair.certificate, privateKey: 'x' } },
        /credential\.privateKey/,
      ],
      [
        { credential: { certificate: pair.certificate, privateKey: pair.key } },
        /credential\.privateKey/,
      ],
      [{ nextCredential: { secret: '' } }, /teams\.nextCredential\.secret/],
      [{ readTimeoutMs: 5 }, /teams\.readTimeoutMs.*5/],
      [{ cadence: { hotMs: 0 } }, /teams\.cadence\.hotMs.*0/],
      [{ cadence: { batch: 1_000 } }, /teams\.cadence\.batch.*1000/],
    ];
    for (const [options, message] of cases) {
      const error = refusal(options);
      assert.match(error.message, message);
      assert.ok(error.fix.length > 10);
      assert.ok(!error.message.includes(pair.key), 'a private key in an error');
      assert.ok(!error.message.includes(SECRET), 'a secret in an error');
    }
  });
});
