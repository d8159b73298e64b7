import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench } from '../core/bench.test-kit.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observation } from '../model/observation.ts';
import { judgeFeeds } from './feeds.ts';
import { Freshness } from './freshness.ts';
import { Pipeline } from './pipeline.ts';
import { Population } from './population.ts';
import { Wakes } from './wakes.ts';

const STALE_MS = 60_000;
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Two agents, both known, under the production pipeline. */
function rig(): {
  readonly pass: (ms: number) => void;
  readonly see: (agent: string, platform: string, observation: Partial<Observation>) => void;
  readonly judge: () => void;
  readonly planOf: (agent: string) => string | undefined;
} {
  let now = 10_000_000;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: () => ({ cancel: () => undefined }),
  };
  const { world } = new Bench();
  const population = new Population({ ...world, live: {} });
  population.setPeople(
    ['a', 'b'].map((id) => ({ id, name: id, accounts: { five9: id, teams: id } })),
  );
  const freshness = new Freshness();
  const pipeline = new Pipeline({
    clock,
    journal: createMemoryJournal(),
    population,
    freshness,
    lanes: new Map(),
    wakes: new Wakes(clock, () => undefined),
    onApplied: () => undefined,
    count: () => undefined,
  });
  return {
    pass: (ms) => {
      now += ms;
    },
    see: (account, platform, observation) =>
      pipeline.observe({
        platform,
        account,
        presence: { reach: 'available', acd: 'none', activity: 'none', raw: 'Available/Available' },
        version: { generation: 0 },
        asOf: clock.now(),
        via: 'sweep',
        ...observation,
      }),
    judge: () => {
      const since = new Map(['five9', 'teams'].map((id) => [id, clock.now() - STALE_MS]));
      judgeFeeds(since, { population, pipeline, freshness, log: QUIET });
    },
    planOf: (agent) => {
      const plan = population.plan(agent, 'five9');
      return plan?.kind === 'blocked' ? plan.blocked.reason : plan?.kind;
    },
  };
}

const READY: Partial<Observation> = {
  presence: {
    reach: 'available',
    acd: 'ready',
    activity: 'none',
    raw: 'READY:0',
    channels: ['CALL'],
  },
  via: 'push',
};
const DND: Partial<Observation> = {
  presence: { reach: 'dnd', acd: 'none', activity: 'none', raw: 'DoNotDisturb/DoNotDisturb' },
};

describe('a feed that is back after an outage', () => {
  it('is believed about those whom it told of, and about nobody else yet', () => {
    const { pass, see, judge, planOf } = rig();
    for (const agent of ['a', 'b']) see(agent, 'five9', READY);
    for (const agent of ['a', 'b']) see(agent, 'teams', {});
    judge();
    assert.deepEqual([planOf('a'), planOf('b')], ['none', 'none']);

    pass(STALE_MS + 1_000);
    for (const agent of ['a', 'b']) see(agent, 'five9', READY);
    judge();
    assert.deepEqual([planOf('a'), planOf('b')], ['stale_data', 'stale_data']);

    // Both chose Do not disturb long ago; the first batch of reads holds the one alone.
    see('a', 'teams', DND);
    judge();
    assert.deepEqual([planOf('a'), planOf('b')], ['write', 'none']);

    // A read that began during the outage and arrives now is no later than what is in doubt.
    see('b', 'teams', { ...DND, asOf: 10_000_500 });
    assert.equal(planOf('b'), 'none');
    see('b', 'teams', DND);
    assert.equal(planOf('b'), 'write');
  });
});
