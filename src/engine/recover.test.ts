import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench } from '../core/bench.test-kit.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { asJson } from '../lib/json.ts';
import type { Json } from '../lib/json.ts';
import type { AgentState } from '../model/face.ts';
import { Population } from './population.ts';
import { entryOfWorld } from './records.ts';
import { recover, saveSnapshot } from './recover.ts';

const AT = 1_000_000;

/** A state with marks, facts and a write in flight, under the world that it was decided in. */
function lived(): { readonly bench: Bench; readonly state: AgentState } {
  const bench = new Bench('latest_human', [{ code: '410002', show: 'brb' }]);
  bench.five9('ON_CALL').teams('Available/Available').deliver('teams').teams('Busy/InACall');
  bench.five9('READY').send('teams');
  return { bench, state: { ...bench.state, agent: 'a' } };
}

async function journalOf(
  ...bodies: readonly Json[]
): Promise<ReturnType<typeof createMemoryJournal>> {
  const journal = createMemoryJournal();
  for (const body of bodies) journal.append({ kind: 'feed', at: AT, body });
  await journal.durable(journal.head().seq);
  return journal;
}

describe('recovery', () => {
  it('takes up what a snapshot holds, and the records after it', async () => {
    const { bench, state } = lived();
    const journal = await journalOf({ kind: 'feed', platform: 'teams', live: false });
    const before = new Population({ ...bench.world, epoch: 7 });
    before.restore([state]);
    await saveSnapshot(before, journal);
    journal.append(entryOfWorld({ kind: 'feed', platform: 'five9', live: false }, AT));

    const after = new Population(bench.world);
    const recovery = await recover(after, journal);

    assert.deepEqual([recovery.fromSnapshot, recovery.replayed, recovery.epoch], [1, 1, 7]);
    assert.equal(after.fingerprint(), before.fingerprint());
    assert.equal(after.world.live['five9'], false);
  });

  it('replays every record when the snapshot has another shape', async () => {
    const { bench, state } = lived();
    const { faces: _faces, ...faceless } = state;
    const journal = await journalOf({ kind: 'feed', platform: 'teams', live: false });
    const { live, policy } = bench.world;
    const body = asJson({ states: [faceless], live, policy, epoch: 7, tenant: 't' });
    await journal.saveSnapshot({ ...journal.head(), body });

    const population = new Population(bench.world);
    const recovery = await recover(population, journal);

    assert.deepEqual([recovery.fromSnapshot, recovery.replayed], [0, 1]);
    assert.equal(population.world.live['teams'], false);
    assert.deepEqual(population.allStates(), []);
  });

  it('refuses a record of another shape, by its number and with what to do', async () => {
    const { bench } = lived();
    for (const body of [
      { kind: 'feed', platform: { toString: 1 }, live: false },
      { kind: 'feed', platform: 'teams' },
      asJson({ kind: 'policy', policy: { ...bench.world.policy, timing: {} } }),
      { kind: 'of a later version' },
      null,
    ]) {
      const journal = await journalOf({ kind: 'feed', platform: 'teams', live: false }, body);

      await assert.rejects(recover(new Population(bench.world), journal), {
        code: 'JOURNAL_CORRUPT',
        message: /Record 2 /,
        fix: /version/,
      });
    }
  });
});
