import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock } from '../virtual-clock.ts';
import { entraControlApi } from './control-api.ts';
import { createEntraEmulator, type EntraEmulator } from './entra.ts';
import { isRecord, parseJson, type JsonRecord } from './json-body.ts';
import { signJwt } from './jwt.ts';
import { parseApp } from './registration.ts';

const START = Date.UTC(2026, 10, 24, 8);
const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT = 'bbbbbbbb-0000-4000-8000-000000000001';
const BASE = 'https://login.example';
const ISSUER = 'https://oidc.example/cluster/';
const SUBJECT = 'system:serviceaccount:contact-centre:lockstep';
const AUDIENCE = 'api://AzureADTokenExchange';

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString();

function entraWith(federatedCredentials: readonly object[]): EntraEmulator {
  return createEntraEmulator({
    clock: virtualClock(START),
    random: seededRandom(1),
    baseUrl: BASE,
    tenantId: TENANT,
    apps: [parseApp({ clientId: CLIENT, roles: ['Presence.Read.All'], federatedCredentials })],
  });
}

const TRUST = { issuer: ISSUER, subject: SUBJECT, keys: [PEM] };

function assertion(change: JsonRecord = {}, key = ours.privateKey, alg = 'RS256'): string {
  const claims = { iss: ISSUER, sub: SUBJECT, aud: [AUDIENCE], exp: START / 1000 + 600 };
  return signJwt({ alg, typ: 'JWT', kid: 'of-the-issuer' }, { ...claims, ...change }, key);
}

/** `200`, or the refusal in short. */
async function answerTo(entra: EntraEmulator, jwt: string): Promise<string> {
  const { status, body } = await entra.exchange({
    method: 'POST',
    url: `${BASE}/${TENANT}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT,
      scope: 'https://graph.microsoft.com/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
    }).toString(),
  });
  const answer = parseJson(body);
  if (!isRecord(answer)) return 'no JSON';
  return status === 200
    ? '200'
    : `${status} ${String(answer['error'])} ${String(answer['error_codes'])}`;
}

describe('federated credentials', () => {
  it('take the assertion of a trusted issuer, as often as it is shown until it ends', async () => {
    const entra = entraWith([TRUST]);
    const jwt = assertion();
    assert.equal(await answerTo(entra, jwt), '200');
    assert.equal(await answerTo(entra, jwt), '200');
    assert.equal(await answerTo(entra, assertion({ aud: AUDIENCE })), '200');
    const old = assertion({ exp: START / 1000 - 301 });
    assert.equal(await answerTo(entra, old), '401 invalid_client 700024');
    const early = assertion({ nbf: START / 1000 + 301 });
    assert.equal(await answerTo(entra, early), '401 invalid_client 700024');
  });

  it('refuse what does not match, each with its own code', async () => {
    const entra = entraWith([TRUST]);
    const cases: readonly (readonly [JsonRecord, string])[] = [
      [{ iss: ISSUER.slice(0, -1) }, '401 invalid_client 700211'],
      [{ aud: 'https://graph.microsoft.com' }, '401 invalid_client 700212'],
      [{ sub: `${SUBJECT}-other` }, '401 invalid_client 700213'],
      [{ sub: SUBJECT.toUpperCase() }, '401 invalid_client 7002138'],
      [{ sub: undefined }, '401 invalid_client 50027'],
      [{ exp: undefined }, '401 invalid_client 50027'],
    ];
    for (const [change, refusal] of cases) {
      assert.equal(await answerTo(entra, assertion(change)), refusal, JSON.stringify(change));
    }
    const forged = assertion({}, foreign.privateKey);
    assert.equal(await answerTo(entra, forged), '401 invalid_client 700027');
    const otherAlgorithm = assertion({}, ours.privateKey, 'PS256');
    assert.equal(await answerTo(entra, otherAlgorithm), '401 invalid_client 50027');
    assert.equal(await answerTo(entraWith([]), assertion()), '400 invalid_request 70021');
  });

  it('are changed while it runs, survive other changes, and show no keys', async () => {
    const entra = entraWith([]);
    entra.control.apps.change(CLIENT, { federatedCredentials: [TRUST] });
    entra.control.apps.change(CLIENT, { displayName: 'renamed' });
    assert.equal(await answerTo(entra, assertion()), '200');
    const call = { method: 'GET', path: ['apps'], query: new URLSearchParams(), body: {} };
    const shown = JSON.stringify(entraControlApi(entra, call).body);
    assert.match(shown, /"subject":"system:serviceaccount/);
    assert.doesNotMatch(shown, /PUBLIC KEY/);
    assert.throws(() => entraWith([{ ...TRUST, keys: ['x'] }]), /federatedCredentials\.keys.*PEM/);
    assert.throws(() => entraWith([{ issuer: ISSUER }]), /subject: missing/);
  });
});
