/** What takes minutes, on a virtual clock: whether expiries are honoured, and what a slow 429 says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CLIENT,
  SECRET,
  TENANT,
  testWorld,
  type TestWorld,
} from '../../emulators/graph/test-world.ts';
import type { Finding, LearnOptions } from '../../src/connectors/connector.ts';
import { createTeamsConnector } from '../../src/connectors/teams/index.ts';
import { seededRandom } from '../../src/lib/random.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function learned(
  world: TestWorld,
  wishes: Partial<LearnOptions>,
  isProbed = true,
): Promise<Readonly<Record<string, Finding>>> {
  const { clock, subject, user } = world;
  const connector = createTeamsConnector(
    {
      cloud: 'global',
      tenantId: TENANT,
      clientId: CLIENT,
      credential: { secret: SECRET },
      loginUrl: subject.loginUrl,
      graphUrl: subject.graphUrl,
      quota: { requests: 50, windowMs: 30_000 },
    },
    {
      clock,
      random: seededRandom(3),
      exchange: subject.exchange,
      openSocket: () => {
        throw new Error('no socket');
      },
      log: QUIET,
    },
  );
  connector.watch(new Map([[user, 'cold']]));
  const end = { isThere: false };
  const work = connector
    .learn?.({
      ...(isProbed ? { probeAccount: user } : {}),
      rounds: 1,
      watchMs: 0,
      idleMs: 0,
      expiry: true,
      progress: () => undefined,
      isStopped: () => false,
      ...wishes,
    })
    .finally(() => {
      end.isThere = true;
    });
  assert.ok(work);
  for (let minutes = 0; !end.isThere && minutes < 60; minutes += 1) await clock.run(60_000);
  const findings = await work;
  await connector.stop();
  return Object.fromEntries(findings.map((finding) => [finding.id, finding]));
}

describe('what the doctor learns in minutes', () => {
  it('sees that both expiries are honoured, and leaves no trace', async () => {
    const world = testWorld();
    const { graph, user } = world;
    graph.acts.signIn(user);
    const truth = graph.acts.truth(user);

    const seen = await learned(world, {});

    for (const id of ['teams.session_expiry', 'teams.preferred_expiry']) {
      const value = seen[id]?.value;
      assert.ok(typeof value === 'object', JSON.stringify(seen[id]));
      assert.equal(value['honoured'], true, JSON.stringify(value));
      assert.ok(Number(value['endedAfterS']) >= 299 && Number(value['endedAfterS']) <= 305);
    }
    assert.equal(seen['teams.clean_up']?.value, true);
    // The fading of a device that nobody touches is no trace of ours.
    const { sessions, preferred } = graph.acts.truth(user);
    assert.deepEqual([sessions.filter(({ app }) => app), preferred], [[], truth.preferred]);
  });

  it('sees a session that ends too early', async () => {
    const world = testWorld();
    world.graph.control.faults.add({ kind: 'short_session', ms: 120_000 });

    const { 'teams.session_expiry': seen } = await learned(world, {});

    assert.deepEqual(seen?.value, { honoured: false, endedAfterS: 120 });
  });

  for (const [retryAfter, form] of [
    ['seconds', 'seconds'],
    ['date', 'date'],
    ['absent', 'absent'],
  ] as const) {
    it(`finds a quota smaller than configured, and Retry-After as ${form}`, async () => {
      const world = testWorld({ quotaLimit: 20, quotaCountsRejected: 'no', retryAfter });

      const seen = await learned(world, { beyondQuota: 0 }, false);

      const quota = seen['teams.quota']?.value;
      assert.ok(typeof quota === 'object');
      assert.deepEqual([quota['refused'], quota['answered']], [true, 20]);
      const after = seen['teams.retry_after']?.value;
      assert.ok(typeof after === 'object');
      assert.equal(after['form'], form);
      assert.equal(after['holds'], form === 'absent' ? undefined : true);
      const again = Number(after['takenAgainAfterS']);
      assert.ok(again >= 29 && again <= 32, String(again));
    });
  }

  it('goes beyond the configured quota by as much as was allowed, and no further', async () => {
    const world = testWorld({ quotaLimit: 1_500 });
    const seen = await learned(world, { expiry: false, beyondQuota: 7 });

    const quota = seen['teams.quota']?.value;
    assert.ok(typeof quota === 'object');
    assert.deepEqual([quota['refused'], quota['sent']], [false, 57]);
  });
});
