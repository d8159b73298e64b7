import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { isRecord, isTextList, parseJson } from '../entra/json-body.ts';
import type { Delivered } from './deliver.ts';
import {
  encryptionCertificate,
  filterOf,
  itemsOf,
  LIFE,
  pushWorld,
  shownIn,
  subscribedWorld,
} from './push-world.ts';
import { CLIENT, TENANT } from './test-world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('notifications of presence', () => {
  it('tell every change, late by the latency, encrypted for the certificate', async () => {
    const world = await subscribedWorld();
    const { graph, clock, user } = world;
    graph.acts.choose(user, 'DoNotDisturb');
    await clock.run(1_999);
    assert.equal(world.posts.length, 0);
    await clock.run(1);
    graph.acts.resetStatus(user);
    await clock.run(2_000);
    assert.deepEqual(shownIn(world), ['DoNotDisturb/DoNotDisturb', 'Available/Available']);
    const [item] = itemsOf(world);
    assert.equal(item?.['subscriptionId'], world.id);
    assert.equal(item['clientState'], 'state-of-the-client');
    assert.equal(item['changeType'], 'updated');
    assert.equal(item['tenantId'], TENANT);
    const keys = itemsOf(world).map((each) => JSON.stringify(each['encryptedContent']));
    assert.notEqual(keys[0], keys[1]);
    assert.equal(graph.control.push.counts().delivered, 2);
  });

  it('tell what changes by itself, at the moment when it does', async () => {
    const world = await subscribedWorld();
    const { graph, clock, user } = world;
    graph.control.foreignWrite(user, { availability: 'Busy', activity: 'InACall' }, 5 * MINUTE);
    await clock.run(5 * MINUTE + 2_000);
    assert.deepEqual(shownIn(world), ['Busy/InACall', 'Available/Available']);
    assert.equal(world.posts[1]?.at, (world.posts[0]?.at ?? 0) + 5 * MINUTE);
  });

  it('say nothing of what does not change, of others, or after the silent end', async () => {
    const only = `communications/presences/${pushWorld().users[0] ?? ''}`;
    const world = await subscribedWorld({}, { resource: only });
    const { graph, clock, user, users } = world;
    graph.acts.comeBack(user);
    graph.acts.signIn(users[1] ?? '');
    await clock.run(HOUR);
    graph.acts.joinCall(user);
    await clock.run(MINUTE);
    assert.deepEqual(world.posts, []);
    assert.equal(graph.control.push.subscriptions().length, 0);
  });

  it('carry no presence and no tokens without resource data', async () => {
    const world = await subscribedWorld(
      { notifiedResource: 'filter' },
      { includeResourceData: false },
    );
    world.graph.acts.joinCall(world.user);
    await world.clock.run(2_000);
    const [post] = world.posts;
    assert.ok(post !== undefined && !('validationTokens' in post.body));
    assert.ok(!JSON.stringify(post.body).includes('Busy'));
    assert.equal(post.items[0]?.['resource'], filterOf(world.users));
  });

  it('collect what is due at one URL, also of several accounts', async () => {
    const world = await subscribedWorld({ notifyBatchMs: 500, notifyBatchItems: 5 });
    const { graph, clock, users } = world;
    const second = { id: 'second', userPrincipalName: 'second@emulated.example' };
    world.entra.control.accounts.put(second);
    const other = await world.subscribe({ includeResourceData: false }, 'second');
    for (const user of users.slice(1)) graph.acts.signIn(user);
    await clock.run(2_500);
    assert.deepEqual(
      world.posts.map((post) => post.items.length),
      [5, 3],
    );
    const ids = new Set(itemsOf(world).map((item) => item['subscriptionId']));
    assert.deepEqual(ids, new Set([world.id, other]));
  });

  it('prove their sender by tokens of the change tracking, v1 or v2', async () => {
    const world = await subscribedWorld();
    const { graph, entra, clock, user } = world;
    const keySet = await entra.exchange({
      method: 'GET',
      url: `${entra.baseUrl}/common/discovery/v2.0/keys`,
      headers: {},
    });
    const parsed = parseJson(keySet.body);
    const jwks: JSONWebKeySet = { keys: [], ...(isRecord(parsed) ? parsed : {}) };
    const caller = '0bf30f3b-4a52-48df-9a82-234910c4a086';
    for (const [version, issuer, claim] of [
      ['2.0', `${entra.baseUrl}/${TENANT}/v2.0`, 'azp'],
      ['1.0', `https://sts.windows.net/${TENANT}/`, 'appid'],
    ] as const) {
      graph.control.change({ validationTokenVersion: version });
      graph.acts.joinCall(user);
      graph.acts.leaveCall(user);
      await clock.run(2_000);
      const tokens = world.posts.at(-1)?.body['validationTokens'];
      assert.ok(isTextList(tokens) && tokens.length === 1);
      const { payload } = await jwtVerify(tokens[0] ?? '', createLocalJWKSet(jwks), {
        audience: CLIENT,
        issuer,
        currentDate: new Date(clock.now()),
      });
      assert.deepEqual([payload['ver'], payload[claim]], [version, caller]);
    }
    entra.control.apps.change(CLIENT, { appRoleAssignmentRequired: true });
    graph.acts.joinCall(user);
    await clock.run(2_000);
    assert.equal(world.posts.at(-1)?.body['validationTokens'], null);
  });

  it('name the certificate of the moment when they were made (F34)', async () => {
    const world = await subscribedWorld();
    const { graph, clock, user, id } = world;
    graph.acts.joinCall(user);
    await world.call('PATCH', `subscriptions/${id}`, encryptionCertificate('second'));
    graph.acts.leaveCall(user);
    await clock.run(2_000);
    const names = itemsOf(world).map(({ encryptedContent: content }) =>
      isRecord(content) ? content['encryptionCertificateId'] : undefined,
    );
    assert.deepEqual(names, ['first', 'second']);
  });
});

