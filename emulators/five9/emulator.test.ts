import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import {
  SupervisorClient,
  eventId,
  fields,
  fullRows,
  list,
  rowsOf,
  source,
} from './conformance-client.ts';
import { type Five9Emulator, createFive9Emulator } from './emulator.ts';
import type { AuthVariant, Five9Options } from './options.ts';

const BASE = 'https://app-one.five9.test';

interface World {
  readonly clock: VirtualClock;
  readonly five9: Five9Emulator;
  readonly client: SupervisorClient;
  readonly agent: string;
}

function world(options: Partial<Five9Options> = {}): World {
  const clock = virtualClock(1_767_225_600_000);
  const random = seededRandom('emulator');
  const five9 = createFive9Emulator({ clock, random, baseUrl: BASE, agents: 3, ...options });
  const { exchange, openSocket, acts } = five9;
  const client = new SupervisorClient({
    loginUrl: options.loginUrl ?? BASE,
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

function ask(
  five9: Five9Emulator,
  method: HttpRequest['method'],
  path: string,
  extra: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<HttpResponse> {
  const body = extra.body === undefined ? {} : { body: JSON.stringify(extra.body) };
  return five9.exchange({ method, url: `${BASE}${path}`, headers: extra.headers ?? {}, ...body });
}

describe('five9 authorisation variants', () => {
  const headersFor = (login: Record<string, unknown>): Record<string, Record<string, string>> => {
    const token = String(login['tokenId']);
    const farmid = String(fields(login['context'])['farmId']);
    const cookie = `farmId=${farmid}; Authorization=Bearer-${token}`;
    return {
      hyphen: { authorization: `Bearer-${token}`, farmid },
      noFarm: { authorization: `Bearer-${token}` },
      space: { authorization: `Bearer ${token}`, farmid },
      cookie: { cookie },
      both: { authorization: `Bearer-${token}`, farmid, cookie },
      nothing: {},
    };
  };
  const accepted: readonly (readonly [AuthVariant, readonly string[]])[] = [
    ['bearer_hyphen', ['hyphen', 'both']],
    ['bearer_space', ['space']],
    ['cookies', ['cookie', 'both']],
    ['cookies_no_header', ['cookie']],
    ['any', ['hyphen', 'space', 'cookie', 'both']],
  ];
  for (const [auth, wanted] of accepted) {
    it(`${auth} accepts ${wanted.join(', ')} and nothing else`, async () => {
      const { five9, client } = world({ auth });
      const login = await client.logIn();
      const good: string[] = [];
      for (const [name, headers] of Object.entries(headersFor(login))) {
        const reply = await ask(five9, 'GET', '/supsvcs/rs/svc/auth/metadata', { headers });
        if (reply.status === 200) good.push(name);
        else assert.equal(reply.status, 401);
      }
      assert.deepEqual(good, wanted);
    });
  }
});

describe('five9 options', () => {
  it('logs in on the login host and serves the rest elsewhere', async () => {
    const loginUrl = 'https://app.five9.test';
    const { five9, client } = world({ loginUrl, cookieDomain: 'five9.test' });
    await client.work();
    assert.equal(client.base, BASE);
    const wrong = await five9.exchange({
      method: 'GET',
      url: `${loginUrl}/supsvcs/rs/svc/orgs/${client.orgId}/users`,
      headers: {},
    });
    assert.equal(wrong.status, 435);
    const nowhere = { method: 'GET', url: 'https://elsewhere.test/x', headers: {} } as const;
    await assert.rejects(five9.exchange(nowhere), /connect/);
  });

  it('batches differences at multiples of batchMs, whole rows, newest only', async () => {
    const { five9, client, clock, agent } = world({ batchMs: 2_000 });
    await client.work();
    const heard = await client.listen('batch');
    await clock.run(2_000 - (clock.monotonic() % 2_000) + 500);
    five9.acts.logIn(agent);
    five9.acts.ready(agent);
    await clock.run(1_400);
    assert.equal(rowsOf(heard, agent).length, 0);
    await clock.run(200);
    assert.deepEqual(
      rowsOf(heard, agent).map((row) => row['state']),
      ['READY'],
    );
  });

  it('sends the full frame at session start to sockets that are open already', async () => {
    const { client, clock } = world();
    await client.logIn();
    const heard = await client.listen('early');
    await client.send('PUT', client.own('/session_start?force=true'));
    await clock.run(1_000);
    assert.deepEqual(heard.frames.map(eventId), ['1010', '5000']);
    const twice = await client.send('PUT', client.own('/session_start'));
    assert.equal(twice.status, 409);
    assert.match(twice.body, /DUPLICATE_LOGIN/);
  });

  it('sends AGENT_STATISTIC rows when asked to', async () => {
    const { five9, client, clock, agent } = world({ statistics: true });
    five9.acts.logIn(agent);
    five9.acts.ready(agent);
    await client.work();
    const heard = await client.listen('statistics');
    five9.acts.ring(agent);
    five9.acts.answer(agent);
    await clock.run(60_000);
    five9.acts.hangUp(agent);
    await clock.run(1_000);
    const frame = heard.frames.findLast((one) => eventId(one) === '5012') ?? {};
    const row = fields(list(source(frame, 'AGENT_STATISTIC')?.['updated'])[0]);
    assert.equal(row['totalCallsCount'], 1);
    assert.equal(row['averageCallTime'], 60_000);
    await client.send('PUT', client.own('/request_full_statistics'));
    const full = heard.frames.findLast((one) => eventId(one) === '5000') ?? {};
    assert.equal(fullRows(full, 'AGENT_STATISTIC').length, 3);
  });

  it('delays Not Ready of a free agent in graceful mode, and Ready cancels it', async () => {
    const { five9, client, clock, agent } = world({ gracefulDelayMs: 5_000 });
    five9.acts.logIn(agent);
    five9.acts.ready(agent);
    await client.work();
    const heard = await client.listen('graceful');
    const reply = await client.writePresence(agent, [], '410101');
    const resource = fields(JSON.parse(reply.body));
    assert.equal(resource['pendingStateDelayTime'], 5_000);
    assert.equal(five9.acts.truth(agent).routable, true);
    await clock.run(1_000);
    const presence = fields(rowsOf(heard, agent).at(-1)?.['presence']);
    assert.equal(presence['gracefulModeOn'], true);
    assert.ok(Number(presence['nextStateChangeTimestamp']) > clock.now());
    await clock.run(4_000);
    assert.equal(five9.acts.truth(agent).state, 'NOT_READY');
    five9.acts.ready(agent);
    five9.acts.notReady(agent, '410001');
    five9.acts.ready(agent);
    await clock.run(10_000);
    assert.equal(five9.acts.truth(agent).state, 'READY');
  });

  it('refuses writes during a contact when told to', async () => {
    const { five9, client, agent } = world({ writesOnContact: 'refused' });
    five9.acts.logIn(agent);
    five9.acts.dial(agent);
    await client.work();
    assert.equal((await client.writePresence(agent, [], '410101')).status, 409);
    five9.acts.hangUp(agent);
    five9.acts.finishWrapUp(agent);
    assert.equal((await client.writePresence(agent, [], '410101')).status, 200);
  });

  it('takes an agent out of routing who misses a call', async () => {
    const { five9, clock, agent } = world({ missedCallNotReady: true, ringTimeoutMs: 15_000 });
    five9.acts.logIn(agent);
    five9.acts.ready(agent);
    five9.acts.ring(agent);
    clock.advance(15_000);
    const truth = five9.acts.truth(agent);
    assert.deepEqual([truth.state, truth.madeBy], ['NOT_READY', 'system']);
  });

  it('limits the rate with 429, Retry-After and the body that says how', async () => {
    const { client, clock } = world({ rateLimit: { requests: 5, periodMs: 60_000 } });
    await client.work();
    const states = [];
    for (let i = 0; i < 4; i += 1) {
      states.push((await client.send('GET', client.own('/login_state'))).status);
    }
    assert.deepEqual(states, [200, 200, 429, 429]);
    await clock.run(60_000);
    assert.equal((await client.send('GET', client.own('/login_state'))).status, 200);
  });

  it('keeps the extrapolated parts switchable', async () => {
    const { five9, client, agent } = world({
      extrapolated: { presenceReply: 'long_names', presenceReplyStatus: 202, customer: 'PII' },
      batchMs: 0,
    });
    five9.acts.logIn(agent);
    await client.work();
    const reply = await client.writePresence(agent, ['CALL'], '0');
    assert.equal(reply.status, 202);
    assert.ok(fields(JSON.parse(reply.body))['currentStateLong']);
    const heard = await client.listen('guess');
    five9.acts.ring(agent);
    assert.equal(rowsOf(heard, agent).at(-1)?.['customer'], 'PII');
  });

  it('names the field that is wrong', () => {
    assert.throws(() => world({ batchMs: -1 }), /batchMs is -1/);
    assert.throws(() => world({ baseUrl: 'five9' }), /baseUrl is "five9"/);
  });
});

describe('five9 domain changes', () => {
  it('announces users and reason codes, and shows who entered and left the view', async () => {
    const { five9, client, clock } = world();
    await client.work();
    const heard = await client.listen('changes');
    const added = five9.control.addUser({ userName: 'agent.900@example.com' });
    five9.acts.logIn(added);
    await clock.run(1_000);
    five9.control.renameUser(added, { fullName: 'Agent 900' });
    five9.control.setVisible(added, false);
    await clock.run(1_000);
    five9.control.reasons.change('410001', { selectable: false });
    five9.control.removeUser(added);
    await clock.run(1_000);
    assert.deepEqual(
      heard.frames.map(eventId),
      '1010 5006 5012 5006 5012 5007 5006 5012'.split(' '),
    );
    const parts = heard.frames.filter((frame) => eventId(frame) === '5012');
    const [entered, hidden] = parts.map((frame) => source(frame, 'AGENT_STATE') ?? {});
    assert.equal(list(entered?.['added']).length, 1);
    assert.deepEqual(hidden?.['removed'], [added]);
    assert.equal((await client.writePresence(added, [], '410002')).status, 404);
  });

  it('refuses reason codes that were removed or made unselectable', async () => {
    const { five9, client, agent } = world();
    five9.acts.logIn(agent);
    await client.work();
    five9.control.reasons.change('410101', { selectable: false });
    five9.control.reasons.remove('410102');
    assert.equal((await client.writePresence(agent, [], '410101')).status, 400);
    assert.equal((await client.writePresence(agent, [], '410102')).status, 400);
    assert.throws(() => five9.acts.notReady(agent, '410102'), /does not exist/);
    assert.deepEqual(
      five9.writes().map(({ status, effect, before }) => [status, effect, before?.state]),
      [
        [400, false, 'NOT_READY'],
        [400, false, 'NOT_READY'],
      ],
    );
  });
});

describe('five9 records and control', () => {
  it('logs requests without secrets and counts them', async () => {
    const { five9, client } = world({ keepRequests: 3 });
    await client.work();
    await client.read(client.org('/users'));
    const log = five9.requestLog();
    assert.equal(log.length, 3);
    assert.deepEqual(log.at(-1), {
      at: 1_767_225_600_000,
      method: 'GET',
      path: `/supsvcs/rs/svc/orgs/${client.orgId}/users`,
      operation: 'getUsers',
      status: 200,
    });
    assert.equal(five9.counters()['login 200'], 1);
    assert.doesNotMatch(JSON.stringify(log), /Bearer|emulated/);
  });

  it('offers every act, fault and change over HTTP, and resets', async () => {
    const { five9, client, agent } = world();
    const control = async (
      method: HttpRequest['method'],
      path: string,
      body?: unknown,
    ): Promise<HttpResponse> => ask(five9, method, `/_emulator${path}`, { body });
    const act = (name: string, body?: unknown): Promise<HttpResponse> =>
      control('POST', `/agents/${agent}/${name}`, body);
    const states: string[] = [];
    const acts = ['log-in', 'ready', 'ring', 'answer', 'hang-up', 'finish-wrap-up', 'dial'];
    for (const name of acts) {
      assert.equal((await act(name)).status, 200, name);
      states.push(five9.acts.truth(agent).state);
    }
    assert.deepEqual(states, 'NOT_READY READY RINGING ON_CALL ACW READY ON_CALL'.split(' '));
    assert.equal((await act('not-ready', { reasonCode: '410002' })).status, 200);
    assert.equal(five9.acts.truth(agent).pendingReasonCode, '410002');
    assert.match((await act('fly')).body, /no act/);
    assert.equal((await control('PUT', '/faults/drop_diff', { count: 2 })).status, 200);
    assert.equal((await control('PUT', '/faults/gremlins')).status, 400);
    assert.match((await control('GET', '/faults')).body, /"left":2/);
    assert.equal((await control('POST', '/users', { userName: 'x@example.com' })).status, 201);
    assert.equal((await control('POST', '/reason-codes', { name: 'Coffee' })).status, 201);
    assert.equal(five9.acts.agents().length, 4);
    await client.work();
    assert.equal((await control('POST', '/reset')).status, 204);
    assert.equal(five9.acts.agents().length, 3);
    assert.equal(five9.acts.truth(agent).state, 'LOGGED_OUT');
    assert.equal((await client.send('GET', client.org('/users'))).status, 401);
    assert.match((await control('GET', '/faults')).body, /"active":\[\]/);
    assert.equal((await control('GET', '/nothing')).status, 404);
  });
});
