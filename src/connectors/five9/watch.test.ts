import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connector } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import {
  ANN,
  BOB,
  build,
  frameText,
  OURS,
  READY,
  reply,
  RESTING,
  row,
  ScriptedFive9,
  start,
  until,
  T0,
} from './scripted-five9.test.ts';

interface World {
  readonly rig: Rig;
  readonly five9: ScriptedFive9;
  readonly connector: Connector;
}

async function world(): Promise<World> {
  const rig = createRig();
  const five9 = new ScriptedFive9();
  return { rig, five9, connector: await start(rig, five9) };
}

function fulls(five9: ScriptedFive9): number {
  return five9.hits('/request_full_statistics').length;
}

describe('the supervisor feed', () => {
  it('reads everyone as of the question, with reasons by name, and says that it is live', async () => {
    const { rig, five9, connector } = await world();
    assert.equal(fulls(five9), 1);
    const seen = rig.said.observations;
    assert.deepEqual(
      seen.map((one) => [one.account, one.via, one.presence.raw]),
      [
        [ANN, 'sweep', 'READY'],
        [BOB, 'sweep', 'NOT_READY:410002'],
      ],
    );
    assert.equal(seen[1]?.presence.reason?.label, 'Break');
    assert.ok(seen.every((one) => one.asOf === rig.clock.now() && one.version.generation > 0));
    assert.ok(five9.lines[0]?.url.startsWith('wss://app-xyz.five9.com/supsvcs/sws/lockstep-'));
    assert.deepEqual(
      rig.said.health.map((one) => one.state),
      ['starting', 'signing_in', 'syncing', 'live'],
    );
    await connector.stop();
  });

  it('passes differences on as pushed and confirms with each', async () => {
    const { rig, five9, connector } = await world();
    await rig.clock.advance(2_000);
    five9.push({ id: BOB, state: 'READY', now: READY, since: T0 + 5 });
    const last = rig.said.observations.at(-1);
    assert.equal(last?.via, 'push');
    assert.equal(last?.presence.acd, 'ready');
    assert.equal(last?.asOf, rig.clock.now());
    assert.equal(last?.version.stamp, `00${T0 + 5}`);
    assert.equal(rig.said.confirmed.at(-1), rig.clock.now());
    await connector.stop();
  });

  it('dates an answer by its question and not by its arrival', async () => {
    const { rig, five9, connector } = await world();
    five9.before = (request) =>
      request.url.endsWith('/request_full_statistics') ? reply(204) : undefined;
    await until(rig, () => fulls(five9) === 2, 'the second question');
    const asked = rig.clock.now();
    await rig.clock.advance(3_000);
    five9.full();
    const last = rig.said.observations.at(-1);
    assert.equal(last?.via, 'sweep');
    assert.ok((last?.asOf ?? 0) <= asked && (last?.asOf ?? 0) > asked - 100);
    await connector.stop();
  });

  it('tells of removed accounts as missing, not as logged out', async () => {
    const { rig, five9, connector } = await world();
    const before = rig.said.observations.length;
    five9.say(
      frameText('5012', [{ dataSource: 'AGENT_STATE', added: [], updated: [], removed: [BOB] }]),
    );
    assert.deepEqual(rig.said.missing, [BOB]);
    assert.equal(rig.said.observations.length, before);
    await connector.stop();
  });

  it('tells of watched accounts that two full statistics in a row do not hold', async () => {
    const { rig, five9, connector } = await world();
    connector.watch(
      new Map([
        ['300000000500999', 'hot'],
        [ANN, 'hot'],
      ]),
    );
    await until(rig, () => fulls(five9) === 2, 'the first statistics without it');
    assert.deepEqual(rig.said.missing, []);
    await rig.clock.advance(60_000);
    assert.deepEqual([...new Set(rig.said.missing)], ['300000000500999']);
    await connector.stop();
  });

  it('counts a change that only a full statistics showed', async () => {
    const { rig, five9, connector } = await world();
    five9.rows.set(ANN, row({ id: ANN, state: 'ON_CALL', now: READY, since: T0 + 9 }));
    connector.look([ANN]);
    await until(rig, () => rig.said.counts.get('diff_gap') === 1, 'the gap is counted', 30_000);
    assert.equal(
      rig.said.observations.findLast((one) => one.account === ANN)?.presence.acd,
      'engaged',
    );
    await connector.stop();
  });

  it('keeps the socket through damage, and gives it up when nothing else comes', async () => {
    const { rig, five9, connector } = await world();
    for (let i = 0; i < 19; i += 1) five9.say('{broken');
    five9.push({ id: ANN, state: 'ACW', now: READY, since: T0 + 1 });
    five9.say(frameText('99999', { new: true }));
    assert.equal(five9.open().length, 1);
    assert.equal(rig.said.counts.get('bad_frame'), 19);
    assert.equal(rig.said.counts.get('other_event'), 1);
    for (let i = 0; i < 20; i += 1) five9.say('{broken');
    assert.equal(five9.open().length, 0);
    await until(rig, () => rig.state() === 'live', 'live again', 60_000);
    await connector.stop();
  });

  it('keeps the socket, and the process, when a frame cannot be passed on', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let isRefusing = false;
    const connector = build(rig, five9);
    connector.start(
      {
        ...rig.sink,
        observe(observations): void {
          if (isRefusing) throw new TypeError('a bug of the receiver');
          rig.sink.observe(observations);
        },
      },
      rig.budget,
    );
    await until(rig, () => rig.state() === 'live', 'live');
    isRefusing = true;

    five9.push({ id: ANN, state: 'ACW', now: READY, since: T0 + 1 });
    isRefusing = false;
    five9.push({ id: ANN, state: 'ON_CALL', now: READY, since: T0 + 2 });

    assert.equal(rig.said.counts.get('bad_frame'), 1);
    assert.ok(rig.lines.some((line) => line.includes('a frame from Five9 was skipped')));
    assert.equal(five9.open().length, 1);
    assert.equal(rig.said.observations.at(-1)?.presence.acd, 'engaged');
    await connector.stop();
  });

  it('loads the names of the reason codes again when they change', async () => {
    const { rig, five9, connector } = await world();
    five9.codes = [{ id: '410002', name: 'Pause', selectable: true }];
    five9.say(frameText('5007', null));
    await until(
      rig,
      () => rig.said.observations.at(-1)?.presence.reason?.label === 'Pause',
      'the new name',
      60_000,
    );
    await connector.stop();
  });

  it('looks for everybody once however often it is asked, and not before the gap', async () => {
    const { rig, five9, connector } = await world();
    for (let i = 0; i < 50; i += 1) connector.look([ANN]);
    await rig.clock.advance(4_000);
    assert.equal(fulls(five9), 1);
    await rig.clock.advance(30_000);
    assert.ok(fulls(five9) <= 4, `${fulls(five9)} full statistics`);
    await connector.stop();
  });
});

