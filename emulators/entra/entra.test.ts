import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID, X509Certificate, type KeyObject } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import type { HttpResponse } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { EntraOptions } from './entra-routes.ts';
import { createEntraEmulator, type EntraEmulator } from './entra.ts';
import { isRecord, type JsonRecord } from './json-body.ts';
import { signJwt } from './jwt.ts';
import { principalOf } from './registration.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import { selfSignedCertificate } from './self-signed.ts';

const START = Date.UTC(2026, 10, 24, 8);
const HOUR = 3_600_000;
const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT = 'bbbbbbbb-0000-4000-8000-000000000001';
const BASE = 'https://login.example';
const TOKEN_URL = `${BASE}/${TENANT}/oauth2/v2.0/token`;

interface World {
  readonly clock: VirtualClock;
  readonly entra: EntraEmulator;
}

function world(options: Partial<EntraOptions> = {}): World {
  const clock = virtualClock(START);
  const entra = createEntraEmulator({
    clock,
    random: seededRandom(1),
    baseUrl: BASE,
    tenantId: TENANT,
    apps: [
      {
        clientId: CLIENT,
        secrets: [{ value: 'old', expiresAt: START + HOUR }, { value: 'new' }],
        roles: ['Presence.Read.All'],
        requestedRoles: ['Presence.ReadWrite.All'],
        redirectUris: ['http://localhost/consented'],
      },
    ],
    ...options,
  });
  return { clock, entra };
}

