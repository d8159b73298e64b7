import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../model/mark.ts';
import type { Connector, Outcome } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import {
  ANN,
  BOB,
  build,
  BREAK,
  OURS,
  READY,
  reply,
  RESERVED,
  RESTING,
  ScriptedFive9,
  start,
  until,
  T0,
  vendorFault,
} from './scripted-five9.test.ts';

const PUT: Command = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: RESERVED,
};
const RESTORE: Command = { ...PUT, kind: 'restore', previous: 'CALL,CHAT' };
const WRITES = '/presence';

async function settle(rig: Rig, work: Promise<Outcome>): Promise<Outcome> {
  let outcome: Outcome | undefined;
  void work.then((value) => {
    outcome = value;
  });
  await until(rig, () => outcome !== undefined, 'an outcome');
  return work;
}

async function world(): Promise<{ rig: Rig; five9: ScriptedFive9; connector: Connector }> {
  const rig = createRig();
  const five9 = new ScriptedFive9();
  return { rig, five9, connector: await start(rig, five9) };
}

describe('writing to Five9', () => {
  it('puts Not Ready through the supervisor’s path', async () => {
    const { five9, connector } = await world();
    assert.deepEqual(await connector.write(PUT, ANN), { kind: 'accepted' });
    const [sent] = five9.hits(WRITES);
    assert.equal(sent?.method, 'PUT');
    assert.ok(
      sent?.url.endsWith(`/supsvcs/rs/svc/supervisors/300000000500001/agents/${ANN}/presence`),
    );
    assert.match(sent?.body ?? '', /"readyChannels":\[\],"notReadyReasonCodeId":"410009"/);
    await connector.stop();
  });

  it('says pending when Five9 keeps the change for later', async () => {
    const { five9, connector } = await world();
    five9.write = () =>
      reply(202, {
        currentState: { readyChannels: ['CALL', 'CHAT'], notReadyReasonCodeId: '0' },
        pendingState: { readyChannels: [], notReadyReasonCodeId: RESERVED },
      });
    assert.deepEqual(await connector.write(PUT, ANN), { kind: 'accepted', pending: true });
    await connector.stop();
  });

  it('signs in once and repeats a write that met an ended session', async () => {
    const { rig, five9, connector } = await world();
    await rig.clock.advance(20_000);
    five9.token = 'token-2';
    assert.deepEqual(await settle(rig, connector.write(PUT, ANN)), { kind: 'accepted' });
    assert.equal(five9.hits('/auth/login').length, 2);
    await connector.stop();
  });

  it('does not give up a session that works because one path refuses it', async () => {
    const { rig, five9, connector } = await world();
    five9.write = () => reply(401, 'no');
    for (let i = 0; i < 5; i += 1) {
      assert.equal((await settle(rig, connector.write(PUT, ANN))).kind, 'denied');
    }
    assert.equal(five9.hits('/auth/login').length, 1);
    assert.equal(five9.open().length, 1, 'the feed goes on');
    await connector.stop();
  });

  it('recovers the session for 435 and for another farm, and writes once', async () => {
    const { five9, connector } = await world();
    five9.loginState = 'SELECT_STATION';
    assert.equal((await connector.write(PUT, ANN)).kind, 'accepted');
    five9.write = (request) =>
      request.headers['farmid'] === '160'
        ? reply(204)
        : reply(400, vendorFault(5001, 'Migrated', { farmId: '160' }));
    assert.equal((await connector.write(PUT, ANN)).kind, 'accepted');
    assert.equal(five9.hits(WRITES).length, 4);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });

  it('never repeats what may have had an effect', async () => {
    const { five9, connector } = await world();
    five9.write = () => 'lost';
    assert.equal((await connector.write(PUT, ANN)).kind, 'ambiguous');
    five9.write = () => reply(500, vendorFault(1, 'Internal'));
    assert.equal((await connector.write(PUT, ANN)).kind, 'ambiguous');
    assert.equal(five9.hits(WRITES).length, 2);
    await connector.stop();
  });

  it('answers ambiguous when the repeated request is lost', async () => {
    const { rig, five9, connector } = await world();
    let tries = 0;
    five9.write = () => ((tries += 1) === 1 ? reply(435, 'moved') : 'lost');
    assert.equal((await settle(rig, connector.write(PUT, ANN))).kind, 'ambiguous');
    await connector.stop();
  });

  it('surely did nothing when there is no session to be had', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = build(rig, five9);
    five9.before = () => 'unreachable';
    assert.equal((await connector.write(PUT, ANN)).kind, 'failed');
    five9.before = () => reply(401, vendorFault(2, 'Bad password'));
    const denied = await connector.write(PUT, ANN);
    assert.ok(denied.kind === 'denied' && /user name/.test(denied.action));
    assert.equal(five9.hits(WRITES).length, 0);
    await connector.stop();
  });

  it('keeps to its own pace and says so rather than queueing', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9, { writesPerSecond: 1, writeBurst: 2 });
    const began = rig.clock.monotonic();
    const outcomes: Promise<Outcome>[] = [];
    for (let i = 0; i < 6; i += 1) outcomes.push(connector.write(PUT, ANN));
    await rig.clock.advance(5_000);
    const kinds = (await Promise.all(outcomes)).map((outcome) => outcome.kind);
    assert.deepEqual(kinds, [
      'accepted',
      'accepted',
      'accepted',
      'accepted',
      'throttled',
      'throttled',
    ]);
    assert.ok(rig.clock.monotonic() - began >= 2_000);
    await connector.stop();
  });
});

