import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench } from '../core/bench.test-kit.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { replayAll } from './past.ts';
import { Population } from './population.ts';
import { entryOfNotice, inputOfRecord, worldOfRecord } from './records.ts';
import { recover } from './recover.ts';

const AT = 1_000_000;

async function journalWithNotices(): Promise<ReturnType<typeof createMemoryJournal>> {
  const journal = createMemoryJournal();
  journal.append(entryOfNotice('teams', ['a', 'b'], AT));
  journal.append({ kind: 'feed', at: AT, body: { kind: 'feed', platform: 'teams', live: false } });
  await journal.durable(journal.append(entryOfNotice('teams', ['a'], AT + 1)));
  return journal;
}

describe('the record of a notice', () => {
  it('holds the platform and the ids of agents, and belongs to none of them', async () => {
    const journal = await journalWithNotices();
    const kept = [];
    for await (const record of journal.read(1, 1)) kept.push(record);

    assert.deepEqual(
      kept.map(({ kind, agent, at, body }) => ({ kind, agent, at, body })),
      [
        {
          kind: 'noticed',
          agent: undefined,
          at: AT,
          body: { platform: 'teams', agents: ['a', 'b'] },
        },
      ],
    );
    assert.ok((await journal.verify()).ok);
  });

  it('changes nothing: no input and no change of the world', async () => {
    const journal = await journalWithNotices();
    for await (const record of journal.read(1)) {
      assert.equal(inputOfRecord(record), undefined);
      assert.equal(worldOfRecord(record) === undefined, record.kind === 'noticed');
    }
  });

  it('is passed over by recovery and by a replay', async () => {
    const journal = await journalWithNotices();
    const { world } = new Bench('latest_human', []);
    const without = new Population(world);
    without.applyWorld({ kind: 'feed', platform: 'teams', live: false });

    const population = new Population(world);
    await recover(population, journal);
    assert.equal(population.fingerprint(), without.fingerprint());

    const replayed = await replayAll(journal, world);
    assert.deepEqual([replayed.records, replayed.different], [3, []]);
    assert.equal(replayed.finalStates, without.fingerprint());
  });
});
