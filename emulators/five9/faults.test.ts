import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExchangeError } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import {
  type Heard,
  SupervisorClient,
  eventId,
  fields,
  list,
  rowsOf,
} from './conformance-client.ts';
import { type Five9Emulator, createFive9Emulator } from './emulator.ts';
import type { Five9Options } from './options.ts';

const BASE = 'https://app-one.five9.test';
const STANDBY = 'https://app-two.five9.test';

interface World {
  readonly clock: VirtualClock;
  readonly five9: Five9Emulator;
  readonly client: SupervisorClient;
  readonly agent: string;
}

function world(options: Partial<Five9Options> = {}): World {
  const clock = virtualClock(1_767_225_600_000);
  const five9 = createFive9Emulator({
    clock,
    random: seededRandom('faults'),
    baseUrl: BASE,
    agents: 4,
    ...options,
  });
  const { exchange, openSocket, acts } = five9;
  const client = new SupervisorClient({
    loginUrl: BASE,
    userName: 'supervisor.bridge@example.com',
    password: 'emulated',
    exchange,
    openSocket,
    acts,
    passTime: () => clock.run(100),
    close: () => Promise.resolve(),
  });
  return { clock, five9, client, agent: acts.agents()[0] ?? '' };
}

/** A working supervisor who listens, and one agent who is ready. */
async function listening(
  options: Partial<Five9Options> = {},
): Promise<World & { readonly heard: Heard }> {
  const made = world(options);
  await made.client.work();
  const heard = await made.client.listen('one');
  made.five9.acts.logIn(made.agent);
  made.five9.acts.ready(made.agent);
  await made.clock.run(1_000);
  return { ...made, heard };
}

function ids(heard: Heard): readonly unknown[] {
  return heard.frames.map(eventId);
}

