import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import { createCloud, type CloudEmulator } from './cloud.ts';
import { ENVELOPES, type CloudOptions } from './cloud-options.ts';
import { basic } from './cloud-tokens.ts';
import { Five9Domain } from './model.ts';
import { five9Settings } from './options.ts';
import { isRecord, parsed } from './presence.ts';

const BASE = 'https://cloud.test';
const DOMAIN = `${BASE}/snapshot-stats/v1/domains/130045/statistics/agent-state`;
const SUBSCRIPTIONS = `${BASE}/events-subscription/v1/domains/130045/events/subscriptions`;
const PROFILES = `${BASE}/auth-profiles/v1/domains/130045/auth-profiles`;

interface Received {
  readonly url: string;
  readonly authorization: string;
  readonly body: unknown;
}

interface Bench {
  readonly clock: VirtualClock;
  readonly domain: Five9Domain;
  readonly cloud: CloudEmulator;
  readonly got: Received[];
  answer: () => number;
  call(method: 'GET' | 'POST', url: string, body?: object): Promise<HttpResponse>;
  subscribe(): Promise<void>;
}

function bench(more: Partial<CloudOptions> = {}, agents = 3): Bench {
  const clock = virtualClock(Date.UTC(2026, 0, 5, 8));
  const random = seededRandom('cloud');
  const domain = new Five9Domain(five9Settings({ clock, random, agents, baseUrl: BASE }));
  const got: Received[] = [];
  const cloud = createCloud({
    clock,
    random,
    domain,
    baseUrl: BASE,
    deliver: (url, headers, body) => {
      got.push({ url, authorization: headers['authorization'] ?? '', body: parsed(body) });
      return Promise.resolve({ status: made.answer(), body: '' });
    },
    ...more,
  });
  const made: Bench = {
    clock,
    domain,
    cloud,
    got,
    answer: () => 202,
    async call(method, url, body) {
      const granted = await cloud.exchange({
        method: 'POST',
        url: `${BASE}/oauth2/v1/token`,
        headers: { authorization: basic('emulated-key', 'emulated-secret') },
        body: 'grant_type=client_credentials',
      });
      const token = String(fields(granted.body)['access_token']);
      return cloud.exchange({
        method,
        url,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    async subscribe() {
      const profile = await made.call('POST', PROFILES, {
        name: 'p',
        type: 'BASIC',
        basicType: { userName: 'u', password: 'p' },
      });
      const { authProfileId } = fields(profile.body);
      const made2 = await made.call('POST', SUBSCRIPTIONS, {
        name: 's',
        delivery: { http: { method: 'POST', url: 'https://hook.test/x', authProfileId } },
        eventGroup: { name: 'AgentEvent', fields: ['agentId'] },
        events: ['Login', 'Logout', 'Ready', 'NotReady', 'Ringing', 'OnMedia'].map((name) => ({
          name,
        })),
      });
      assert.equal(made2.status, 201);
      await made.call('POST', `${SUBSCRIPTIONS}/${String(fields(made2.body)['id'])}/start`);
    },
  };
  return made;
}

function fields(text: unknown): Readonly<Record<string, unknown>> {
  const value = typeof text === 'string' ? parsed(text) : text;
  return isRecord(value) ? value : {};
}

function numbers(got: readonly Received[]): readonly unknown[] {
  return got.map(({ body }) => fields(body)['sequence_number']);
}

describe('the New Platform', () => {
  it('gives a token for the right key alone, and takes it until its end', async () => {
    const b = bench();
    const refused = await b.cloud.exchange({
      method: 'POST',
      url: `${BASE}/oauth2/v1/token`,
      headers: { authorization: basic('emulated-key', 'wrong') },
      body: 'grant_type=client_credentials',
    });
    assert.equal(refused.status, 401);
    assert.equal((await b.call('GET', DOMAIN)).status, 200);
    const headers = { authorization: 'Bearer cloud-token-1' };
    const again = { method: 'GET', url: DOMAIN, headers } as const;
    assert.equal((await b.cloud.exchange(again)).status, 200);
    b.clock.advance(3_600_000);
    assert.equal((await b.cloud.exchange(again)).status, 401);
  });

  it('shows every agent once, a hundred a page', async () => {
    const b = bench({}, 230);
    const seen = new Set<unknown>();
    let next: string | undefined = `${DOMAIN}?pageLimit=100`;
    let pages = 0;
    while (next !== undefined) {
      const page = fields((await b.call('GET', next)).body);
      const rows = page['data'];
      assert.ok(Array.isArray(rows));
      for (const row of rows) seen.add(fields(row)['id']);
      const link = fields(page['paging'])['next'];
      next = typeof link === 'string' ? BASE + link : undefined;
      pages += 1;
    }
    assert.deepEqual([seen.size, pages], [230, 3]);
    assert.equal((await b.call('GET', `${DOMAIN}?pageLimit=101`)).status, 400);
  });

  it('takes five requests in a second and says how long to wait', async () => {
    const b = bench();
    for (let sent = 0; sent < 5; sent += 1) {
      assert.equal((await b.call('GET', DOMAIN)).status, 200);
    }
    const sixth = await b.call('GET', DOMAIN);
    assert.deepEqual([sixth.status, sixth.headers['retry-after']], [429, '1']);
    b.clock.advance(1_000);
    assert.equal((await b.call('GET', DOMAIN)).status, 200);
  });
});

describe('events', () => {
  it('are posted in order, numbered, with the credential of the profile', async () => {
    const b = bench();
    await b.subscribe();
    const [agent = ''] = b.domain.agents();
    b.domain.logIn(agent);
    b.domain.ready(agent);
    b.domain.notReady(agent, '410001');
    await b.clock.run(0);

    const names = b.got.map(({ body }) => fields(body)['event']);
    assert.deepEqual(names, ['Login', 'NotReady', 'Ready', 'NotReady']);
    assert.deepEqual(numbers(b.got), [1, 2, 3, 4]);
    assert.equal(b.got[0]?.authorization, basic('u', 'p'));
    const last = fields(b.got[3]?.body);
    assert.deepEqual([last['agentId'], last['reasonCode']], [agent, '410001']);
    assert.ok(b.cloud.isIdle());
  });

  it('come to nobody before the start of a subscription', async () => {
    const b = bench();
    await b.subscribe();
    const id = b.cloud.subscriptions()[0]?.id ?? '';
    await b.call('POST', `${SUBSCRIPTIONS}/${id}/stop`);
    b.domain.logIn(b.domain.agents()[0] ?? '');
    await b.clock.run(0);

    assert.deepEqual(b.got, []);
  });

  it('are lost, doubled and mixed by faults, and their numbers tell', async () => {
    const b = bench();
    await b.subscribe();
    const [agent = ''] = b.domain.agents();
    b.domain.logIn(agent);
    await b.clock.run(0);
    b.got.length = 0;
    b.cloud.faults.duplicate = 1;
    b.domain.ready(agent);
    await b.clock.run(0);
    assert.deepEqual(numbers(b.got), [3, 3]);

    b.got.length = 0;
    Object.assign(b.cloud.faults, { duplicate: 0, drop: 1 });
    b.domain.notReady(agent, '410001');
    Object.assign(b.cloud.faults, { drop: 0, shuffleMs: 5_000 });
    for (let turn = 0; turn < 5; turn += 1) {
      b.domain.ready(agent);
      b.domain.notReady(agent, '410001');
    }
    await b.clock.run(5_000);
    const came = numbers(b.got).map(Number);
    assert.equal(b.cloud.counts().dropped, 1);
    assert.deepEqual(
      came.toSorted((x, y) => x - y),
      [5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    );
    assert.notDeepEqual(
      came,
      came.toSorted((x, y) => x - y),
    );
  });

  it('come in whichever envelope, and again when they are refused', async () => {
    for (const envelope of ENVELOPES) {
      const b = bench({ envelope, unknownFields: true, ids: 'uid' });
      await b.subscribe();
      let refusals = 1;
      b.answer = () => (refusals-- > 0 ? 503 : 202);
      b.domain.logIn(b.domain.agents()[0] ?? '');
      await b.clock.run(1_000);

      const text = JSON.stringify(b.got[1]?.body);
      assert.deepEqual(b.got[0]?.body, b.got[1]?.body);
      assert.match(text, /"agentId":"0f9ab1c2-/u);
      assert.equal(text.startsWith('['), envelope === 'array', envelope);
      assert.deepEqual([b.cloud.counts().posts(503), b.cloud.counts().posts(202)], [1, 2]);
    }
  });
});
