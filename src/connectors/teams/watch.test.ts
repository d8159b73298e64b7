import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountId } from '../../model/ids.ts';
import type { Connector, Interest } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import {
  OPTIONS,
  createScriptedGraph,
  graphError,
  json,
  personId,
  populate,
  shows,
  unreachable,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { createTeamsConnector } from './index.ts';
import type { TeamsOptions } from './options.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly connector: Connector;
  readonly ids: readonly AccountId[];
  live(): Promise<void>;
  states(): readonly string[];
}

/** Person `i` is as eager as `eagerness` says; hot when it says nothing. */
function bench(
  count: number,
  options: Partial<TeamsOptions> = {},
  eagerness: (index: number) => Interest = () => 'hot',
): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  const ids = populate(graph, count);
  const connector = createTeamsConnector(
    { ...OPTIONS, ...options },
    {
      ...rig,
      exchange: graph.exchange,
      openSocket: () => {
        throw new Error('no socket');
      },
    },
  );
  connector.watch(new Map(ids.map((id, index) => [id, eagerness(index)])));
  connector.start(rig.sink, rig.budget);
  return {
    rig,
    graph,
    connector,
    ids,
    live: () => rig.clock.until(() => rig.state() === 'live', 'live'),
    states: () => rig.said.health.map((health) => health.state),
  };
}

