import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import { createEntraEmulator, type EntraEmulator } from './entra.ts';
import { isRecord, parseJson, type JsonRecord } from './json-body.ts';

const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT = 'bbbbbbbb-0000-4000-8000-000000000001';
const OTHER = 'bbbbbbbb-0000-4000-8000-000000000002';
const BASE = 'https://login.example';
const ACCOUNT = {
  id: 'dddddddd-0000-4000-8000-000000000001',
  userPrincipalName: 'presence@emulated.example',
  refreshTokens: [{ clientId: CLIENT, value: 'given' }],
};
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface World {
  readonly clock: VirtualClock;
  readonly entra: EntraEmulator;
  readonly post: (path: string, form: Readonly<Record<string, string>>) => Promise<JsonRecord>;
}

function world(): World {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 8));
  const secrets = [{ value: 'secret' }];
  const entra = createEntraEmulator({
    clock,
    random: seededRandom(1),
    baseUrl: BASE,
    tenantId: TENANT,
    apps: [
      { clientId: CLIENT, secrets, roles: ['Presence.ReadWrite.All'] },
      { clientId: OTHER, secrets },
    ],
    accounts: [ACCOUNT],
  });
  const post: World['post'] = async (path, form) => {
    const proof = path === 'token' && !('client_secret' in form) ? { client_secret: 'secret' } : {};
    const body = new URLSearchParams({ client_id: CLIENT, ...proof, ...form }).toString();
    const url = `${BASE}/${TENANT}/oauth2/v2.0/${path}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await entra.exchange({ method: 'POST', url, headers, body });
    const json = parseJson(answer.body);
    return { status: answer.status, ...(isRecord(json) ? json : {}) };
  };
  return { clock, entra, post };
}

function refresh(token: unknown): Readonly<Record<string, string>> {
  return { grant_type: 'refresh_token', refresh_token: String(token) };
}

function refusalOf(answer: JsonRecord): string {
  return `${String(answer['status'])} ${String(answer['error'])} ${String(answer['error_codes'])}`;
}

async function get(entra: EntraEmulator, path: string): Promise<HttpResponse> {
  return entra.exchange({ method: 'GET', url: `${BASE}/${path}`, headers: {} });
}

describe('device codes', () => {
  const scope = 'https://graph.microsoft.com/Presence.Read.All offline_access';

  it('are pending until a person agrees, and are redeemed once', async () => {
    const { entra, post } = world();
    const started = await post('devicecode', { scope });
    assert.equal(started['interval'], 5);
    assert.equal(started['expires_in'], 900);
    const grant = { grant_type: DEVICE_GRANT, device_code: String(started['device_code']) };
    assert.equal(refusalOf(await post('token', grant)), '400 authorization_pending 70016');
    const userCode = String(started['user_code']);
    assert.deepEqual(entra.control.accounts.waitingCodes(), [{ userCode, clientId: CLIENT }]);
    entra.control.accounts.approve(userCode, ACCOUNT.userPrincipalName);
    const foreign = { ...grant, client_id: OTHER };
    assert.equal(refusalOf(await post('token', foreign)), '400 bad_verification_code 70018');
    const tokens = await post('token', grant);
    assert.equal(tokens['status'], 200);
    assert.equal(tokens['scope'], 'https://graph.microsoft.com/Presence.Read.All');
    assert.equal(typeof tokens['refresh_token'], 'string');
    const check = entra.checkToken(String(tokens['access_token']));
    assert.ok(check.kind === 'good');
    const { scp, oid, upn, appid, roles } = check.claims;
    assert.deepEqual(
      { scp, oid, upn, appid, roles },
      {
        scp: 'Presence.Read.All',
        oid: ACCOUNT.id,
        upn: ACCOUNT.userPrincipalName,
        appid: CLIENT,
        roles: [],
      },
    );
    assert.equal(refusalOf(await post('token', grant)), '400 bad_verification_code 70018');
  });

  it('are declined, expire, and give no refresh token that was not asked for', async () => {
    const { entra, post, clock } = world();
    const start = async (asked: string): Promise<readonly [string, Record<string, string>]> => {
      const started = await post('devicecode', { scope: asked });
      const grant = { grant_type: DEVICE_GRANT, device_code: String(started['device_code']) };
      return [String(started['user_code']), grant];
    };
    const [declined, first] = await start(scope);
    entra.control.accounts.decline(declined);
    assert.equal(refusalOf(await post('token', first)), '400 authorization_declined 65004');
    const [online, second] = await start('Presence.Read.All');
    entra.control.accounts.approve(online, ACCOUNT.id);
    assert.equal((await post('token', second))['refresh_token'], undefined);
    const [late, third] = await start(scope);
    clock.advance(900_000);
    assert.equal(refusalOf(await post('token', third)), '400 expired_token 70019');
    assert.throws(() => entra.control.accounts.approve(late, ACCOUNT.id), /is not open/u);
  });

  it('need a known client, one resource, and the consent of the person', async () => {
    const { entra, post } = world();
    const ask = async (form: Readonly<Record<string, string>>): Promise<string> =>
      refusalOf(await post('devicecode', form));
    assert.equal(await ask({ scope, client_id: 'nobody' }), '400 unauthorized_client 700016');
    assert.equal(await ask({ scope: 'offline_access' }), '400 invalid_scope 1002012');
    const two = 'https://graph.microsoft.com/A https://other.example/B';
    assert.equal(await ask({ scope: two }), '400 invalid_scope 1002012');
    assert.equal(await ask({}), '400 invalid_request 900144');
    const started = await post('devicecode', { scope: 'Mail.Read' });
    entra.control.accounts.approve(String(started['user_code']), ACCOUNT.id);
    const grant = { grant_type: DEVICE_GRANT, device_code: String(started['device_code']) };
    assert.equal(refusalOf(await post('token', grant)), '400 invalid_grant 65001');
  });
});

describe('refresh tokens', () => {
  it('rotate, and the old one keeps working', async () => {
    const { post } = world();
    const first = await post('token', refresh('given'));
    const second = await post('token', refresh(first['refresh_token']));
    assert.equal(second['status'], 200);
    assert.notEqual(first['refresh_token'], second['refresh_token']);
    assert.equal((await post('token', refresh('given')))['status'], 200);
  });

  it('are given out by control, and refused after a revocation', async () => {
    const { entra, post } = world();
    const token = entra.control.accounts.signIn(ACCOUNT.id, CLIENT);
    entra.control.accounts.revoke(ACCOUNT.id);
    assert.equal(refusalOf(await post('token', refresh(token))), '400 invalid_grant 50173');
    assert.equal(refusalOf(await post('token', refresh('given'))), '400 invalid_grant 50173');
    const fresh = entra.control.accounts.signIn(ACCOUNT.id, CLIENT);
    assert.equal((await post('token', refresh(fresh)))['status'], 200);
    entra.control.reset();
    assert.equal((await post('token', refresh('given')))['status'], 200);
    assert.equal(refusalOf(await post('token', refresh(fresh))), '400 invalid_grant 9002313');
  });

  it('are refused unknown, foreign, after 90 days, and to a disabled account', async () => {
    const { entra, post, clock } = world();
    assert.equal(refusalOf(await post('token', refresh('made up'))), '400 invalid_grant 9002313');
    const foreign = { ...refresh('given'), client_id: OTHER };
    assert.equal(refusalOf(await post('token', foreign)), '400 invalid_grant 70000');
    entra.control.accounts.put({ ...ACCOUNT, disabled: true });
    assert.equal(refusalOf(await post('token', refresh('given'))), '400 invalid_grant 50057');
    clock.advance(90 * 86_400_000);
    assert.equal(refusalOf(await post('token', refresh('given'))), '400 invalid_grant 700082');
  });

  it('need the proof of the application', async () => {
    const { post } = world();
    const wrong = { ...refresh('given'), client_secret: 'guess' };
    assert.equal(refusalOf(await post('token', wrong)), '401 invalid_client 7000215');
  });
});

describe('what is the same for every tenant', () => {
  it('names the keys without a tenant, and nothing else', async () => {
    const { entra } = world();
    for (const [path, keys] of [
      ['common/.well-known/openid-configuration', `${BASE}/common/discovery/keys`],
      ['common/v2.0/.well-known/openid-configuration', `${BASE}/common/discovery/v2.0/keys`],
      [`${TENANT}/v2.0/.well-known/openid-configuration`, `${BASE}/${TENANT}/discovery/v2.0/keys`],
    ] as const) {
      const { status, body } = await get(entra, path);
      const json = parseJson(body);
      assert.deepEqual([status, isRecord(json) ? json['jwks_uri'] : ''], [200, keys]);
    }
    assert.match((await get(entra, 'common/discovery/keys')).body, /"kty":"RSA"/u);
    assert.equal((await get(entra, 'common/adminconsent')).status, 400);
  });
});
