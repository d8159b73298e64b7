import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCloud, type CloudEmulator } from '../../../../emulators/five9/cloud.ts';
import type { CloudOptions as EmulatorOptions } from '../../../../emulators/five9/cloud-options.ts';
import { Five9Domain } from '../../../../emulators/five9/model.ts';
import { five9Settings } from '../../../../emulators/five9/options.ts';
import { virtualClock, type VirtualClock } from '../../../../emulators/virtual-clock.ts';
import type { Exchange } from '../../../lib/exchange.ts';
import { seededRandom } from '../../../lib/random.ts';
import { isStale, type Observation } from '../../../model/observation.ts';
import type { Health, InboundAnswer, Sink } from '../../connector.ts';
import { Intake } from '../intake.ts';
import { Lead } from '../lead.ts';
import { Outlet } from '../outlet.ts';
import { cloudSchema } from './options.ts';
import { CloudSource } from './source.ts';

const URL_OF = 'https://cloud.test';
const START = Date.UTC(2026, 0, 5, 8);

interface Bench {
  readonly clock: VirtualClock;
  readonly domain: Five9Domain;
  readonly cloud: CloudEmulator;
  readonly source: CloudSource;
  readonly seen: Observation[];
  readonly counts: Map<string, number>;
  readonly healths: Health[];
  readonly missing: string[];
  readonly looks: number[];
  readonly lead: Lead;
  tokens: number;
  /** What was told last, by the order that the core keeps. */
  shown(agent: string): string | undefined;
  post(event: object): Promise<InboundAnswer>;
}