describe('a write that waits while the connector stops', () => {
  it('is not sent and says nothing to the engine', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9, { writesPerSecond: 1, writeBurst: 1 });
    await connector.write(PUT, ANN);
    const late = connector.write(PUT, ANN);
    await connector.stop();
    const { calls } = rig.said;
    assert.equal((await settle(rig, late)).kind, 'failed');
    assert.equal(rig.said.calls, calls);
    assert.equal(five9.hits(WRITES).length, 1);
  });
});

describe('guarded writes', () => {
  const guarded = (command: Command): Command => ({ ...command, guarded: true });

  it('are dropped when somebody changed the state, and sent when it is as decided', async () => {
    const { five9, connector } = await world();
    const held = await connector.write(guarded(PUT), BOB);
    assert.ok(held.kind === 'failed' && /by themselves/.test(held.detail));
    five9.push({ id: BOB, state: 'READY', now: READY, since: T0 + 1 });
    assert.equal((await connector.write(guarded(PUT), BOB)).kind, 'accepted');
    const early = await connector.write(guarded(RESTORE), BOB);
    assert.ok(early.kind === 'failed' && /no longer Not Ready/.test(early.detail));
    five9.push({ id: BOB, state: 'NOT_READY', now: OURS, since: T0 + 2 });
    assert.equal((await connector.write(guarded(RESTORE), BOB)).kind, 'accepted');
    assert.equal(five9.hits(WRITES).length, 2);
    await connector.stop();
  });

  it('look at what is pending, which a write would replace', async () => {
    const { five9, connector } = await world();
    five9.push({ id: ANN, state: 'ON_CALL', now: READY, next: OURS, since: T0 + 1 });
    assert.equal((await connector.write(guarded(RESTORE), ANN)).kind, 'accepted');
    await connector.stop();
  });

  it('wait while the feed is not alive', async () => {
    const { rig, five9, connector } = await world();
    five9.feed = 'zombie';
    await until(rig, () => rig.state() === 'degraded', 'the feed ended', 60_000);
    assert.equal((await connector.write(guarded(RESTORE), BOB)).kind, 'failed');
    assert.equal((await connector.write(guarded(PUT), '300000000500999')).kind, 'failed');
    assert.equal(five9.hits(WRITES).length, 0);
    await connector.stop();
  });
});

