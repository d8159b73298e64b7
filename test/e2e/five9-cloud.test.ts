/** The New Platform over real HTTP: the connector, the double, and the listener between them. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { ENVELOPES, userUid } from '../../emulators/five9/cloud-options.ts';
import { serveCloud, type ServedCloud } from '../../emulators/five9/cloud-serve.ts';
import { isRecord, parsed } from '../../emulators/five9/presence.ts';
import { listenForPlatforms, type Inbound } from '../../src/api/inbound.ts';
import type { Connector, Sink } from '../../src/connectors/connector.ts';
import { createFive9Connector } from '../../src/connectors/five9/index.ts';
import { createHttp, type Http } from '../../src/connectors/kit/http.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { isStale, type Observation } from '../../src/model/observation.ts';

const WITHIN_MS = 20_000;
const LOOK_MS = 20;
const BUDGET = {
  read: () => Promise.resolve(),
  spend: () => undefined,
  throttled: () => undefined,
  used: () => 0,
};

interface Run {
  readonly served: ServedCloud;
  readonly connector: Connector;
  readonly latest: Map<string, Observation>;
  readonly counts: Map<string, number>;
  readonly noticed: string[];
  readonly hook: string;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function running(ids: 'vcc' | 'uid' = 'vcc', sweepMs = 60_000): Promise<Run> {
  const clock = systemClock();
  const served = await serveCloud({
    clock,
    random: seededRandom('e2e'),
    agents: 3,
    ids,
    // A refused post would go on after the test.
    retries: 0,
    // The administrator's requests below count, too.
    requestsPerSecond: 20,
  });
  closing.push(() => served.close());
  const receivers: Pick<Connector, 'receive'> = {
    receive: (request) => connector.receive?.(request) ?? Promise.resolve({ status: 404 }),
  };
  const inbound: Inbound = await listenForPlatforms({
    host: '127.0.0.1',
    port: 0,
    connectors: [receivers],
  });
  closing.push(() => inbound.close());
  const hook = `${inbound.url}/five9/8c1f`;
  const http: Http = createHttp({ allowed: [served.url], clock });
  closing.push(() => http.close());
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const connector = createFive9Connector(
    {
      source: 'cloud',
      cloud: {
        url: served.url,
        clientId: 'emulated-key',
        clientSecret: 'emulated-secret',
        domainId: '130045',
        sweepMs,
        events: { url: hook, username: 'lockstep', password: 'posted' },
      },
    },
    {
      clock,
      random: seededRandom('connector'),
      exchange: http.exchange,
      openSocket: () => assert.fail('a socket was opened'),
      log,
    },
  );
  closing.push(() => connector.stop());
  const made: Run = {
    served,
    connector,
    hook,
    latest: new Map(),
    counts: new Map(),
    noticed: [],
  };
  const sink: Sink = {
    observe: (observations) => {
      for (const next of observations) {
        const last = made.latest.get(next.account);
        const isOld = last !== undefined && isStale(next.version, last.version);
        if (!isOld) made.latest.set(next.account, next);
      }
    },
    missing: () => undefined,
    confirmed: () => undefined,
    noticed: (accounts) => {
      made.noticed.push(...accounts);
      return Promise.resolve();
    },
    health: () => undefined,
    count: (event, by = 1) => made.counts.set(event, (made.counts.get(event) ?? 0) + by),
  };
  const shown = served.domain.agents().map((id) => (ids === 'uid' ? userUid(id) : id));
  connector.watch(new Map(shown.map((id) => [id, 'hot'])));
  connector.start(sink, BUDGET);
  await until(() => made.latest.size === 3, 'the first sweep');
  return made;
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!holds()) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS);
    });
  }
}

async function call(
  run: Run,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { url } = run.served;
  const basic = Buffer.from('emulated-key:emulated-secret').toString('base64');
  const granted = await fetch(`${url}/oauth2/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: 'grant_type=client_credentials',
  });
  const token = String(fields(await granted.text())['access_token']);
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return fields(await answer.text());
}

function fields(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  return isRecord(value) ? value : {};
}

async function subscribe(run: Run, password = 'posted'): Promise<void> {
  const profile = await call(run, '/auth-profiles/v1/domains/130045/auth-profiles', {
    name: 'lockstep',
    type: 'BASIC',
    basicType: { userName: 'lockstep', password },
  });
  const base = '/events-subscription/v1/domains/130045/events/subscriptions';
  const names = ['Login', 'Logout', 'Ready', 'NotReady', 'Ringing', 'OnMedia', 'OffMedia'];
  const made = await call(run, base, {
    name: 'lockstep',
    delivery: { http: { method: 'POST', url: run.hook, authProfileId: profile['authProfileId'] } },
    eventGroup: { name: 'AgentEvent', fields: ['agentId', 'agentState', 'sequence_number'] },
    events: names.map((name) => ({ name, fields: [] })),
  });
  await call(run, `${base}/${String(made['id'])}/start`, {});
}

/** Somebody works: nobody looks away from a state for long. */
function work({ served: { domain } }: Run, agent: string): void {
  domain.logIn(agent);
  for (let turn = 0; turn < 4; turn += 1) {
    domain.ready(agent);
    domain.ring(agent);
    domain.answer(agent);
    domain.hangUp(agent);
    domain.finishWrapUp(agent);
    domain.notReady(agent, '410001');
  }
}