describe('delivery', () => {
  it('is tried again ever later, for four hours, with the same items', async () => {
    const world = await subscribedWorld({}, {});
    const { graph, clock, user } = world;
    let refused = 3;
    world.answerWith(async (): Promise<Delivered> => {
      refused -= 1;
      return { status: refused >= 0 ? 503 : 202, body: '' };
    });
    graph.acts.joinCall(user);
    await clock.run(2 * MINUTE);
    const times = world.posts.map(({ at }) => at - (world.posts[0]?.at ?? 0));
    assert.deepEqual(times, [0, 10_000, 30_000, 70_000]);
    world.answerWith(() => Promise.reject(new Error('refused')));
    graph.acts.leaveCall(user);
    await clock.run(5 * HOUR);
    const last = graph.control.push.posts.since().at(-1);
    assert.equal(last?.outcome, 'given_up');
    assert.ok(last.at - (world.posts[4]?.at ?? 0) <= 4 * HOUR);
    assert.deepEqual(graph.control.push.counts(), {
      delivered: 1,
      dropped: 0,
      givenUp: 1,
      waiting: 0,
      swallowed: 0,
      mixedRenewals: 0,
    });
  });

  it('waits 3 s for the first answer and 10 s for later ones', async () => {
    const world = await subscribedWorld();
    world.answerWith(() => new Promise(() => {}));
    world.graph.acts.joinCall(world.user);
    await world.clock.run(30_000);
    const took = world.graph.control.push.posts.since().map(({ tookMs }) => tookMs);
    assert.deepEqual(took, [3_000, 10_000]);
  });

  it('is ten minutes late for a slow endpoint, and drops all for a very slow one', async () => {
    const slow = await subscribedWorld({
      penaltyMinAnswers: 1,
      notifyRetryMs: 20 * MINUTE,
      notifyRetryMaxMs: 20 * MINUTE,
    });
    slow.answerWith(() => new Promise(() => {}));
    slow.graph.acts.joinCall(slow.user);
    await slow.clock.run(10_000);
    slow.answerWith(async () => ({ status: 202, body: '' }));
    slow.graph.acts.leaveCall(slow.user);
    await slow.clock.run(10 * MINUTE);
    assert.equal(slow.posts.length, 1);
    await slow.clock.run(10_000);
    assert.equal(slow.posts.length, 2);

    const drop = await subscribedWorld({ penaltyMinAnswers: 1 });
    drop.answerWith(() => new Promise(() => {}));
    drop.graph.acts.joinCall(drop.user);
    await drop.clock.run(40_000);
    drop.answerWith(async () => ({ status: 202, body: '' }));
    drop.graph.acts.leaveCall(drop.user);
    await drop.clock.run(MINUTE);
    assert.equal(drop.graph.control.push.counts().dropped, 1);
  });

  it('stops when the token has ended that the subscription stands on', async () => {
    const world = await subscribedWorld();
    const { entra, graph, clock, user, id } = world;
    entra.control.setTokenLifetime(10 * MINUTE);
    await world.call('POST', `subscriptions/${id}/reauthorize`);
    await clock.run(11 * MINUTE);
    graph.acts.joinCall(user);
    await clock.run(MINUTE);
    assert.equal(world.posts.length, 0);
    assert.equal(graph.control.push.counts().swallowed, 1);
    graph.control.change({ expiredTokenItems: 'held' });
    graph.acts.leaveCall(user);
    await clock.run(5 * MINUTE);
    assert.equal(world.posts.length, 0);
    await world.call('POST', `subscriptions/${id}/reauthorize`);
    await clock.run(2 * MINUTE);
    assert.deepEqual(shownIn(world), ['Available/Available']);
  });
});

describe('lifecycle notifications', () => {
  it('ask for a new authorization every 15 minutes of the last hour of the token', async () => {
    const world = await subscribedWorld({ reauthorizeEveryMs: 15 * MINUTE });
    const { clock, id } = world;
    await clock.run(31 * MINUTE);
    assert.deepEqual(
      world.posts.map(({ url, items }) => `${url} ${String(items[0]?.['lifecycleEvent'])}`),
      [`${LIFE} reauthorizationRequired`, `${LIFE} reauthorizationRequired`],
    );
    assert.equal(world.posts[0]?.items[0]?.['subscriptionId'], id);
    world.entra.control.setTokenLifetime(2 * HOUR);
    await world.call('PATCH', `subscriptions/${id}`, {
      expirationDateTime: new Date(clock.now() + HOUR).toISOString(),
    });
    await clock.run(59 * MINUTE);
    assert.equal(world.posts.length, 2);
  });

  it('F27, F28: come in floods and of every kind by control', async () => {
    const world = await subscribedWorld({ lifecycleTokens: 'never' });
    const { push } = world.graph.control;
    push.lifecycle(world.id, 'reauthorizationRequired', 50);
    push.lifecycle(world.id, 'missed');
    push.lifecycle(world.id, 'subscriptionRemoved');
    await world.clock.run(0);
    assert.equal(itemsOf(world).length, 52);
    assert.ok(!('validationTokens' in (world.posts[0]?.body ?? {})));
    assert.equal(push.subscriptions().length, 0);
    assert.throws(() => push.lifecycle(world.id, 'missed'), /unknown or has expired/u);
  });
});
