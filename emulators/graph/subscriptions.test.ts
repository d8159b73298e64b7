import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { isRecord } from '../entra/json-body.ts';
import { selfSignedCertificate } from '../entra/self-signed.ts';
import type { Delivered } from './deliver.ts';
import {
  ACCOUNT,
  encryptionCertificate,
  filterOf,
  HOOK,
  LIFE,
  pushWorld,
  START,
  subscriptionFor,
  type PushWorld,
} from './push-world.ts';
import { bodyOf, CLIENT, codeOf, TENANT, testWorld } from './test-world.ts';

const MINUTE = 60_000;

async function refusal(world: PushWorld, change: object): Promise<string> {
  const body = { ...subscriptionFor(world.users, world.clock.now()), ...change };
  const reply = await world.call('POST', 'subscriptions', body);
  const error = bodyOf(reply)['error'];
  return `${reply.status} ${isRecord(error) ? String(error['message']) : ''}`;
}

function inMinutes(world: PushWorld, minutes: number): string {
  return new Date(world.clock.now() + minutes * MINUTE).toISOString();
}

describe('subscriptions to presence', () => {
  it('are made after both URLs have proved themselves, and shown to their owner', async () => {
    const world = pushWorld();
    const id = await world.subscribe();
    assert.equal(world.handshakes.length, 2);
    assert.ok(world.handshakes[0]?.startsWith(`${HOOK}&validationToken=`));
    assert.ok(world.handshakes[1]?.startsWith(`${LIFE}?validationToken=`));
    const shown = bodyOf(await world.call('GET', `subscriptions/${id}`));
    assert.equal(shown['applicationId'], CLIENT);
    assert.equal(shown['creatorId'], ACCOUNT.id);
    assert.equal(shown['encryptionCertificateId'], 'first');
    const list = bodyOf(await world.call('GET', 'subscriptions'))['value'];
    assert.ok(Array.isArray(list) && list.length === 1);
    assert.equal((await world.call('DELETE', `subscriptions/${id}`)).status, 204);
    assert.equal(
      await world.call('GET', `subscriptions/${id}`).then(codeOf),
      '404 ResourceNotFound',
    );
  });

  it('are refused to an application that asks for itself', async () => {
    const { client } = testWorld();
    const reply = await client.post('v1.0/subscriptions', {});
    assert.equal(codeOf(reply), '403 ExtensionError');
    assert.match(reply.text, /Operation: Create.*not authorized for this user or application/u);
  });

  it('are refused to an account without Presence.Read.All', async () => {
    const world = pushWorld();
    world.entra.control.accounts.put({ ...ACCOUNT, scopes: ['Presence.Read'] });
    assert.match(await refusal(world, {}), /^403 .*not authorized/u);
  });

  it('come with reading presence, never with writing it', async () => {
    const world = pushWorld();
    const path = `users/${world.users[0] ?? ''}/presence`;
    assert.equal((await world.call('GET', path)).status, 200);
    const pair = { sessionId: CLIENT, availability: 'Busy', activity: 'InACall' };
    const write = await world.call('POST', `${path}/setPresence`, pair);
    assert.equal(codeOf(write), '403 Forbidden');
    assert.equal((await world.call('GET', 'users')).status, 403);
  });

  it('live 45 to 60 minutes: less is raised, more is refused', async () => {
    const world = pushWorld();
    const id = await world.subscribe({ expirationDateTime: inMinutes(world, 10) });
    const shown = bodyOf(await world.call('GET', `subscriptions/${id}`));
    assert.equal(shown['expirationDateTime'], inMinutes(world, 45));
    const renew = (minutes: number): Promise<string> =>
      world
        .call('PATCH', `subscriptions/${id}`, { expirationDateTime: inMinutes(world, minutes) })
        .then((reply) => `${reply.status} ${reply.text}`);
    assert.match(await renew(61), /^400 .*only be 60 minutes in the future/u);
    assert.match(await renew(-1), /^400 .*must be in the future/u);
    assert.match(await renew(60), /^200 /u);
    world.clock.advance(60 * MINUTE);
    assert.equal((await world.call('GET', `subscriptions/${id}`)).status, 404);
  });

  it('are one for an app and an account: 409 for an equal one, 403 for another', async () => {
    const world = pushWorld();
    const id = await world.subscribe();
    const same = filterOf(world.users)
      .slice(1)
      .toUpperCase()
      .replace('COMMUNICATIONS', 'communications');
    assert.match(
      await refusal(world, {
        resource: same.replace('ID IN', 'id in').replace('$FILTER', '$filter'),
      }),
      new RegExp(`^409 Subscription Id ${id} already exists for the requested combination`, 'u'),
    );
    const other = { resource: `communications/presences/${world.users[0] ?? ''}` };
    assert.match(
      await refusal(world, other),
      new RegExp(`^403 .*App '${CLIENT}' has reached its limit of '1' .*tenant '${TENANT}'`, 'u'),
    );
    const second = { ...ACCOUNT, id: 'second', userPrincipalName: 'second@emulated.example' };
    world.entra.control.accounts.put(second);
    world.clock.advance(60 * MINUTE);
    assert.notEqual(await world.subscribe(other), id);
  });

  it('are checked field by field', async () => {
    const world = pushWorld();
    const ids = Array.from({ length: 651 }, (_, at) => `user-${at}`);
    assert.match(await refusal(world, { changeType: 'created' }), /^400 .*change type 'created'/u);
    assert.match(await refusal(world, { resource: 'users/a/presence' }), /^400 .*resource/u);
    assert.match(await refusal(world, { resource: filterOf(ids) }), /^400 .*651 ids; at most 650/u);
    assert.match(await refusal(world, { resource: `${filterOf(['a'])}&$select=id` }), /^400/u);
    assert.match(
      await refusal(world, { clientState: 'x'.repeat(129) }),
      /^400 .*clientState.*128/u,
    );
    assert.match(
      await refusal(world, { notificationUrl: 'http://bridge.example/' }),
      /^400 .*HTTPS/u,
    );
    assert.match(await refusal(world, { notificationUrl: 'http://127.0.0.1:1/' }), /^400 .*HTTPS/u);
    assert.match(await refusal(world, { vapidPublicKey: 'x' }), /^400 .*vapidPublicKey/u);
    assert.match(
      await refusal(world, { expirationDateTime: 'soon' }),
      /^400 .*expirationDateTime/u,
    );
    const none = { encryptionCertificate: null, encryptionCertificateId: null };
    assert.match(await refusal(world, none), /^400 .*encryptionCertificate/u);
    const odd = { encryptionCertificate: 'AAAA' };
    assert.match(await refusal(world, odd), /^400 .*no X.509 certificate/u);
    const keys = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const life = { notBefore: START, notAfter: START + 86_400_000 };
    const weak = new X509Certificate(
      selfSignedCertificate({ commonName: 'weak', ...keys, ...life }),
    ).raw.toString('base64');
    assert.match(await refusal(world, { encryptionCertificate: weak }), /^400 .*2048 to 4096/u);
    assert.equal(world.handshakes.length, 0);
  });

  it('do not exist when a URL does not prove itself in time', async () => {
    const world = pushWorld();
    const wrong = /^400 .*must exactly match validationToken/u;
    const shakes: readonly (readonly [(token: string) => Promise<Delivered>, RegExp])[] = [
      [async (token) => ({ status: 200, body: encodeURIComponent(token) }), wrong],
      [async (token) => ({ status: 202, body: token }), /^400 .*200 OK, not 202/u],
      [
        async (token) => ({ status: 200, body: token, contentType: 'text/html' }),
        /^400 .*text\/plain/u,
      ],
      [() => Promise.reject(new Error('refused')), /^400 .*No connection/u],
    ];
    for (const [shake, message] of shakes) {
      world.shakeWith(shake);
      assert.match(await refusal(world, {}), message);
    }
    world.shakeWith(() => new Promise(() => {}));
    const late = refusal(world, {});
    await world.clock.run(10_000);
    assert.match(await late, /^400 .*timed out/u);
    assert.equal(world.graph.control.push.subscriptions().length, 0);
  });

  it('can be extended, given another certificate and moved; not given a lifecycle URL', async () => {
    const world = pushWorld();
    const id = await world.subscribe({ lifecycleNotificationUrl: null });
    const path = `subscriptions/${id}`;
    const later = await world.call('PATCH', path, { lifecycleNotificationUrl: LIFE });
    assert.match(`${later.status} ${later.text}`, /^400 .*lifecycleNotificationUrl/u);
    const moved = 'https://bridge.example/other';
    const change = { notificationUrl: moved, ...encryptionCertificate('second') };
    const shown = bodyOf(await world.call('PATCH', path, change));
    assert.equal(shown['notificationUrl'], moved);
    assert.equal(shown['encryptionCertificateId'], 'second');
    assert.ok(world.handshakes.at(-1)?.startsWith(moved));
    world.shakeWith(async () => ({ status: 404, body: '' }));
    assert.equal((await world.call('PATCH', path, { notificationUrl: HOOK })).status, 400);
    const still = bodyOf(await world.call('GET', path));
    assert.equal(still['notificationUrl'], moved);
  });

  it('count it when one is extended and reauthorized within ten minutes', async () => {
    const world = pushWorld();
    const id = await world.subscribe();
    assert.equal((await world.call('POST', `subscriptions/${id}/reauthorize`)).status, 204);
    assert.equal(world.graph.control.push.counts().mixedRenewals, 0);
    const change = { expirationDateTime: inMinutes(world, 60) };
    await world.call('PATCH', `subscriptions/${id}`, change);
    assert.equal(world.graph.control.push.counts().mixedRenewals, 1);
  });

  it('have limits of their own, apart from the presence quota', async () => {
    const world = pushWorld({ quotaLimit: 1 });
    for (let at = 0; at < 25; at += 1) {
      assert.equal((await world.call('GET', 'subscriptions')).status, 200);
    }
    const reply = await world.call('GET', 'subscriptions');
    assert.deepEqual([reply.status, reply.headers['retry-after']], [429, '20']);
    await world.subscribe();
  });

  it('F30: PATCH answers 404, then POST 403 for a while', async () => {
    const world = pushWorld();
    const id = await world.subscribe();
    const { faults } = world.graph.control;
    faults.add({ kind: 'lost_subscription', count: 1, ms: 7_200_000 });
    const renewal = { expirationDateTime: inMinutes(world, 60) };
    assert.equal((await world.call('PATCH', `subscriptions/${id}`, renewal)).status, 404);
    assert.equal((await world.call('DELETE', `subscriptions/${id}`)).status, 404);
    assert.match(await refusal(world, {}), /^403 .*has reached its limit/u);
    world.clock.advance(7_200_000);
    await world.subscribe();
  });

  it('F31: handshakes can bring odd and long tokens', async () => {
    const world = pushWorld();
    const tokens: string[] = [];
    world.shakeWith(async (token) => {
      tokens.push(token);
      return { status: 200, body: token };
    });
    const text = '<script>alert("%2B")</script>';
    world.graph.control.faults.add({ kind: 'handshake', text, bytes: 5_000, count: 1 });
    await world.subscribe();
    assert.ok(tokens[0]?.startsWith(text) && tokens[0].length === text.length + 5_000);
  });
});