/** The times between the reads of an account. */
function gaps(b: Bench, account: AccountId): readonly number[] {
  const times = b.graph.reads.filter((read) => read.ids.includes(account)).map((read) => read.at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

describe('the sweep', () => {
  it('signs in, reads everybody once in blocks of 650, and is live', async () => {
    const b = bench(1_500);
    await b.live();
    assert.deepEqual(b.states(), ['starting', 'signing_in', 'syncing', 'live']);
    assert.deepEqual(
      b.graph.reads.slice(0, 3).map((read) => read.ids.length),
      [650, 650, 200],
    );
    assert.equal(new Set(b.rig.said.observations.map((seen) => seen.account)).size, 1_500);
    const starts = b.graph.reads.map((read) => read.at);
    for (let i = 1; i < starts.length; i += 1) {
      assert.ok((starts[i] ?? 0) - (starts[i - 1] ?? 0) >= 250, 'two reads too close');
    }
    await b.connector.stop();
  });

  it('reads hot, warm and cold people at their own periods', async () => {
    const kinds = ['hot', 'warm', 'cold'] as const;
    const b = bench(3, {}, (index) => kinds[index] ?? 'cold');
    await b.rig.clock.advance(60_000);
    const mean = (account: AccountId): number => {
      const list = gaps(b, account);
      return list.reduce((sum, gap) => sum + gap, 0) / list.length;
    };
    const [hot, warm, cold] = b.ids.map(mean);
    assert.ok((hot ?? 0) <= 1_250 && (hot ?? 0) > 700, `hot ${hot}`);
    assert.ok((warm ?? 0) <= 2_500 && (warm ?? 0) > 1_400, `warm ${warm}`);
    assert.ok((cold ?? 0) <= 10_000 && (cold ?? 0) > 5_900, `cold ${cold}`);
    await b.connector.stop();
  });

  it('dates an observation with the moment before its read was sent', async () => {
    const b = bench(1);
    b.graph.script.latencyMs = 700;
    await b.live();
    assert.equal(b.rig.said.observations[0]?.asOf, b.graph.reads[0]?.at);
    assert.deepEqual(b.rig.said.observations[0]?.version, { generation: 0, stamp: 'A0000000001' });
    await b.connector.stop();
  });

  it('looks at once, but keeps its distance between reads', async () => {
    const b = bench(2, {}, () => 'cold');
    await b.live();
    await b.rig.clock.advance(2_000);
    const before = b.graph.reads.length;
    const asked = b.rig.clock.now();
    b.connector.look([b.ids[1] ?? '']);
    await b.rig.clock.advance(0);
    b.connector.look([b.ids[1] ?? '']);
    await b.rig.clock.advance(1_000);
    const since = b.graph.reads.slice(before);
    assert.deepEqual(
      since.map((read) => read.at - asked),
      [0, 500],
    );
    assert.deepEqual(since[0]?.ids, [b.ids[1]]);
    await b.connector.stop();
  });

  it('has at most four reads under way, and never one account in two', async () => {
    const b = bench(4_000);
    b.graph.script.latencyMs = 5_000;
    await b.rig.clock.advance(20_000);
    const flights = b.graph.reads.map((read) => ({ from: read.at, to: read.at + 5_000, read }));
    for (const flight of flights) {
      const others = flights.filter((one) => one.from <= flight.from && one.to > flight.from);
      assert.ok(others.length <= 4, `${others.length} at once`);
      const ids = others.flatMap((one) => one.read.ids);
      assert.equal(new Set(ids).size, ids.length, 'an account in two reads');
    }
    assert.ok(flights.length > 4);
    await b.connector.stop();
  });

  it('stays within its share of the quota with 10,000 people, and leaves nobody behind', async () => {
    const kinds = (index: number): Interest =>
      index % 7 === 0 ? 'hot' : index % 7 === 6 ? 'cold' : 'warm';
    const b = bench(10_000, {}, kinds);
    await b.live();
    const from = b.rig.clock.now();
    await b.rig.clock.advance(45_000);
    const times = b.graph.reads.map((read) => read.at).filter((at) => at >= from);
    const busiest = Math.max(
      ...times.map((at) => times.filter((one) => one >= at && one < at + 30_000).length),
    );
    assert.ok(busiest <= 120, `${busiest} reads in 30 s`);
    const ids = b.graph.reads.filter((read) => read.at >= from).flatMap((read) => read.ids);
    const bytes = (ids.length * 170) / 45 / 10_000;
    assert.ok(bytes <= 66, `${bytes} bytes a second and person`);
    const newest = new Map(b.rig.said.observations.map((seen) => [seen.account, seen.asOf]));
    const oldest = Math.min(...newest.values());
    assert.ok(b.rig.clock.now() - oldest < 60_000, `${b.rig.clock.now() - oldest} ms old`);
    await b.connector.stop();
  });
});

describe('people whom Graph does not know', () => {
  it('are reported missing when the answer leaves them out', async () => {
    const b = bench(3);
    b.graph.people.delete(personId(1));
    await b.live();
    assert.deepEqual(new Set(b.rig.said.missing), new Set([personId(1)]));
    await b.connector.stop();
  });

  it('are found by halving when one of them spoils a block, and the others are read', async () => {
    const b = bench(650);
    const bad = personId(401);
    b.graph.script.read = ({ ids }) =>
      ids.includes(bad) ? graphError(404, 'NotFound') : undefined;
    await b.live();
    assert.deepEqual(new Set(b.rig.said.missing), new Set([bad]));
    assert.equal(new Set(b.rig.said.observations.map((seen) => seen.account)).size, 649);
    assert.ok(b.graph.reads.length < 30, `${b.graph.reads.length} reads`);
    const before = b.graph.reads.length;
    await b.rig.clock.advance(20_000);
    const mixed = b.graph.reads.slice(before).filter((read) => read.ids.includes(bad));
    assert.ok(
      mixed.every((read) => read.ids.length === 1),
      'it was mixed with others again',
    );
    b.graph.script.read = undefined;
    const reads = b.graph.reads.length;
    await b.rig.clock.advance(600_000);
    assert.ok(
      b.rig.said.observations.some((seen) => seen.account === bad),
      'never read again',
    );
    assert.ok(b.graph.reads.slice(reads).some((read) => read.ids.length === 650));
    await b.connector.stop();
  });

  it('are not suspected when every read is objected to', async () => {
    const b = bench(650);
    b.graph.script.read = () => graphError(404, 'NotFound');
    await b.rig.clock.until(() => b.rig.state() === 'down', 'down');
    assert.match(b.rig.said.health.at(-1)?.action ?? '', /cloud/);
    assert.ok(b.graph.reads.length < 20, `${b.graph.reads.length} reads`);
    assert.ok(b.rig.said.missing.length < 10, `${b.rig.said.missing.length} missing`);
    b.graph.script.read = undefined;
    await b.live();
    await b.connector.stop();
  });

  it('may also be those whom Graph shows as unknown, by setting', async () => {
    for (const unknownUsers of ['missing', 'observe'] as const) {
      const b = bench(2, { unknownUsers });
      b.graph.people.set(personId(0), shows(personId(0), 'PresenceUnknown/PresenceUnknown'));
      await b.live();
      assert.equal(b.rig.said.missing.includes(personId(0)), unknownUsers === 'missing');
      await b.connector.stop();
    }
  });

  it('are never asked for when their id cannot be an object id, and told of once', async () => {
    const b = bench(1);
    for (const odd of ['a@b/c', 'a@b/c']) {
      b.connector.watch(
        new Map([
          [odd, 'hot' as const],
          [personId(0), 'hot' as const],
        ]),
      );
    }
    await b.live();
    assert.deepEqual(b.rig.said.missing, ['a@b/c']);
    assert.ok(b.graph.reads.every((read) => read.ids.length === 1));
    await b.connector.stop();
  });
});

describe('a feed in trouble', () => {
  it('closes the lane when a read is throttled, and comes back', async () => {
    const b = bench(2);
    await b.live();
    b.graph.script.read = () => json(429, {}, { 'retry-after': '7' });
    await b.rig.clock.until(() => b.rig.state() === 'throttled', 'throttled');
    assert.deepEqual(b.rig.spent.throttled, [7_000]);
    b.graph.script.read = undefined;
    const before = b.graph.reads.length;
    await b.rig.clock.advance(6_900);
    assert.equal(b.graph.reads.length, before);
    await b.live();
    await b.connector.stop();
  });

  it('is degraded, then down, and syncs again before it is live', async () => {
    const b = bench(1_300);
    await b.live();
    b.graph.script.read = unreachable;
    await b.rig.clock.until(() => b.rig.state() === 'down', 'down');
    b.graph.script.read = undefined;
    await b.live();
    assert.deepEqual(b.states().slice(3), ['live', 'degraded', 'down', 'syncing', 'live']);
    await b.connector.stop();
  });

  it('tries again ever more slowly while nothing answers', async () => {
    const b = bench(1);
    await b.live();
    b.graph.script.read = () => json(500, {});
    const before = b.graph.reads.length;
    await b.rig.clock.advance(600_000);
    const tries = b.graph.reads.length - before;
    assert.ok(tries >= 15 && tries <= 50, `${tries} reads in ten minutes`);
    await b.connector.stop();
  });

  it('takes an unreadable answer for a failure', async () => {
    const b = bench(1);
    await b.live();
    b.graph.script.read = () => ({ status: 200, headers: {}, body: '<html>' });
    await b.rig.clock.until(() => b.rig.state() === 'down', 'down');
    await b.connector.stop();
  });

  it('is blocked with words and an action when the permission is gone', async () => {
    const b = bench(1);
    await b.live();
    b.graph.script.read = () =>
      graphError(403, 'Forbidden', 'Missing role permissions on the request.');
    await b.rig.clock.until(() => b.rig.state() === 'auth_blocked', 'auth_blocked');
    assert.match(b.rig.said.health.at(-1)?.action ?? '', /Presence\.Read\.All/);
    const before = b.graph.reads.length;
    await b.rig.clock.advance(59_000);
    assert.equal(b.graph.reads.length, before);
    b.graph.script.read = undefined;
    await b.live();
    await b.connector.stop();
  });

  it('is blocked when a fresh token is refused too, and when there is no token', async () => {
    const b = bench(1);
    await b.live();
    b.graph.script.read = () => json(401, {});
    await b.rig.clock.until(() => b.rig.state() === 'auth_blocked', 'auth_blocked');
    assert.ok(b.rig.spent.spends >= 1, 'the replay was not counted');
    await b.connector.stop();

    const none = bench(1);
    none.graph.script.token = () => json(401, { error: 'invalid_client', error_codes: [7000222] });
    await none.rig.clock.until(() => none.rig.state() === 'auth_blocked', 'auth_blocked');
    assert.match(none.rig.said.health.at(-1)?.action ?? '', /client secret/);
    none.graph.script.token = undefined;
    await none.live();
    await none.connector.stop();
  });

  it('stops using sequence numbers that go back, and counts it once', async () => {
    const b = bench(1);
    let reads = 0;
    b.graph.script.read = ({ ids }) => {
      reads += 1;
      const sequenceNumber = `A${10 - reads}`;
      return json(200, { value: ids.map((id) => shows(id, 'Busy/Busy', { sequenceNumber })) });
    };
    await b.live();
    await b.rig.clock.advance(10_000);
    assert.equal(b.rig.said.counts.get('stamps_unusable'), 1);
    assert.deepEqual(b.rig.said.observations.at(-1)?.version, { generation: 0 });
    await b.connector.stop();
  });
});
