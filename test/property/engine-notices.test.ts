import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { Sink } from '../../src/connectors/connector.ts';
import { Bench } from '../../src/core/bench.test-kit.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Journal } from '../../src/journal/journal.ts';
import {
  createMemoryDisk,
  createMemoryJournal,
  type MemoryDisk,
} from '../../src/journal/memory.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { accountOf, journalWith, PEOPLE, QUIET, ScriptedConnector } from './engine.test-kit.ts';

const A = accountOf('a', 'teams');
const B = accountOf('b', 'teams');

async function started(
  replaced: (journal: Journal) => Partial<Journal> = () => ({}),
): Promise<{ readonly sink: Sink; readonly disk: MemoryDisk; readonly engine: Engine }> {
  const disk = createMemoryDisk();
  const memory = createMemoryJournal({ disk });
  const clock = virtualClock(10_000_000);
  const teams = new ScriptedConnector('teams');
  const engine = new Engine({
    tenant: 't',
    clock,
    random: seededRandom(1),
    log: QUIET,
    journal: journalWith(memory, replaced(memory)),
    connectors: [new ScriptedConnector('five9'), teams],
    people: PEOPLE,
    policy: new Bench().world.policy,
    platforms: { five9: { staleAfterMs: 20_000 }, teams: { staleAfterMs: 20_000 } },
  });
  await engine.start();
  await clock.run(1_000);
  return { sink: teams.given?.sink ?? assert.fail('not started'), disk, engine };
}

const noticesOn = (disk: MemoryDisk): readonly string[] =>
  disk.records.filter(({ kind }) => kind === 'noticed').map(({ body }) => body);

describe('what a platform announces', () => {
  it('is on the disk when it may be acknowledged, with the ids of agents and no account', async () => {
    const { sink, disk, engine } = await started();
    const before = engine.population.fingerprint();
    await sink.noticed([A, 'nobody', B]);

    assert.deepEqual(
      noticesOn(disk).map((body): unknown => JSON.parse(body)),
      [{ platform: 'teams', agents: ['a', 'b'] }],
    );
    assert.ok(!noticesOn(disk).join().includes('account-of'));
    assert.equal(engine.population.fingerprint(), before);
    engine.abandon();
  });

  it('leaves no record when it is about nobody who is mapped', async () => {
    const { sink, disk, engine } = await started();
    await sink.noticed(['nobody']);
    await sink.noticed([]);

    assert.deepEqual(noticesOn(disk), []);
    engine.abandon();
  });

  it('is refused when it cannot be written down', async () => {
    let isFull = false;
    const { sink, engine } = await started((journal) => ({
      durable: (seq) => (isFull ? Promise.reject(new Error('full')) : journal.durable(seq)),
    }));
    isFull = true;

    await assert.rejects(sink.noticed([A]), /full/);
    engine.abandon();
  });
});