describe('events of the New Platform over HTTP', () => {
  it('lead to the true state, in whichever envelope and with either id', async () => {
    for (const [envelope, ids] of [
      ['bare', 'vcc'],
      ['events', 'uid'],
    ] as const) {
      const made = await running(ids);
      await subscribe(made);
      made.served.cloud.faults.envelope = envelope;
      const [agent = ''] = made.served.domain.agents();
      work(made, agent);
      const isTrue = (): boolean =>
        [...made.latest.values()].some(({ presence }) => presence.raw === 'NOT_READY:410001');
      await until(isTrue, `the state of ${agent} in ${envelope}`);
      assert.ok(made.noticed.length > 0);
      assert.equal(made.counts.get('event_unmapped'), undefined);
    }
  });

  it('that are lost, doubled and mixed end in the true state by the sweep', async () => {
    const made = await running('vcc', 2_000);
    await subscribe(made);
    Object.assign(made.served.cloud.faults, { drop: 0.4, duplicate: 0.4, shuffleMs: 300 });
    const agents = made.served.domain.agents();
    for (const [index, agent] of agents.entries()) {
      work(made, agent);
      made.served.cloud.faults.envelope = ENVELOPES[index] ?? 'bare';
    }
    made.served.cloud.faults.drop = 1;
    for (const agent of agents) made.served.domain.ready(agent);
    await until(() => made.served.cloud.isIdle(), 'the last post');
    const isTrue = (agent: string): boolean => {
      const { state, reasonCode } = made.served.domain.truth(agent);
      const raw = reasonCode === '0' ? state : `${state}:${reasonCode}`;
      return made.latest.get(agent)?.presence.raw === raw;
    };
    await until(() => agents.every(isTrue), 'the truth of everybody');

    assert.ok((made.counts.get('event_gap') ?? 0) > 0, 'gaps were noticed');
    assert.ok((made.counts.get('event_repeated') ?? 0) > 0, 'repeated ones were noticed');
    assert.equal(made.served.cloud.counts().posts(202) > 0, true);
  });

  it('with a wrong password change nothing', async () => {
    const made = await running();
    await subscribe(made, 'guessed');
    const before = new Map(made.latest);
    const { pages } = made.served.cloud.counts();
    work(made, made.served.domain.agents()[0] ?? '');
    await until(() => made.served.cloud.counts().posts(401) > 0, 'the first refusal');

    assert.deepEqual([made.noticed, made.latest], [[], before]);
    assert.equal(made.served.cloud.counts().pages, pages);
    assert.equal(made.counts.get('event'), undefined);
  });

  it('are examined by the doctor, from the key to the last event', async () => {
    const made = await running();
    const statuses = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await made.connector.doctor()).map(({ id, status }) => [id, status]));
    assert.equal((await statuses())['five9.cloud.subscription'], 'fail');
    await subscribe(made);
    made.served.domain.logIn(made.served.domain.agents()[0] ?? '');
    await until(() => (made.counts.get('event') ?? 0) > 0, 'an event');

    assert.deepEqual(await statuses(), {
      'five9.cloud.token': 'pass',
      'five9.cloud.snapshot': 'pass',
      'five9.cloud.ids': 'pass',
      'five9.cloud.subscription': 'pass',
      'five9.cloud.events': 'pass',
    });
    const accounts = await made.connector.accounts();
    assert.equal(accounts.length, 3);
  });
});
