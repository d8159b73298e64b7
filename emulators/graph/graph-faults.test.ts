import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultSpec } from '../entra/fault-book.ts';
import type { GraphFault } from './desk.ts';
import type { GraphReply } from './graph-client.ts';
import { testWorld, type TestWorld } from './test-world.ts';

const inACall = { availability: 'Busy', activity: 'InACall' };

function faulty(spec: FaultSpec<GraphFault>): TestWorld {
  const world = testWorld();
  world.graph.control.faults.add(spec);
  return world;
}

function setCall({ client, user }: TestWorld): Promise<GraphReply> {
  return client.write(user, 'setPresence', inACall);
}

function readRaw({ client, user }: TestWorld): Promise<GraphReply> {
  return client.get(`v1.0/users/${user}/presence`);
}

function sessions({ graph, user }: TestWorld): number {
  return graph.acts.truth(user).sessions.length;
}

describe('faults before any effect', () => {
  for (const [spec, status] of [
    [{ kind: 'throttled', retryAfter: 300 }, 429],
    [{ kind: 'throttled' }, 429],
    [{ kind: 'unavailable' }, 503],
    [{ kind: 'unavailable', status: 504 }, 504],
    [{ kind: 'error_before' }, 500],
    [{ kind: 'conflict' }, 409],
    [{ kind: 'conflict', status: 412 }, 412],
    [{ kind: 'forbidden' }, 403],
    [{ kind: 'not_found' }, 404],
    [{ kind: 'token_expired' }, 401],
    [{ kind: 'claims_challenge' }, 401],
  ] as const) {
    it(`${JSON.stringify(spec)} answers ${status} once and changes nothing`, async () => {
      const world = faulty({ ...spec, count: 1 });
      const reply = await setCall(world);
      assert.equal(reply.status, status);
      assert.equal(sessions(world), 0);
      const after = 'retryAfter' in spec ? String(spec.retryAfter) : undefined;
      assert.equal(reply.headers['retry-after'], after);
      assert.equal((await setCall(world)).status, 200);
    });
  }

  it('strikes one user alone, in single and in bulk reads', async () => {
    const world = testWorld();
    const [user = '', other = ''] = world.graph.acts.users();
    world.graph.control.faults.add({ kind: 'forbidden', user });
    assert.equal((await readRaw(world)).status, 403);
    assert.equal((await world.client.get(`v1.0/users/${other}/presence`)).status, 200);
    const ids = [user, other];
    const reply = await world.client.post('v1.0/communications/getPresencesByUserId', { ids });
    assert.equal(reply.status, 200);
    assert.ok(!reply.text.includes(user) && reply.text.includes(other));
  });
});

describe('faults with effect', () => {
  it('answers 500 although the write took effect', async () => {
    const world = faulty({ kind: 'error_after', op: 'write', count: 1 });
    assert.equal((await setCall(world)).status, 500);
    assert.equal(sessions(world), 1);
    assert.deepEqual(
      world.graph.writesLog.since().map((entry) => [entry.status, entry.effect]),
      [[500, true]],
    );
  });

  it('loses the answer, and the log knows it', async () => {
    const world = faulty({ kind: 'lost_answer', how: 'reset', op: 'write', count: 1 });
    await assert.rejects(setCall(world), { name: 'ExchangeError', kind: 'reset', sent: true });
    assert.equal(sessions(world), 1);
    assert.equal(world.graph.writesLog.since()[0]?.answered, false);
  });

  it('loses the request, which the log shows as status 0', async () => {
    const world = faulty({ kind: 'down', op: 'write', count: 1 });
    await assert.rejects(setCall(world), { name: 'ExchangeError', kind: 'connect', sent: false });
    assert.equal(sessions(world), 0);
    assert.equal(world.graph.control.counts().statuses['0'], 1);
  });

  it('lets another product write after us', async () => {
    const world = faulty({ kind: 'foreign_writer', count: 1 });
    await world.client.write(world.user, 'setPresence', {
      availability: 'Available',
      activity: 'Available',
    });
    assert.equal(await world.client.shown(world.user), 'Busy/InAConferenceCall');
    world.graph.control.foreignClear(world.user);
    assert.equal(await world.client.shown(world.user), 'Available/Available');
  });

  it('cuts a session short', async () => {
    const world = faulty({ kind: 'short_session', ms: 300_000 });
    await world.client.write(world.user, 'setPresence', {
      ...inACall,
      expirationDuration: 'PT1H',
    });
    world.clock.advance(300_000);
    assert.equal(sessions(world), 0);
  });
});

describe('faults without effect that look like success', () => {
  it('accepts a write and does nothing', async () => {
    const world = faulty({ kind: 'no_effect', count: 1 });
    assert.equal((await setCall(world)).status, 200);
    assert.equal(sessions(world), 0);
    assert.equal(world.graph.writesLog.since()[0]?.effect, false);
  });
});

describe('faults of what is read', () => {
  it('lags behind', async () => {
    const world = faulty({ kind: 'read_lag', ms: 5_000 });
    world.graph.acts.signIn(world.user);
    assert.equal(await world.client.shown(world.user), 'Offline/Offline');
    world.clock.advance(5_000);
    assert.equal(await world.client.shown(world.user), 'Available/Available');
  });

  it('shows Busy/Busy for a call that an app has set, only for that', async () => {
    const world = faulty({ kind: 'busy_echo' });
    await setCall(world);
    assert.equal(await world.client.shown(world.user), 'Busy/Busy');
    await world.client.write(world.user, 'clearPresence');
    world.graph.acts.signIn(world.user);
    world.graph.acts.joinCall(world.user);
    assert.equal(await world.client.shown(world.user), 'Busy/InACall');
  });

  it('shakes the first echo for a while', async () => {
    const world = faulty({ kind: 'echo_lag', ms: 2_000 });
    await setCall(world);
    assert.equal(await world.client.shown(world.user), 'Busy/Busy');
    world.clock.advance(2_000);
    assert.equal(await world.client.shown(world.user), 'Busy/InACall');
  });

  it('garbles one item of a bulk read and leaves the others whole', async () => {
    const world = testWorld();
    const [user = '', other = ''] = world.graph.acts.users();
    world.graph.control.faults.add({ kind: 'garbled_item', user });

    const ids = [user, other];
    const reply = await world.client.post('v1.0/communications/getPresencesByUserId', { ids });

    assert.equal(reply.status, 200);
    assert.equal(reply.text.includes(user), false);
    assert.equal(reply.text.includes(other), true);
  });

  it('says what nobody has heard of', async () => {
    const world = faulty({ kind: 'odd_value', availability: 'Dancing', count: 1 });
    assert.equal(await world.client.shown(world.user), 'Dancing/PresenceUnknown');
  });
});

describe('faults of the body', () => {
  it('sends half of it', async () => {
    const world = faulty({ kind: 'truncated_body' });
    const reply = await readRaw(world);
    assert.equal(reply.status, 200);
    assert.equal(reply.json, undefined);
  });

  it('sends far too much', async () => {
    const reply = await readRaw(faulty({ kind: 'huge_body', bytes: 3_000_000 }));
    assert.ok(reply.text.length > 3_000_000);
  });

  it('sends another type, or any text', async () => {
    const typed = await readRaw(faulty({ kind: 'wrong_content_type' }));
    assert.equal(typed.headers['content-type'], 'text/html');
    const text = '{"__proto__":{"a":1}}';
    assert.equal((await readRaw(faulty({ kind: 'body', text }))).text, text);
  });
});