describe('the life of the feed', () => {
  it('asks a quiet feed and stays, with a confirmation at least every half minute', async () => {
    const { rig, five9, connector } = await world();
    await rig.clock.advance(300_000);
    assert.equal(five9.lines.length, 1);
    assert.equal(rig.state(), 'live');
    const gaps = rig.said.confirmed.map((at, i) => at - (rig.said.confirmed[i - 1] ?? at));
    assert.ok(Math.max(...gaps) <= 30_000, `${Math.max(...gaps)} ms without confirmation`);
    await connector.stop();
  });

  it('notices within twenty seconds that a busy feed went dead although it answers pings', async () => {
    const { rig, five9, connector } = await world();
    for (let i = 1; i <= 60; i += 1) {
      await rig.clock.advance(1_000);
      five9.push({ id: ANN, state: 'READY', now: READY, since: T0 + i });
    }
    five9.feed = 'zombie';
    const died = rig.clock.monotonic();
    const confirmed = rig.said.confirmed.length;
    await until(rig, () => rig.said.counts.get('zombie') === 1, 'the zombie is noticed', 60_000);
    assert.ok(rig.clock.monotonic() - died <= 20_000);
    // A pong confirms only while data is fresh, so no more than the first one did.
    assert.ok(rig.said.confirmed.slice(confirmed).every((at) => at <= rig.clock.now() - 5_000));
    const before = rig.said.observations.length;
    five9.feed = 'alive';
    await until(rig, () => rig.state() === 'live', 'live again', 60_000);
    const [first, again] = [rig.said.observations[0], rig.said.observations[before]];
    assert.ok((again?.version.generation ?? 0) > (first?.version.generation ?? 0));
    await connector.stop();
  });

  it('takes a pong for a confirmation only while data is fresh', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9, { pingMs: 2_000, answerMs: 60_000 });
    const lastData = rig.clock.now();
    five9.feed = 'zombie';
    await rig.clock.advance(50_000);
    const latest = rig.said.confirmed.at(-1) ?? 0;
    assert.ok(latest > lastData + 10_000, 'fresh pongs confirm');
    assert.ok(latest <= lastData + 15_000, `${latest - lastData} ms after the last data`);
    await connector.stop();
  });

  it('gives up a link that swallows everything', async () => {
    const { rig, five9, connector } = await world();
    five9.feed = 'mute';
    await until(rig, () => rig.state() === 'degraded', 'noticed', 46_000);
    five9.feed = 'alive';
    await until(rig, () => rig.state() === 'live', 'live again', 60_000);
    await connector.stop();
  });

  it('repairs by full statistics every two minutes although differences flow', async () => {
    const { rig, five9, connector } = await world();
    for (let i = 1; i <= 250; i += 1) {
      await rig.clock.advance(1_000);
      five9.push({ id: ANN, state: 'READY', now: READY, since: T0 + i });
    }
    assert.equal(fulls(five9), 3);
    await connector.stop();
  });

  it('pauses longer and longer while Five9 is away, and proves the session before it connects', async () => {
    const { rig, five9, connector } = await world();
    five9.before = () => 'unreachable';
    for (const line of five9.open()) five9.drop(line, 1006);
    const sent = five9.requests.length;
    await rig.clock.advance(600_000);
    const tries = five9.requests.length - sent;
    assert.ok(tries >= 20 && tries <= 50, `${tries} tries in ten minutes`);
    assert.equal(rig.state(), 'down');
    five9.before = () => undefined;
    await until(rig, () => rig.state() === 'live', 'live again', 31_000);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });

  it('obeys a 429 to its question and stays connected', async () => {
    const { rig, five9, connector } = await world();
    let left = 1;
    five9.before = (request) =>
      request.url.endsWith('/request_full_statistics') && left-- > 0
        ? reply(429, '', { 'retry-after': '40' })
        : undefined;
    await until(rig, () => rig.state() === 'throttled', 'throttled', 60_000);
    const asked = fulls(five9);
    assert.deepEqual(rig.spent.throttled, [40_000]);
    await rig.clock.advance(39_000);
    assert.equal(fulls(five9), asked);
    await until(rig, () => rig.state() === 'live', 'live', 5_000);
    assert.equal(five9.lines.length, 1);
    await connector.stop();
  });

  it('grows more patient with a host that never answers in time', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.feed = 'zombie';
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => five9.lines.length === 5, 'five sockets', 300_000);
    assert.ok(rig.clock.monotonic() >= 5_000 + 10_000 + 20_000 + 40_000);
    five9.feed = 'alive';
    await until(rig, () => rig.state() === 'live', 'live', 300_000);
    await connector.stop();
  });

  it('costs a quiet domain less than 0.1 KB a second and agent', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    // As large as the rows that Five9 sends.
    const more = { padding: 'x'.repeat(900) };
    for (let i = 0; i < 40; i += 1) {
      const id = `3000000006${String(i).padStart(5, '0')}`;
      five9.rows.set(id, row({ id, state: 'NOT_READY', now: i % 2 === 0 ? RESTING : OURS, more }));
    }
    const size = JSON.stringify(row({ id: ANN, state: 'NOT_READY', now: RESTING, more })).length;
    assert.ok(size > 1_200, `${size} bytes a row`);
    const connector = await start(rig, five9);
    const before = five9.said;
    await rig.clock.advance(600_000);
    const rate = (five9.said - before) / 600 / five9.rows.size;
    assert.ok(rate > 10 && rate < 90, `${rate} bytes a second and agent`);
    await connector.stop();
  });
});