describe('five9 faults on the socket', () => {
  it('zombie_socket: pongs, no data, and a later socket is well', async () => {
    const { five9, client, heard, agent, clock } = await listening();
    five9.control.faults.on('zombie_socket');
    const before = heard.frames.length;
    heard.socket.send('ping');
    five9.acts.notReady(agent, '410001');
    await clock.run(2_000);
    assert.deepEqual(ids(heard).slice(before), ['1202']);
    const fresh = await client.listen('two');
    five9.acts.ready(agent);
    await clock.run(2_000);
    assert.equal(rowsOf(fresh, agent).at(-1)?.['state'], 'READY');
    five9.control.faults.off('zombie_socket');
    five9.acts.notReady(agent, '410002');
    await clock.run(2_000);
    assert.equal(rowsOf(heard, agent).at(-1)?.['reasonCodeId'], '410002');
  });

  it('half_open_socket: not even a pong', async () => {
    const { five9, heard, agent, clock } = await listening();
    five9.control.faults.on('half_open_socket');
    const before = heard.frames.length;
    heard.socket.send('ping');
    five9.acts.notReady(agent, '410001');
    await clock.run(5_000);
    assert.equal(heard.frames.length, before);
    assert.equal(heard.open, true);
    assert.equal(five9.control.faults.hits().half_open_socket, 2);
  });

  it('drop_diff, duplicate_diff and reorder_diff touch the next difference', async () => {
    const { five9, client, heard, agent, clock } = await listening();
    const reasons = (): readonly unknown[] =>
      rowsOf(heard, agent)
        .map((row) => row['reasonCodeId'])
        .slice(base);
    const base = rowsOf(heard, agent).length;
    const press = async (reason: string): Promise<void> => {
      five9.acts.notReady(agent, reason);
      await clock.run(1_000);
    };
    five9.control.faults.on('drop_diff', { count: 1 });
    await press('410001');
    await press('410002');
    five9.control.faults.on('duplicate_diff', { count: 1 });
    await press('410003');
    assert.deepEqual(reasons(), ['410002', '410003', '410003']);
    five9.control.faults.on('reorder_diff', { count: 1 });
    await press('410004');
    assert.equal(reasons().length, 3);
    await client.send('PUT', client.own('/request_full_statistics'));
    await clock.run(1_000);
    assert.deepEqual(ids(heard).slice(-2), ['5000', '5012']);
    assert.equal(reasons().at(-1), '410004');
  });

  it('close_sockets and socket_refused', async () => {
    const { five9, client, heard, clock } = await listening();
    five9.control.faults.on('socket_refused', { count: 1 });
    five9.control.faults.on('close_sockets');
    await clock.run(10);
    assert.equal(heard.closedWith, 1006);
    assert.equal((await client.listen('two')).closedWith, 1006);
    assert.equal((await client.listen('three')).open, true);
  });

  it('garbage_frame: broken, unknown, ill-formed and huge frames', async () => {
    const { five9, client, clock } = world();
    const login = await client.logIn();
    const authorization = `Bearer-${String(login['tokenId'])}`;
    const farmid = String(fields(login['context'])['farmId']);
    const texts: string[] = [];
    five9.openSocket(
      {
        url: `${BASE.replace('https', 'wss')}/supsvcs/sws/raw`,
        headers: { authorization, farmid },
        maxPayloadBytes: 67_108_864,
      },
      { onOpen: () => undefined, onText: (text) => texts.push(text), onClose: () => undefined },
    );
    await clock.run(10);
    five9.control.faults.on('garbage_frame', { count: 7 });
    await clock.run(10);
    assert.equal(texts.length, 8);
    assert.throws(() => JSON.parse(texts[1] ?? '') as unknown);
    assert.ok(texts.some((text) => text.length > 9_000_000));
  });

  it('migration: 70, 1002 with the new place, 73; the old session must restart', async () => {
    const { five9, client, heard, clock, agent } = await listening({ standbyUrl: STANDBY });
    five9.control.faults.on('migration', { value: 500 });
    await clock.run(2_000);
    assert.deepEqual(ids(heard).slice(-3), ['70', '1002', '73']);
    const moved = heard.frames.find((frame) => eventId(frame) === '1002') ?? {};
    assert.match(JSON.stringify(moved['payLoad']), /app-two\.five9\.test/);
    const old = await client.send('GET', client.org('/users'));
    assert.equal(old.status, 435);
    const detail = fields(fields(JSON.parse(old.body))['five9ExceptionDetail']);
    assert.equal(detail['errorCode'], 5001);
    await client.logIn('AttachExisting');
    assert.equal(client.base, STANDBY);
    assert.equal(await client.loginState(), 'SELECT_STATION');
    await client.work();
    five9.acts.notReady(agent, '410001');
    heard.socket.send('ping');
    await clock.run(2_000);
    assert.ok(heard.closedWith !== undefined || ids(heard).at(-1) === '1202');
  });

  it('migration without a new login: RELOGIN until session_restart', async () => {
    const { five9, client, heard } = await listening();
    five9.control.faults.on('migration');
    assert.equal(ids(heard).at(-1), '73');
    const wrongFarm = await client.send('GET', client.org('/users'));
    assert.match(wrongFarm.body, /"errorCode":5001/);
    await client.logIn('AttachExisting');
    await client.send('PUT', client.own('/session_start?force=true'));
    assert.equal(await client.loginState(), 'WORKING');
  });

  it('migration_foreign: only the frame lies', async () => {
    const { five9, client, heard } = await listening();
    five9.control.faults.on('migration_foreign');
    assert.match(JSON.stringify(heard.frames.at(-1)), /attacker\.invalid/);
    assert.equal(await client.loginState(), 'WORKING');
  });

  it('clock_skew: every vendor time stamp is off, ours are not', async () => {
    const { five9, heard, agent, clock } = await listening();
    five9.control.faults.on('clock_skew', { value: -600_000, forMs: 5_000 });
    const now = clock.now();
    five9.acts.notReady(agent, '410001');
    await clock.run(1_000);
    assert.equal(rowsOf(heard, agent).at(-1)?.['stateSince'], now - 600_000);
    await clock.run(5_000);
    five9.acts.ready(agent);
    assert.equal(five9.acts.truth(agent).since, clock.now());
  });

  it('domain_logged_out: everybody out, and back Not Ready when it ends', async () => {
    const { five9, heard, agent, clock } = await listening();
    five9.control.faults.on('domain_logged_out', { forMs: 10_000 });
    await clock.run(1_000);
    assert.equal(rowsOf(heard, agent).at(-1)?.['state'], 'LOGGED_OUT');
    await clock.run(10_000);
    assert.equal(five9.acts.truth(agent).state, 'NOT_READY');
  });

  it('maintenance_announced: event 37 with the time left', async () => {
    const { five9, heard } = await listening();
    five9.control.faults.on('maintenance_announced', { value: 90_000 });
    assert.equal(heard.frames.at(-1)?.['payLoad'], 90_000);
  });
});