describe('lists of Five9', () => {
  it('gives the users without the bridge account, with what they can be matched by', async () => {
    const { connector } = await world();
    assert.deepEqual(await connector.accounts(), [
      {
        id: ANN,
        name: 'Agent 000',
        upn: 'agent0@example.com',
        email: 'agent0@example.com',
        active: true,
        groups: [],
      },
      {
        id: BOB,
        name: 'Agent 001',
        upn: 'agent1@example.com',
        email: 'agent1@example.com',
        active: false,
        groups: [],
      },
    ]);
    await connector.stop();
  });

  it('gives the reason codes and skips what is none', async () => {
    const { five9, connector } = await world();
    five9.codes = [{ id: 7, name: 'Meeting', selectable: false }, { name: 'no id' }, 'x'];
    assert.deepEqual(await connector.reasonCodes?.(), [
      { code: '7', label: 'Meeting', selectable: false },
    ]);
    await connector.stop();
  });

  it('rejects with the reaction that is demanded', async () => {
    const { rig, five9, connector } = await world();
    const answer = { now: reply(403, vendorFault(9, 'No rights')) };
    five9.before = (request) => (request.url.endsWith('/users') ? answer.now : undefined);
    await assert.rejects(connector.accounts(), { reaction: 'ask_admin', code: 'FIVE9_PERMISSION' });
    answer.now = reply(429, '', { 'retry-after': '3' });
    await assert.rejects(connector.accounts(), { reaction: 'wait_until' });
    assert.deepEqual(rig.spent.throttled, [3_000]);
    answer.now = reply(200, '<html>');
    await assert.rejects(connector.accounts(), { code: 'FIVE9_UNREADABLE' });
    answer.now = reply(200, { users: [] });
    await assert.rejects(connector.accounts(), { code: 'FIVE9_UNREADABLE' });
    await connector.stop();
  });
});

const METADATA = {
  metadata: {
    dataCenters: [
      { name: 'Spare', active: false, apiUrls: [{ version: '12.0' }] },
      { name: 'Main', active: true, apiUrls: [{ version: '13.0.183' }] },
    ],
  },
};

describe('the examination', () => {
  async function statuses(rig: Rig, connector: Connector, probe?: string): Promise<string[]> {
    let done = false;
    const work = connector.doctor(probe);
    void work.then(() => {
      done = true;
    });
    await until(rig, () => done, 'the examination is over');
    return (await work).map((check) => `${check.id} ${check.status}`);
  }

  it('passes a sound connection and probes with what already stands there', async () => {
    const { rig, five9, connector } = await world();
    five9.before = (request) =>
      request.url.endsWith('/auth/metadata') ? reply(200, METADATA) : undefined;
    five9.push({ id: ANN, state: 'READY', now: READY, graceful: true, changedAt: T0 + 2 });
    five9.write = () => {
      five9.push({ id: BOB, state: 'NOT_READY', now: RESTING, changedAt: T0 + 9 });
      return reply(202);
    };
    assert.deepEqual(await statuses(rig, connector, BOB), [
      'five9.login pass',
      'five9.login_state pass',
      'five9.edition pass',
      'five9.feed pass',
      'five9.graceful warn',
      'five9.sockets pass',
      'five9.permissions pass',
      'five9.visibility pass',
      'five9.reason_codes pass',
      'five9.write pass',
    ]);
    assert.match(
      five9.hits(WRITES)[0]?.body ?? '',
      new RegExp(`"notReadyReasonCodeId":"${BREAK}"`),
    );
    await connector.stop();
  });

  it('never writes to a probe agent who is ready', async () => {
    const { rig, five9, connector } = await world();
    const checks = await statuses(rig, connector, ANN);
    assert.equal(checks.at(-1), 'five9.write skipped');
    assert.equal(five9.hits(WRITES).length, 0);
    await connector.stop();
  });

  it('finds missing rights, hidden agents and an unusable reason code', async () => {
    const { rig, five9, connector } = await world();
    five9.permissions = ['CAN_RUN_SUPERVISOR'];
    five9.codes = [{ id: RESERVED, name: 'Lockstep', selectable: false }];
    five9.before = (request) =>
      request.url.endsWith('/agents') ? reply(200, [{ id: ANN }]) : undefined;
    five9.write = () => reply(404, 'no such page');
    const checks = await statuses(rig, connector, BOB);
    assert.deepEqual(checks.slice(-4), [
      'five9.permissions fail',
      'five9.visibility warn',
      'five9.reason_codes fail',
      'five9.write fail',
    ]);
    await connector.stop();
  });

  it('brings its own feed when none runs, and leaves the session to others', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = build(rig, five9);
    const checks = await statuses(rig, connector);
    assert.ok(checks.includes('five9.feed pass'), checks.join());
    assert.equal(five9.open().length, 0);
    assert.equal(five9.hits('/auth/logout').length, 0);
    assert.equal(rig.said.calls, 0);
  });

  it('names the one thing that is wrong when it cannot sign in', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.before = () => reply(401, vendorFault(2, 'Bad password'));
    assert.deepEqual(await statuses(rig, build(rig, five9)), ['five9.login fail']);
  });
});
