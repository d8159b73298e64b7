import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultSpec } from '../entra/fault-book.ts';
import { isRecord } from '../entra/json-body.ts';
import type { GraphFault } from './desk.ts';
import {
  ACCOUNT,
  decrypted,
  HOOK,
  itemsOf,
  pushWorld,
  shownIn,
  subscribedWorld,
  type PushWorld,
} from './push-world.ts';
import { CLIENT } from './test-world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

function faulty(world: PushWorld, spec: FaultSpec<GraphFault>): void {
  world.graph.control.faults.add(spec);
}

describe('faults of notifications', () => {
  it('F20: duplicates, in one POST or apart', async () => {
    const world = await subscribedWorld();
    faulty(world, { kind: 'notify_duplicate', copies: 5, count: 1 });
    faulty(world, { kind: 'notify_duplicate', copies: 2, ms: 1_000, count: 1 });
    world.graph.acts.joinCall(world.user);
    await world.clock.run(5_000);
    world.graph.acts.leaveCall(world.user);
    await world.clock.run(5_000);
    assert.deepEqual(
      world.posts.map(({ items }) => items.length),
      [5, 1, 1],
    );
    assert.equal(new Set(shownIn(world).slice(0, 5)).size, 1);
  });

  it('F21, F22: late and in another order, still saying what was so then', async () => {
    const world = await subscribedWorld();
    faulty(world, { kind: 'notify_delay', ms: HOUR / 2, count: 1 });
    world.graph.acts.joinCall(world.user);
    await world.clock.run(MINUTE);
    world.graph.acts.leaveCall(world.user);
    await world.clock.run(HOUR / 2);
    assert.deepEqual(shownIn(world), ['Available/Available', 'Busy/InACall']);
    faulty(world, { kind: 'notify_shuffle', ms: MINUTE });
    const made: string[] = [];
    for (const [at, user] of world.users.slice(1).entries()) {
      world.graph.acts.signIn(user);
      made[at] = user;
    }
    await world.clock.run(2 * MINUTE);
    const order = itemsOf(world)
      .slice(2)
      .map((item) => decrypted(item)['id']);
    assert.deepEqual([...order].map(String).sort(), made);
    assert.notDeepEqual(order, made);
  });

  it('F23, F29: lost, or a subscription that hears nothing while it can be renewed', async () => {
    const world = await subscribedWorld();
    const { graph, clock, user, id } = world;
    faulty(world, { kind: 'notify_drop', probability: 0.5 });
    for (let at = 0; at < 50; at += 1) {
      graph.acts.joinCall(user);
      graph.acts.leaveCall(user);
    }
    await clock.run(2_000);
    const heard = itemsOf(world).length;
    assert.ok(heard > 20 && heard < 80, `${heard} of 100`);
    graph.control.faults.clear();
    faulty(world, { kind: 'deaf', count: 1 });
    graph.acts.joinCall(user);
    const change = { expirationDateTime: new Date(clock.now() + HOUR).toISOString() };
    assert.equal((await world.call('PATCH', `subscriptions/${id}`, change)).status, 200);
    graph.acts.leaveCall(user);
    await clock.run(MINUTE);
    assert.equal(itemsOf(world).length, heard);
    await world.call('DELETE', `subscriptions/${id}`);
    await world.subscribe();
    graph.acts.joinCall(user);
    await clock.run(MINUTE);
    assert.equal(itemsOf(world).length, heard + 1);
  });

  it('F32: whatever body, sent as it is', async () => {
    const world = await subscribedWorld();
    const forged = JSON.stringify({ value: [{ tenantId: 'other' }], validationTokens: ['x.y.z'] });
    assert.equal(await world.graph.control.push.forge(HOOK, forged), 202);
    assert.equal(world.posts[0]?.items[0]?.['tenantId'], 'other');
  });

  it('F33: signing keys rotate, and the old ones can be forgotten', async () => {
    const { entra } = pushWorld();
    const kids = async (): Promise<readonly string[]> => {
      const url = `${entra.baseUrl}/common/discovery/keys`;
      const { body } = await entra.exchange({ method: 'GET', url, headers: {} });
      return [...body.matchAll(/"kid":"(?<kid>[^"]+)"/gu)].map(
        ({ groups }) => groups?.['kid'] ?? '',
      );
    };
    const [first = ''] = await kids();
    const before = entra.validationToken(CLIENT, '2.0');
    const second = entra.control.keys.rotate();
    assert.deepEqual(await kids(), [first, second]);
    assert.notEqual(entra.validationToken(CLIENT, '2.0'), before);
    const third = entra.control.keys.rotate({ forgetOld: true });
    assert.deepEqual(await kids(), [third]);
    entra.control.faults.add({ kind: 'unavailable', op: 'keys', count: 1 });
    assert.deepEqual(await kids(), []);
    assert.deepEqual(await kids(), [third]);
  });

  for (const how of ['signature', 'data', 'key', 'padding'] as const) {
    it(`F35: an item with a wrong ${how} cannot be decrypted`, async () => {
      const world = await subscribedWorld();
      faulty(world, { kind: 'notify_corrupt', how, count: 1 });
      world.graph.acts.joinCall(world.user);
      world.graph.acts.leaveCall(world.user);
      await world.clock.run(2_000);
      const [bad, good] = itemsOf(world);
      assert.ok(bad !== undefined && good !== undefined);
      const message = how === 'padding' ? /bad decrypt/u : how === 'key' ? /oaep/iu : /signature/u;
      assert.throws(() => decrypted(bad), message);
      assert.equal(decrypted(good)['availability'], 'Available');
    });
  }

  it('F35: the symmetric key of the item before, used again', async () => {
    const world = await subscribedWorld();
    const { graph, clock, user, id } = world;
    graph.control.push.burst(id, 1);
    faulty(world, { kind: 'notify_corrupt', how: 'replayed_key', count: 1 });
    graph.control.push.burst(id, 1);
    graph.control.push.burst(id, 1);
    await clock.run(2_000);
    // The same text under the same key is the same data; the key is wrapped anew each time.
    const data = itemsOf(world).map(({ encryptedContent: content }) =>
      isRecord(content) ? content['data'] : undefined,
    );
    assert.equal(data[1], data[0]);
    assert.notEqual(data[2], data[1]);
    assert.equal(decrypted(itemsOf(world)[1] ?? {})['id'], user);
  });

  it('F36: sequence numbers can be inside, and can go back', async () => {
    const world = await subscribedWorld({ notifiedSequence: 'present', sequence: 'regressing' });
    for (let at = 0; at < 3; at += 1) {
      world.graph.acts.joinCall(world.user);
      world.graph.acts.leaveCall(world.user);
    }
    await world.clock.run(2_000);
    const numbers = itemsOf(world).map((item) => String(decrypted(item)['sequenceNumber']));
    assert.notDeepEqual(numbers, [...numbers].sort());
  });

  it('brings a burst of any number of items', async () => {
    const world = await subscribedWorld({ notifyBatchItems: 1_000 });
    world.graph.control.push.burst(world.id, 1_000);
    await world.clock.run(2_000);
    assert.equal(world.posts[0]?.items.length, 1_000);
  });

  it('forgets everything with a reset', async () => {
    const world = await subscribedWorld();
    world.graph.acts.joinCall(world.user);
    world.graph.control.reset();
    world.graph.acts.signIn(world.user);
    await world.clock.run(HOUR);
    assert.equal(world.posts.length, 0);
    assert.equal(world.clock.waiting(), 0);
    assert.equal(world.entra.control.accounts.list()[0]?.id, ACCOUNT.id);
  });
});