describe('five9 faults on REST', () => {
  it('unauthorized_after_login strikes only in its window', async () => {
    const { five9, client, clock } = world();
    five9.control.faults.on('unauthorized_after_login', { value: 3_000 });
    await client.logIn();
    assert.equal((await client.send('GET', client.own('/login_state'))).status, 401);
    await clock.run(3_000);
    assert.equal((await client.send('GET', client.own('/login_state'))).status, 200);
  });

  it('improper_state, rate_limited and rest_down answer in their own ways', async () => {
    const { five9, client } = await listening();
    const ask = (): ReturnType<SupervisorClient['send']> =>
      client.send('GET', client.org('/users'));
    five9.control.faults.on('improper_state', { count: 1 });
    assert.equal((await ask()).status, 435);
    five9.control.faults.on('rate_limited', { count: 2, value: 30 });
    const limited = await ask();
    assert.equal(limited.status, 429);
    assert.equal(limited.headers['retry-after'], '30');
    assert.ok(fields(JSON.parse(limited.body))['resetEpochSeconds']);
    five9.control.faults.on('rate_limited', { count: 1, value: 0 });
    assert.equal((await ask()).headers['retry-after'], undefined);
    five9.control.faults.on('rest_down', { count: 1, value: 503 });
    assert.equal((await ask()).status, 503);
    five9.control.faults.on('rest_down', { count: 1 });
    await assert.rejects(ask(), (error) => error instanceof ExchangeError && !error.sent);
    assert.equal((await ask()).status, 200);
  });

  it('500 before and after the effect, and an answer that never comes', async () => {
    const { five9, client, agent, clock } = await listening();
    const { faults } = five9.control;
    faults.on('error_before_effect', { count: 1 });
    assert.equal((await client.writePresence(agent, [], '410001')).status, 500);
    assert.equal(five9.acts.truth(agent).state, 'READY');
    faults.on('error_after_effect', { count: 1 });
    assert.equal((await client.writePresence(agent, [], '410001')).status, 500);
    assert.equal(five9.acts.truth(agent).reasonCode, '410001');
    faults.on('timeout_after_effect', { count: 1 });
    const lost = client.writePresence(agent, [], '410002');
    const failed = assert.rejects(
      lost,
      (error) => error instanceof ExchangeError && error.kind === 'timeout' && error.sent,
    );
    await clock.run(60_000);
    await failed;
    assert.equal(five9.acts.truth(agent).reasonCode, '410002');
    const writes = five9.writes();
    assert.deepEqual(
      writes.map(({ status, effect }) => [status, effect]),
      [
        [500, false],
        [500, true],
        [0, true],
      ],
    );
    assert.equal(writes[1]?.before?.state, 'READY');
    assert.equal(writes[1]?.after?.madeBy, 'api');
  });

  it('slow_answers and latency are spent on the given clock', async () => {
    const { five9, client, clock } = world({ latency: { restMs: 80 } });
    five9.control.faults.on('slow_answers', { count: 1, value: 4_000 });
    let answeredAt = 0;
    void client.tryLogin('emulated').then(() => (answeredAt = clock.monotonic()));
    await clock.run(10_000);
    assert.equal(answeredAt, 4_080);
  });

  it('refuse_writes refuses with the status asked for', async () => {
    const { five9, client, agent } = await listening();
    five9.control.faults.on('refuse_writes', { count: 1, value: 409 });
    assert.equal((await client.writePresence(agent, [], '410001')).status, 409);
    assert.equal(five9.acts.truth(agent).routable, true);
  });

  it('kick: the token is dead and the sockets are closed', async () => {
    const { five9, client, heard, clock } = await listening();
    five9.control.faults.on('kick');
    await clock.run(10);
    assert.equal((await client.send('GET', client.org('/users'))).status, 401);
    assert.equal(heard.closedWith, 1000);
    await client.logIn('AttachExisting');
    assert.equal(await client.loginState(), 'WORKING');
  });

  it('notices: the session stops working until each is accepted', async () => {
    const { five9, client } = await listening();
    five9.control.faults.on('notices', { count: 2 });
    assert.equal(await client.loginState(), 'ACCEPT_NOTICE');
    const early = await client.send('GET', client.org('/users'));
    assert.match(early.body, /Improper agent login state ACCEPT_NOTICE while calling getUsers/);
    const notices = list(await client.read(client.own('/maintenance_notices'))).map(fields);
    assert.equal(notices.length, 2);
    for (const notice of notices) {
      const path = client.own(`/maintenance_notices/${String(notice['id'])}/accept`);
      const accepted = await client.send('PUT', path);
      assert.equal(fields(JSON.parse(accepted.body))['accepted'], false);
    }
    assert.equal(await client.loginState(), 'WORKING');
  });
});