function bench(more: Partial<EmulatorOptions> = {}, agents = 3, isBeside = false): Bench {
  const clock = virtualClock(START);
  const random = seededRandom('source');
  const domain = new Five9Domain(five9Settings({ clock, random, agents, baseUrl: URL_OF }));
  const deliver = (): Promise<never> => Promise.reject(new Error('nobody listens'));
  const cloud = createCloud({ clock, random, domain, baseUrl: URL_OF, deliver, ...more });
  const exchange: Exchange = (request) => {
    if (request.url.endsWith('/token')) made.tokens += 1;
    return cloud.exchange(request);
  };
  const outlet = new Outlet();
  const lead = new Lead(START / 1_000);
  const looks: number[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const source = new CloudSource({
    settings: cloudSchema.parse({
      url: URL_OF,
      clientId: 'emulated-key',
      clientSecret: 'emulated-secret',
      domainId: '130045',
      events: { url: 'https://hook.test/five9/x1', username: 'u', password: 'p' },
    }),
    seams: { clock, random, exchange, log },
    outlet,
    intake: new Intake(outlet, clock),
    ...(isBeside
      ? { first: { standIn: () => lead.standIn(), look: () => void looks.push(clock.now()) } }
      : {}),
  });
  const base = { seen: [], healths: [], missing: [], counts: new Map<string, number>() };
  const made: Bench = {
    ...base,
    clock,
    domain,
    cloud,
    source,
    looks,
    lead,
    tokens: 0,
    shown: (agent) =>
      made.seen.reduce<Observation | undefined>((last, next) => {
        if (next.account !== agent) return last;
        return last !== undefined && isStale(next.version, last.version) ? last : next;
      }, undefined)?.presence.raw,
    post: (event) =>
      source.receive({
        method: 'POST',
        path: '/five9/x1',
        query: new URLSearchParams(),
        authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
        body: () => Promise.resolve(JSON.stringify(event)),
      }),
  };
  const sink: Sink = {
    observe: (observations) => void made.seen.push(...observations),
    missing: (accounts) => void made.missing.push(...accounts),
    confirmed: () => undefined,
    noticed: () => Promise.resolve(),
    health: (health) => void made.healths.push(health),
    count: (event, by = 1) => made.counts.set(event, (made.counts.get(event) ?? 0) + by),
  };
  const budget = {
    read: () => Promise.resolve(),
    spend: () => undefined,
    throttled: () => undefined,
    used: () => 0,
  };
  outlet.attach(sink, budget);
  source.watch(new Set(domain.agents()));
  return made;
}

describe('sweeps of the New Platform', () => {
  it('read every agent on every page, within the pace, and again after the period', async () => {
    const b = bench({}, 250);
    b.source.start();
    await b.clock.run(5_000);
    assert.equal(new Set(b.seen.map(({ account }) => account)).size, 250);
    assert.deepEqual([b.cloud.counts().pages, b.cloud.counts().throttled], [3, 0]);
    assert.equal(b.healths.at(-1)?.state, 'live');

    await b.clock.run(6_000);
    assert.equal(b.cloud.counts().pages, 6);
    b.source.stop();
  });

  it('keep below 5 requests a second however large the domain is', async () => {
    const b = bench({}, 2_500);
    b.source.start();
    await b.clock.run(30_000);

    assert.equal(b.cloud.counts().throttled, 0);
    assert.equal(new Set(b.seen.map(({ account }) => account)).size, 2_500);
    b.source.stop();
  });

  it('get a fresh token once when theirs is refused, and one before its end', async () => {
    const b = bench({ tokenLifeMs: 60_000 });
    b.source.start();
    await b.clock.run(15_000);
    assert.equal(b.tokens, 1);
    b.cloud.revokeTokens();
    await b.clock.run(10_000);
    assert.equal(b.tokens, 2);
    await b.clock.run(60_000);

    assert.equal(b.tokens, 3);
    assert.equal(b.counts.get('snapshot_failed'), undefined);
    b.source.stop();
  });

  it('wait as long as they are told to and go on', async () => {
    const b = bench({}, 250);
    b.cloud.answerWith(429, 2);
    b.source.start();
    await b.clock.run(3_900);
    assert.equal(b.cloud.counts().pages, 0);
    await b.clock.run(3_000);

    assert.equal(b.cloud.counts().pages, 3);
    assert.equal(b.counts.get('cloud_throttled'), 2);
    b.source.stop();
  });

  it('tell an administrator what to do, and go on by themselves when it is done', async () => {
    const b = bench();
    b.cloud.answerWith(403, 3);
    b.source.start();
    await b.clock.run(1_000);
    assert.equal(b.healths.at(-1)?.state, 'auth_blocked');
    assert.match(b.healths.at(-1)?.action ?? '', /API Access Control/u);
    await b.clock.run(60_000);

    assert.equal(b.healths.at(-1)?.state, 'live');
    b.source.stop();
  });

  it('tell who is gone after two whole ones without them', async () => {
    const b = bench();
    const [agent = ''] = b.domain.agents();
    b.source.start();
    await b.clock.run(1_000);
    b.domain.removeUser(agent);
    await b.clock.run(10_000);
    assert.deepEqual(b.missing, []);
    await b.clock.run(10_000);

    assert.deepEqual(b.missing, [agent]);
    b.source.stop();
  });

  it('read a contact that shows in a channel alone', async () => {
    const b = bench({ presence: 'split', times: 'epoch' });
    const [agent = ''] = b.domain.agents();
    b.domain.logIn(agent);
    b.domain.ready(agent);
    b.domain.ring(agent);
    b.source.start();
    await b.clock.run(1_000);

    assert.equal(b.shown(agent), 'RINGING');
    b.source.stop();
  });
});

describe('an event', () => {
  const notReady = (agent: string, number: number, at: number): object => ({
    agentId: agent,
    agentState: 'NOT_READY',
    sequence_number: number,
    reasonCode: '410001',
    reasonSince: at,
  });

  async function reading(): Promise<{ b: Bench; agent: string }> {
    const b = bench();
    const [agent = ''] = b.domain.agents();
    b.domain.logIn(agent);
    b.domain.ready(agent);
    b.source.start();
    await b.clock.run(2_000);
    await b.post({ agentId: agent, agentState: 'READY', sequence_number: 1 });
    await b.clock.run(2_000);
    return { b, agent };
  }

  it('leads to a sweep at once', async () => {
    const { b, agent } = await reading();
    const { pages } = b.cloud.counts();
    await b.post({ agentId: agent, agentState: 'READY' });
    await b.clock.run(1_000);

    assert.equal(b.cloud.counts().pages, pages + 1);
    b.source.stop();
  });

  it('counts with the next number and a later time, until a snapshot tells', async () => {
    const { b, agent } = await reading();
    await b.post(notReady(agent, 2, b.clock.now()));
    assert.equal(b.shown(agent), 'NOT_READY:410001');
    // The snapshot lags behind, and then it is right: nobody is Not Ready there.
    await b.clock.run(5_000);
    assert.equal(b.shown(agent), 'NOT_READY:410001');
    await b.clock.run(20_000);

    assert.equal(b.shown(agent), 'READY');
    assert.equal(b.counts.get('event_used'), 1);
    b.source.stop();
  });

  it('is a hint alone when it is repeated, late, undated, older or of somebody not read', async () => {
    const { b, agent } = await reading();
    const now = b.clock.now();
    await b.post(notReady(agent, 3, 0));
    await b.post(notReady(agent, 3, now));
    await b.post(notReady(agent, 2, now));
    await b.post(notReady(agent, 4, START - 1_000));
    b.source.watch(new Set([agent, 'nobody']));
    await b.post(notReady('nobody', 1, now));
    await b.post(notReady('nobody', 2, now));

    assert.equal(b.counts.get('event_used'), undefined);
    assert.equal(b.shown(agent), 'READY');
    const counted = ['event_gap', 'event_repeated', 'event_late'].map((name) => b.counts.get(name));
    assert.deepEqual(counted, [1, 1, 1]);
    b.source.stop();
  });

  it('finds nobody there after the stop', async () => {
    const { b, agent } = await reading();
    b.source.stop();

    assert.deepEqual(await b.post(notReady(agent, 2, b.clock.now())), { status: 503 });
  });
});

describe('beside the supervisor’s feed', () => {
  it('stands in until the first row and after the end, between the feed’s own generations', async () => {
    const b = bench({}, 3, true);
    const [agent = ''] = b.domain.agents();
    const told = (): number | undefined => b.seen.at(-1)?.version.generation;
    b.source.start();
    await b.clock.run(2_000);
    const before = told() ?? 0;
    const first = b.lead.begins(b.clock.now());
    await b.clock.run(15_000);
    assert.ok(before < first && told() === before, 'a feed without rows says nothing yet');

    b.lead.hears({ rows: [] }, first);
    const { pages } = b.cloud.counts();
    await b.clock.run(60_000);
    assert.equal(b.cloud.counts().pages, pages);
    b.lead.ended();
    await b.clock.run(5_000);
    const between = told() ?? 0;
    const second = b.lead.begins(b.clock.now());

    assert.ok(first < between && between < second);
    assert.equal(b.shown(agent), 'LOGGED_OUT');
    assert.deepEqual([b.healths, b.missing], [[], []]);
    b.source.stop();
  });

  it('has the feed asked by an event, and uses nothing of its content', async () => {
    const b = bench({}, 3, true);
    const [agent = ''] = b.domain.agents();
    b.source.start();
    b.lead.hears({ rows: [] }, b.lead.begins(b.clock.now()));
    await b.clock.run(2_000);
    const event = { agentId: agent, agentState: 'LOGGED_OUT', reasonSince: b.clock.now() };
    for (const number of [1, 2]) await b.post({ ...event, sequence_number: number });

    assert.deepEqual([b.seen, b.looks.length], [[], 2]);
    b.source.stop();
  });
});
