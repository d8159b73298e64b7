import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Exchange } from '../../src/lib/exchange.ts';
import { isRecord } from '../entra/json-body.ts';
import { graphClient, type GraphClient } from './graph-client.ts';
import { remoteActs, type RemoteActs } from './remote-acts.ts';
import { serveGraph, type ServedGraph } from './serve.ts';
import { APP, CLIENT, SECRET, TENANT, testUsers } from './test-world.ts';

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Node's own client, so that encodings and broken connections are seen as they are. */
function raw(url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const call = request(url, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

const overHttp: Exchange = async ({ method, url, headers, body }) => {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
};

describe('Graph and Entra on one HTTP server', () => {
  let signingKey: KeyObject;
  let served: ServedGraph;
  let client: GraphClient;
  let remote: RemoteActs;
  const [first] = testUsers(1);
  const user = first?.id ?? '';

  before(async () => {
    signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const users = testUsers(5);
    served = await serveGraph({ tenantId: TENANT, users, apps: [APP], signingKey });
    remote = remoteActs(served.url, overHttp);
    client = graphClient({
      exchange: overHttp,
      graphUrl: served.url,
      loginUrl: served.url,
      tenantId: TENANT,
      clientId: CLIENT,
      clientSecret: SECRET,
    });
  });
  after(() => served.close());

  const bearer = async (): Promise<string> => {
    const { json } = await client.signIn();
    return `Bearer ${isRecord(json) ? String(json['access_token']) : ''}`;
  };

  it('compresses an answer when asked', async () => {
    const authorization = await bearer();
    const url = `${served.url}/v1.0/users/${user}/presence`;
    const plain = await raw(url, { authorization });
    const zipped = await raw(url, { authorization, 'accept-encoding': 'gzip, deflate' });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.match(gunzipSync(zipped.body).toString(), /"availability":"Offline"/u);
  });

  it('does people’s acts, tells the truth and keeps the logs over the control API', async () => {
    await remote.call('POST', 'reset');
    await remote.act(user, { act: 'signIn', device: 'phone' });
    await remote.act(user, { act: 'choose', choice: 'DoNotDisturb' });
    await client.signIn();
    await client.write(user, 'clearUserPreferredPresence');
    assert.equal((await remote.truth(user)).withoutApps.availability, 'DoNotDisturb');
    const writes = await remote.call('GET', 'writes');
    assert.ok(isRecord(writes) && writes['total'] === 1);
    assert.match(JSON.stringify(writes), /"shownBefore":\{"availability":"DoNotDisturb"/u);
    assert.match(JSON.stringify(await remote.call('GET', 'lost-choices')), /"how":"cleared"/u);
    assert.match(JSON.stringify(await remote.call('GET', 'requests')), /"status":200/u);
    assert.match(JSON.stringify(await remote.call('GET', 'counts')), /"peak":1/u);
  });

  it('changes users, options, apps and faults while it runs', async () => {
    await remote.call('POST', 'reset');
    await client.signIn();
    await remote.call('POST', 'users', { id: 'late', displayName: 'Agent 099' });
    await remote.call('PATCH', 'users/late', { licensed: false });
    assert.equal((await client.get('v1.0/users/late/presence')).status, 403);
    await remote.call('PATCH', 'users/late', { accountType: 'guest', mailbox: false });
    assert.match(
      JSON.stringify(await remote.call('GET', 'users')),
      /"late".*"accountType":"guest","mailbox":false/u,
    );
    await remote.call('PATCH', 'options', { sequence: 'absent' });
    assert.equal((await client.presence(user)).sequenceNumber, undefined);
    const fault = await remote.call('POST', 'faults', {
      kind: 'throttled',
      retryAfter: 7,
      count: 1,
    });
    assert.ok(isRecord(fault) && typeof fault['id'] === 'string');
    const throttled = await client.get(`v1.0/users/${user}/presence`);
    assert.deepEqual([throttled.status, throttled.headers['retry-after']], [429, '7']);
    assert.match(JSON.stringify(await remote.call('GET', 'faults')), /"throttled":1/u);
    await remote.call('PATCH', `entra/apps/${CLIENT}`, { appRoleAssignmentRequired: true });
    assert.match(
      JSON.stringify(await remote.call('GET', 'entra/apps')),
      /"appRoleAssignmentRequired":true/u,
    );
    await remote.call('PATCH', `entra/apps/${CLIENT}`, { secrets: [{ value: 'other' }] });
    assert.equal((await client.signIn()).status, 401);
    await remote.call('POST', 'foreign', { user, availability: 'Busy', activity: 'InACall' });
    assert.equal((await remote.truth(user)).availability, 'Busy');
    await remote.call('DELETE', `foreign/${user}`);
    assert.equal((await remote.truth(user)).availability, 'Offline');
  });

  it('challenges a revoked app until it signs in again', async () => {
    await remote.call('POST', 'reset');
    await client.signIn();
    await remote.call('POST', `entra/apps/${CLIENT}/revoke`);
    const reply = await client.get(`v1.0/users/${user}/presence`);
    assert.match(reply.headers['www-authenticate'] ?? '', /insufficient_claims/u);
    await client.signIn();
    assert.equal(await client.shown(user), 'Offline/Offline');
  });

  it('answers bad control calls with one clear error', async () => {
    const control = async (path: string, body: string): Promise<string> => {
      const url = `${served.url}/_emulator/${path}`;
      const answer = await raw(url, { 'content-type': 'application/json' }, body);
      return `${answer.status} ${answer.body.toString()}`;
    };
    assert.match(await control('acts', '{"user":"nobody","act":"signIn"}'), /^400 .*nobody/u);
    assert.match(await control('acts', `{"user":"${user}","act":"sing"}`), /^400 .*sing/u);
    const odd = '{"id":"odd","accountType":"robot"}';
    assert.match(await control('users', odd), /^400 .*accountType.*robot.*resourceAccount/u);
    assert.match(await control('users', '{"id":"odd","mailbox":"none"}'), /^400 .*mailbox/u);
    const app = '{"clientId":"odd","appRoleAssignmentRequired":"no"}';
    assert.match(await control('entra/apps', app), /^400 .*appRoleAssignmentRequired/u);
    assert.match(await control('faults', '{"kind":"odd"}'), /^400 .*odd.*unknown/u);
    assert.match(await control('faults', 'no JSON'), /^400 .*no JSON/u);
    assert.match(await control('nothing', '{}'), /^404 .*no such control call/u);
    assert.match(await control('entra/nothing', '{}'), /^404/u);
    assert.match(await control('%E0%A4%A', '{}'), /^400/u);
  });

  it('breaks connections: at once, in the middle, or never answering', async () => {
    await remote.call('POST', 'reset');
    const authorization = await bearer();
    const url = `${served.url}/v1.0/users/${user}/presence`;
    const { faults } = served.graph.control;
    faults.add({ kind: 'down', count: 1 });
    await assert.rejects(raw(url, { authorization }));
    faults.add({ kind: 'lost_answer', how: 'reset', count: 1 });
    await assert.rejects(raw(url, { authorization }));
    faults.add({ kind: 'lost_answer', count: 1 });
    // Which of the two arrives first is open; one of them is answered, the other never is, and
    // `after` proves that closing the server ends it.
    const both = [raw(url, { authorization }), raw(url, { authorization })];
    assert.equal((await Promise.any(both)).status, 200);
  });

  it('refuses a body that is too large', async () => {
    const url = `${served.url}/v1.0/communications/getPresencesByUserId`;
    const outcome = await raw(
      url,
      { 'content-type': 'application/json' },
      'a'.repeat(2_000_000),
    ).then(
      (answer) => answer.status,
      () => 'closed',
    );
    assert.ok(outcome === 413 || outcome === 'closed');
  });
});