function ask(
  entra: EntraEmulator,
  change: Readonly<Record<string, string>> = {},
  url = TOKEN_URL,
): Promise<HttpResponse> {
  const form = {
    grant_type: 'client_credentials',
    client_id: CLIENT,
    scope: 'https://graph.microsoft.com/.default',
    ...(change['client_assertion'] === undefined ? { client_secret: 'new' } : {}),
    ...change,
  };
  return entra.exchange({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

function bodyOf(response: HttpResponse): JsonRecord {
  const body: unknown = JSON.parse(response.body);
  if (!isRecord(body)) throw new Error('no JSON object');
  return body;
}

async function codeOf(answer: Promise<HttpResponse>): Promise<unknown> {
  const response = await answer;
  const body = bodyOf(response);
  assert.ok(response.status === 400 || response.status === 401);
  assert.match(String(body['error_description']), /^AADSTS\d+: .*Trace ID: .* Timestamp: /u);
  return `${response.status} ${String(body['error'])} ${String(body['error_codes'])}`;
}

async function tokenOf(answer: Promise<HttpResponse>): Promise<string> {
  const response = await answer;
  assert.equal(response.status, 200, response.body);
  return String(bodyOf(response)['access_token']);
}

describe('token endpoint', () => {
  it('issues a token by secret that names the roles of the app', async () => {
    const { entra } = world();
    const body = bodyOf(await ask(entra));
    assert.equal(body['token_type'], 'Bearer');
    assert.equal(body['expires_in'], 3599);
    const check = entra.checkToken(String(body['access_token']));
    assert.ok(check.kind === 'good');
    assert.deepEqual(check.claims.roles, ['Presence.Read.All']);
    assert.equal(check.claims.aud, 'https://graph.microsoft.com');
    assert.equal(check.claims.appid, CLIENT);
  });

  it('issues a token even without any role', async () => {
    const { entra } = world();
    entra.control.apps.change(CLIENT, { roles: [] });
    const check = entra.checkToken(await tokenOf(ask(entra)));
    assert.ok(check.kind === 'good' && check.claims.roles.length === 0);
  });

  it('refuses with the documented codes', async () => {
    const { entra, clock } = world();
    const wrong = '400 unauthorized_client 700016';
    assert.equal(await codeOf(ask(entra, { client_id: 'nobody' })), wrong);
    const secret = '401 invalid_client 7000215';
    assert.equal(await codeOf(ask(entra, { client_secret: 'guess' })), secret);
    const elsewhere = `${BASE}/elsewhere/oauth2/v2.0/token`;
    assert.equal(await codeOf(ask(entra, {}, elsewhere)), '400 invalid_request 90002');
    const scope = { scope: 'https://graph.microsoft.com/Presence.Read.All' };
    assert.equal(await codeOf(ask(entra, scope)), '400 invalid_scope 1002012');
    const resource = { scope: 'https://other.example/.default' };
    assert.equal(await codeOf(ask(entra, resource)), '400 invalid_resource 500011');
    const grant = { grant_type: 'password' };
    assert.equal(await codeOf(ask(entra, grant)), '400 unsupported_grant_type 70003');
    await tokenOf(ask(entra, { client_secret: 'old' }));
    clock.advance(HOUR);
    const expired = '401 invalid_client 7000222';
    assert.equal(await codeOf(ask(entra, { client_secret: 'old' })), expired);
    entra.control.apps.change(CLIENT, { disabled: true });
    assert.equal(await codeOf(ask(entra)), '400 unauthorized_client 7000112');
  });

  it('lets a token expire, and refuses it at once after a revocation', async () => {
    const { entra, clock } = world({ tokenLifetimeMs: 60_000 });
    const first = await tokenOf(ask(entra));
    entra.control.revoke(CLIENT);
    const second = await tokenOf(ask(entra));
    assert.deepEqual(entra.checkToken(first), { kind: 'bad', why: 'revoked' });
    assert.equal(entra.checkToken(second).kind, 'good');
    clock.advance(60_000);
    assert.deepEqual(entra.checkToken(second), { kind: 'bad', why: 'expired' });
    assert.equal(entra.checkToken('made up').kind, 'bad');
  });

  it('keeps a bounded log without secrets', async () => {
    const { entra } = world();
    await ask(entra, { client_secret: 'guess' });
    const [entry] = entra.control.requestLog.since();
    assert.equal(entry?.code, 7_000_215);
    assert.ok(!JSON.stringify(entry).includes('guess'));
  });
});

describe('certificate credentials', () => {
  let keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  let pem: string;
  before(() => {
    keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const life = { notBefore: START - HOUR, notAfter: START + 24 * HOUR };
    pem = selfSignedCertificate({ commonName: 'emulated', ...keys, ...life });
  });

  const certified = (options: Partial<EntraOptions> = {}): World => {
    const made = world(options);
    made.entra.control.apps.change(CLIENT, { certificates: [pem] });
    return made;
  };
  const header = (alg: 'PS256' | 'RS256'): JsonRecord => {
    const certificate = new X509Certificate(pem);
    const digest = (print: string): string =>
      Buffer.from(print.replaceAll(':', ''), 'hex').toString('base64url');
    const thumbprint =
      alg === 'PS256'
        ? { 'x5t#S256': digest(certificate.fingerprint256) }
        : { x5t: digest(certificate.fingerprint) };
    return { alg, typ: 'JWT', ...thumbprint };
  };
  const claims = (change: JsonRecord = {}): JsonRecord => ({
    aud: TOKEN_URL,
    iss: CLIENT,
    sub: CLIENT,
    jti: randomUUID(),
    nbf: START / 1000,
    exp: START / 1000 + 600,
    ...change,
  });
  const present = (entra: EntraEmulator, assertion: string): Promise<HttpResponse> =>
    ask(entra, {
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });

  it('makes certificates that X.509 readers accept', () => {
    const certificate = new X509Certificate(pem);
    assert.equal(certificate.subject, 'CN=emulated');
    assert.equal(Date.parse(certificate.validTo), START + 24 * HOUR);
    assert.ok(certificate.verify(keys.publicKey));
    const far = { notBefore: START, notAfter: Date.UTC(2055, 0, 1) };
    const old = new X509Certificate(selfSignedCertificate({ commonName: 'far', ...keys, ...far }));
    assert.equal(Date.parse(old.validTo), far.notAfter);
  });

  it('takes PS256 with x5t#S256 and RS256 with x5t', async () => {
    const { entra } = certified();
    for (const alg of ['PS256', 'RS256'] as const) {
      const assertion = signJwt(header(alg), claims(), keys.privateKey);
      assert.equal(entra.checkToken(await tokenOf(present(entra, assertion))).kind, 'good');
    }
  });

  it('refuses what is not proved', async () => {
    const { entra } = certified();
    const refused = (change: JsonRecord, head = header('PS256')): Promise<unknown> =>
      codeOf(present(entra, signJwt(head, claims(change), keys.privateKey)));
    assert.equal(await refused({ aud: `${BASE}/other` }), '401 invalid_client 700023');
    assert.equal(await refused({ iss: 'other' }), '401 invalid_client 700021');
    assert.equal(await refused({ sub: 'other' }), '401 invalid_client 700021');
    assert.equal(await refused({ exp: START / 1000 - 600 }), '401 invalid_client 700024');
    assert.equal(await refused({ jti: undefined }), '401 invalid_client 50027');
    const unknown = { alg: 'PS256', typ: 'JWT', 'x5t#S256': 'other' };
    assert.equal(await refused({}, unknown), '401 invalid_client 700027');
    const sha1Only = { ...header('RS256'), alg: 'PS256' };
    assert.equal(await refused({}, sha1Only), '401 invalid_client 700027');
    const [head, , tail] = signJwt(header('PS256'), claims(), keys.privateKey).split('.');
    const body = Buffer.from(JSON.stringify(claims())).toString('base64url');
    const forged = present(entra, `${head}.${body}.${tail}`);
    assert.equal(await codeOf(forged), '401 invalid_client 700027');
  });

  it('refuses an expired certificate and a replayed assertion', async () => {
    const { entra, clock } = certified();
    const assertion = signJwt(header('PS256'), claims(), keys.privateKey);
    await tokenOf(present(entra, assertion));
    assert.equal(await codeOf(present(entra, assertion)), '401 invalid_client 700027');
    clock.advance(24 * HOUR);
    const later = claims({ nbf: clock.now() / 1000, exp: clock.now() / 1000 + 600 });
    const late = signJwt(header('PS256'), later, keys.privateKey);
    assert.equal(await codeOf(present(entra, late)), '401 invalid_client 700027');
    const lenient = certified({ assertionReplay: 'allow' }).entra;
    await tokenOf(present(lenient, assertion));
    await tokenOf(present(lenient, assertion));
  });

  it('signs real tokens that its key set verifies', async () => {
    const { entra } = world({ signing: { kind: 'rs256', privateKey: keys.privateKey } });
    const token = await tokenOf(ask(entra));
    const configuration = await entra.exchange({
      method: 'GET',
      url: `${BASE}/${TENANT}/v2.0/.well-known/openid-configuration`,
      headers: {},
    });
    const url = String(bodyOf(configuration)['jwks_uri']);
    const keySet = await entra.exchange({ method: 'GET', url, headers: {} });
    const jwks: JSONWebKeySet = { keys: [], ...bodyOf(keySet) };
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      audience: 'https://graph.microsoft.com',
      issuer: `https://sts.windows.net/${TENANT}/`,
      currentDate: new Date(START),
    });
    assert.equal(payload['appid'], CLIENT);
    assert.equal(payload['oid'], principalOf(CLIENT));
    assert.equal(payload['appidacr'], '1');
    assert.ok(token.length > 1_200 && token.length < 3_000, `${token.length} characters`);
    assert.equal(entra.checkToken(token).kind, 'good');
    const bent = `${token.slice(0, -4)}AAAA`;
    assert.deepEqual(entra.checkToken(bent), { kind: 'bad', why: 'signature' });
  });
});

describe('administrator consent', () => {
  const consent = (entra: EntraEmulator, redirect: string): Promise<HttpResponse> => {
    const query = new URLSearchParams({ client_id: CLIENT, state: 's1', redirect_uri: redirect });
    const url = `${BASE}/${TENANT}/adminconsent?${query.toString()}`;
    return entra.exchange({ method: 'GET', url, headers: {} });
  };

  it('redirects back and grants what the app asks for', async () => {
    const { entra } = world();
    const { status, headers } = await consent(entra, 'http://localhost/consented');
    assert.equal(status, 302);
    const target = new URL(headers['location'] ?? '');
    assert.equal(target.searchParams.get('admin_consent'), 'True');
    assert.equal(target.searchParams.get('tenant'), TENANT);
    assert.equal(target.searchParams.get('state'), 's1');
    const roles = entra.control.apps.get(CLIENT)?.roles;
    assert.deepEqual(roles, ['Presence.Read.All', 'Presence.ReadWrite.All']);
  });

  it('carries admin_consent=True even when the administrator says no', async () => {
    const { entra } = world();
    entra.control.setConsent('denied');
    const { headers } = await consent(entra, 'http://localhost/consented');
    const target = new URL(headers['location'] ?? '');
    assert.equal(target.searchParams.get('error'), 'permission_denied');
    assert.equal(target.searchParams.get('admin_consent'), 'True');
    assert.deepEqual(entra.control.apps.get(CLIENT)?.roles, ['Presence.Read.All']);
  });

  it('never redirects to an address that is not registered', async () => {
    const { entra } = world();
    const { status } = await consent(entra, 'http://localhost/elsewhere');
    assert.equal(status, 400);
  });
});
