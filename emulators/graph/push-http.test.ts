import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Exchange } from '../../src/lib/exchange.ts';
import { isRecord, isTextList, parseJson, type JsonRecord } from '../entra/json-body.ts';
import { decrypted, subscriptionFor } from './push-world.ts';
import { remoteActs, type RemoteActs } from './remote-acts.ts';
import { serveGraph, type ServedGraph } from './serve.ts';
import { APP, CLIENT, SECRET, TENANT, testUsers } from './test-world.ts';

const overHttp: Exchange = async ({ method, url, headers, body }) => {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
};

interface Receiver {
  readonly url: string;
  readonly server: Server;
  /** The next POST that was no handshake. */
  next(): Promise<JsonRecord>;
}

async function bodyText(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = incoming;
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function receiver(): Promise<Receiver> {
  const got: JsonRecord[] = [];
  const waiting: ((post: JsonRecord) => void)[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const token = url.searchParams.get('validationToken');
    void bodyText(incoming).then((text) => {
      if (token !== null) {
        outgoing.writeHead(200, { 'content-type': 'text/plain' }).end(token);
        return;
      }
      outgoing.writeHead(202).end();
      const json = parseJson(text);
      const post = isRecord(json) ? json : {};
      const first = waiting.shift();
      if (first === undefined) got.push(post);
      else first(post);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    next: () =>
      new Promise((resolve) => {
        const first = got.shift();
        if (first === undefined) waiting.push(resolve);
        else resolve(first);
      }),
  };
}

function firstItem(post: JsonRecord): JsonRecord {
  const items = post['value'];
  const item: unknown = Array.isArray(items) ? items[0] : undefined;
  if (!isRecord(item)) throw new Error('no item');
  return item;
}

describe('notifications over HTTP', () => {
  const [first] = testUsers(1);
  const user = first?.id ?? '';
  const account = { id: 'account-1', userPrincipalName: 'presence@emulated.example' };
  let hook: Receiver;
  let served: ServedGraph;
  let remote: RemoteActs;

  before(async () => {
    hook = await receiver();
    served = await serveGraph({
      tenantId: TENANT,
      users: testUsers(2),
      apps: [APP],
      accounts: [account],
      signingKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
      behaviour: { plainNotificationUrls: 'loopback', notifyLatencyMs: 0 },
    });
    remote = remoteActs(served.url, overHttp);
  });
  after(async () => {
    await served.close();
    hook.server.close();
  });

  const post = async (
    path: string,
    form: Readonly<Record<string, string>>,
  ): Promise<JsonRecord> => {
    const { body } = await overHttp({
      method: 'POST',
      url: `${served.url}/${TENANT}/oauth2/v2.0/${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: CLIENT, client_secret: SECRET, ...form }).toString(),
    });
    const json = parseJson(body);
    return isRecord(json) ? json : {};
  };

  const subscribe = async (token: string): Promise<JsonRecord> => {
    const urls = {
      notificationUrl: `${hook.url}/hook`,
      lifecycleNotificationUrl: `${hook.url}/life`,
    };
    const { status, body } = await overHttp({
      method: 'POST',
      url: `${served.url}/v1.0/subscriptions`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...subscriptionFor([user], Date.now() - 60_000), ...urls }),
    });
    assert.equal(status, 201, body);
    const json = parseJson(body);
    return isRecord(json) ? json : {};
  };

  it('go from a device code to a decrypted presence with a proved sender', async () => {
    const started = await post('devicecode', { scope: 'Presence.Read.All offline_access' });
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(started['device_code']),
    };
    assert.equal((await post('token', grant))['error'], 'authorization_pending');
    const code = String(started['user_code']);
    await remote.call('POST', `entra/device-codes/${code}/approve`, { account: account.id });
    const tokens = await post('token', grant);
    assert.equal(typeof tokens['refresh_token'], 'string');
    await subscribe(String(tokens['access_token']));

    await remote.act(user, { act: 'signIn' });
    const notified = await hook.next();
    const presence = decrypted(firstItem(notified));
    assert.deepEqual([presence['id'], presence['availability']], [user, 'Available']);
    const proofs = notified['validationTokens'];
    assert.ok(isTextList(proofs));
    const keys = createRemoteJWKSet(new URL(`${served.url}/common/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(proofs[0] ?? '', keys, {
      audience: CLIENT,
      issuer: `${served.url}/${TENANT}/v2.0`,
    });
    assert.equal(payload['azp'], '0bf30f3b-4a52-48df-9a82-234910c4a086');
  });

  it('are driven by the control API', async () => {
    await remote.call('POST', 'reset');
    const signedIn = await remote.call('POST', `entra/accounts/${account.id}/sign-in`, {
      clientId: CLIENT,
    });
    const refreshToken = isRecord(signedIn) ? String(signedIn['refreshToken']) : '';
    const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const { access_token: token } = await post('token', grant);
    const { id } = await subscribe(String(token));
    const subscription = String(id);
    await remote.call('POST', 'lifecycle', { subscription, event: 'missed', times: 2 });
    assert.equal(firstItem(await hook.next())['lifecycleEvent'], 'missed');
    await remote.call('POST', 'burst', { subscription, items: 3 });
    assert.equal(decrypted(firstItem(await hook.next()))['availability'], 'Offline');
    const forged = { url: `${hook.url}/hook`, body: '{"value":[{"clientState":"forged"}]}' };
    await remote.call('POST', 'forge', forged);
    assert.equal(firstItem(await hook.next())['clientState'], 'forged');
    const log = JSON.stringify(await remote.call('GET', 'notifications'));
    assert.match(log, /"delivered":5/u);
    await remote.call('POST', 'lose', { subscription, ms: 60_000 });
    assert.deepEqual(await remote.call('GET', 'subscriptions'), []);
    await remote.call('POST', `entra/accounts/${account.id}/revoke`);
    assert.equal((await post('token', grant))['error'], 'invalid_grant');
    const rotated = await remote.call('POST', 'entra/keys', { forgetOld: true });
    assert.ok(isRecord(rotated) && typeof rotated['kid'] === 'string');
  });
});
