import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { Outcome } from '../../src/connectors/connector.ts';
import { Bench, CODES } from '../../src/core/bench.test-kit.ts';
import { ON_ITS_WAY_MS } from '../../src/core/receipt.ts';
import type { Report } from '../../src/delivery/delivery.ts';
import type { DispatchParts } from '../../src/engine/dispatch.ts';
import { dispatch } from '../../src/engine/dispatch.ts';
import { Freshness } from '../../src/engine/freshness.ts';
import { Pipeline } from '../../src/engine/pipeline.ts';
import { Population } from '../../src/engine/population.ts';
import { Wakes } from '../../src/engine/wakes.ts';
import type { Journal, RecordKind } from '../../src/journal/journal.ts';
import type { MemoryDisk } from '../../src/journal/memory.ts';
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory.ts';
import type { Json } from '../../src/lib/json.ts';
import type { Presence } from '../../src/model/presence.ts';
import {
  accountOf,
  AVAILABLE,
  DND,
  fieldOf,
  journalWith,
  ON_CALL,
  PEOPLE,
  READY,
  readOf,
  ScriptedConnector,
} from './engine.test-kit.ts';

const SECOND = 1_000;
const BUSY: Presence = { ...DND, reach: 'busy', raw: 'Busy/Busy' };

interface Rig {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly journal: Journal;
  readonly population: Population;
  readonly five9: ScriptedConnector;
  readonly teams: ScriptedConnector;
  readonly parts: DispatchParts;
  readonly see: (platform: string, presence: Presence) => void;
  readonly tick: () => void;
  /** The next batch of records becomes durable this much later. */
  readonly holdUp: (ms: number) => void;
  readonly outcomes: Outcome[];
  readonly flushed: number[];
  readonly fatal: unknown[];
}

/** Agent A under the production pipeline, without lanes: each test sends by itself. */
function rig(): Rig {
  const clock = virtualClock(10_000_000);
  const disk = createMemoryDisk();
  let heldUpMs = 0;
  const beforeFlush = (): void | Promise<void> => {
    const ms = heldUpMs;
    heldUpMs = 0;
    if (ms > 0) return new Promise((resolve) => void clock.after(ms, resolve));
  };
  const journal = createMemoryJournal({ disk, beforeFlush });
  const population = new Population(new Bench().world);
  population.setPeople(PEOPLE);
  const freshness = new Freshness();
  const pipeline = new Pipeline({
    clock,
    journal,
    population,
    freshness,
    lanes: new Map(),
    wakes: new Wakes(clock, () => undefined),
    onApplied: () => undefined,
    count: () => undefined,
  });
  const outcomes: Outcome[] = [];
  const flushed: number[] = [];
  const fatal: unknown[] = [];
  const parts: DispatchParts = {
    clock,
    journal,
    population,
    pipeline,
    freshness,
    mayPass: () => true,
    onOutcome: (_platform, outcome) => outcomes.push(outcome),
    onDurable: (ms) => flushed.push(ms),
    onFatal: (error) => fatal.push(error),
  };
  return {
    clock,
    disk,
    journal,
    population,
    parts,
    outcomes,
    flushed,
    fatal,
    five9: new ScriptedConnector('five9'),
    teams: new ScriptedConnector('teams'),
    see: (platform, presence) => pipeline.observe(readOf(platform, 'a', presence, clock.now())),
    tick: () => void pipeline.apply('a', { kind: 'tick' }),
    holdUp: (ms) => {
      heldUpMs = ms;
    },
  };
}

/** A call that Teams should show: a session of ours, which needs no read right before. */
async function withCall(): Promise<Rig> {
  const bench = rig();
  bench.see('five9', ON_CALL);
  bench.see('teams', AVAILABLE);
  await bench.clock.run(SECOND);
  assert.equal(bench.population.plan('a', 'teams')?.kind, 'write');
  return bench;
}

/** Do not disturb, for which Five9 should stop routing: a shared slot, so it is guarded. */
async function withDnd(): Promise<Rig> {
  const bench = rig();
  bench.see('five9', READY);
  bench.see('teams', DND);
  await bench.clock.run(0);
  assert.equal(bench.population.plan('a', 'five9')?.kind, 'write');
  return bench;
}

/** What the journal holds of one kind, in order. */
async function bodiesOf(journal: Journal, kind: RecordKind): Promise<readonly Json[]> {
  const bodies: Json[] = [];
  for await (const record of journal.read()) if (record.kind === kind) bodies.push(record.body);
  return bodies;
}

async function receiptsOf(journal: Journal): Promise<readonly (Json | undefined)[]> {
  return (await bodiesOf(journal, 'outcome')).map((body) => fieldOf(body, 'receipt'));
}

/** Nothing left, the core knows that, and wants it again after its pause. */
async function assertNothingLeft(bench: Rig, report: Promise<Report>): Promise<void> {
  const { clock, journal, population, teams } = bench;
  await clock.run(0);
  assert.deepEqual(teams.writes, []);
  assert.deepEqual(await report, { kind: 'skipped' });
  assert.deepEqual(bench.outcomes, []);
  assert.deepEqual(await receiptsOf(journal), [{ kind: 'no_effect' }]);
  const face = population.state('a').faces['teams'];
  assert.deepEqual([face?.ours, face?.intent, face?.unknownSince], [[], undefined, undefined]);
  await clock.run(SECOND);
  bench.tick();
  assert.equal(population.plan('a', 'teams')?.kind, 'write');
}

/** It left once, and is in flight no more. */
async function assertLeft(bench: Rig, report: Promise<Report>): Promise<void> {
  const { clock, journal, population, teams } = bench;
  await clock.run(0);
  assert.deepEqual(teams.writtenTo(), [accountOf('a', 'teams')]);
  teams.answer({ kind: 'accepted' });
  assert.deepEqual(await report, { kind: 'done' });
  assert.deepEqual(bench.outcomes, [{ kind: 'accepted' }]);
  assert.deepEqual(await receiptsOf(journal), [{ kind: 'accepted' }]);
  assert.equal(population.state('a').faces['teams']?.intent, undefined);
}

describe('what is sent', () => {
  it('leaves only after the record that it leaves is durable', async () => {
    const bench = await withCall();
    const { clock, disk, teams, parts } = bench;
    let kept: readonly string[] = [];
    const wait = teams.onWrite;
    teams.onWrite = () => {
      kept = disk.records.map(({ kind }) => kind);
      return wait();
    };
    bench.holdUp(SECOND);

    const report = dispatch('a', teams, parts);
    await clock.run(SECOND - 1);
    assert.deepEqual(teams.writes, []);
    await clock.run(1);

    await assertLeft(bench, report);
    assert.equal(kept.at(-1), 'sent');
    assert.deepEqual(bench.flushed, [SECOND]);
    assert.deepEqual(bench.fatal, []);
  });

  it('never leaves when the journal refuses its record', async () => {
    const bench = await withCall();
    const refusal = new Error('no space left');
    const journal = journalWith(bench.journal, { durable: () => Promise.reject(refusal) });

    const report = await dispatch('a', bench.teams, { ...bench.parts, journal });

    assert.deepEqual(report, { kind: 'failed' });
    assert.deepEqual(bench.fatal, [refusal]);
    assert.deepEqual([bench.teams.writes, bench.outcomes, bench.flushed], [[], [], []]);
  });
});

describe('a lease of the journal', () => {
  it('lets a command leave while it lasts longer than a request is on its way', async () => {
    for (const [holdsMs, leaves] of [
      [0, false],
      [ON_ITS_WAY_MS, false],
      [ON_ITS_WAY_MS + 1, true],
    ] as const) {
      const bench = await withCall();
      const journal = journalWith(bench.journal, { holdsForMs: () => holdsMs });

      const report = dispatch('a', bench.teams, { ...bench.parts, journal });

      await (leaves ? assertLeft(bench, report) : assertNothingLeft(bench, report));
    }
  });

  it('is judged when the record is durable, not before', async () => {
    const bench = await withCall();
    const { clock, teams, parts } = bench;
    const until = clock.monotonic() + ON_ITS_WAY_MS + SECOND;
    const holdsForMs = (): number => until - clock.monotonic();
    bench.holdUp(SECOND);

    const report = dispatch('a', teams, {
      ...parts,
      journal: journalWith(bench.journal, { holdsForMs }),
    });
    await clock.run(SECOND);

    await assertNothingLeft(bench, report);
  });
});

describe('a command that waited for its record', () => {
  it('is decided again after more than two seconds', async () => {
    for (const [tookMs, leaves] of [
      [2 * SECOND, true],
      [2 * SECOND + 1, false],
      [60 * SECOND, false],
    ] as const) {
      const bench = await withCall();
      bench.holdUp(tookMs);

      const report = dispatch('a', bench.teams, bench.parts);
      await bench.clock.run(tookMs);

      await (leaves ? assertLeft(bench, report) : assertNothingLeft(bench, report));
      assert.equal(bench.flushed[0], tookMs);
    }
  });

  it('stays here when the lane was closed meanwhile', async () => {
    for (const closes of [true, false]) {
      const bench = await withCall();
      let open = true;
      bench.holdUp(SECOND);

      const report = dispatch('a', bench.teams, { ...bench.parts, mayPass: () => open });
      await bench.clock.run(SECOND / 2);
      open = !closes;
      await bench.clock.run(SECOND / 2);

      await (closes ? assertNothingLeft(bench, report) : assertLeft(bench, report));
    }
  });
});

describe('a guarded command', () => {
  it('goes only right after a read, and asks for one otherwise', async () => {
    for (const [ageMs, leaves] of [
      [500, true],
      [501, false],
    ] as const) {
      const bench = await withDnd();
      const { five9, parts, journal } = bench;
      await bench.clock.run(ageMs);

      const report = dispatch('a', five9, parts);
      await bench.clock.run(0);

      const account = accountOf('a', 'five9');
      assert.deepEqual(five9.writtenTo(), leaves ? [account] : []);
      assert.deepEqual(five9.looks, leaves ? [] : [account]);
      assert.equal((await bodiesOf(journal, 'sent')).length, leaves ? 1 : 0);
      if (leaves) five9.answer({ kind: 'accepted' });
      assert.deepEqual(await report, { kind: leaves ? 'done' : 'skipped' });
    }
  });

  it('goes when the read that it asked for has come', async () => {
    const bench = await withDnd();
    const { clock, five9, parts } = bench;
    await clock.run(SECOND);
    assert.deepEqual(await dispatch('a', five9, parts), { kind: 'skipped' });

    bench.see('five9', READY);
    const report = dispatch('a', five9, parts);
    await clock.run(0);
    five9.answer({ kind: 'accepted' });

    assert.deepEqual(await report, { kind: 'done' });
    const { command } = five9.writes[0] ?? {};
    assert.deepEqual([command?.guarded, command?.reasonCode], [true, CODES.dnd]);
  });

  it('does not rest on a read from before our own last write', async () => {
    const bench = await withDnd();
    const { clock, five9, parts } = bench;
    five9.onWrite = () => Promise.resolve({ kind: 'accepted' });
    await clock.run(100);
    assert.deepEqual(await dispatch('a', five9, parts), { kind: 'done' });
    bench.see('teams', BUSY);
    await clock.run(100);
    assert.equal(bench.population.plan('a', 'five9')?.kind, 'write');

    assert.deepEqual(await dispatch('a', five9, parts), { kind: 'skipped' });
    assert.deepEqual(five9.looks, [accountOf('a', 'five9')]);

    bench.see('five9', READY);
    assert.deepEqual(await dispatch('a', five9, parts), { kind: 'done' });
    const codes = five9.writes.map(({ command }) => command.reasonCode);
    assert.deepEqual(codes, [CODES.dnd, CODES.busy]);
  });
});

describe('an outcome', () => {
  it('is not known when the connector throws', async () => {
    const failures: readonly (() => Promise<Outcome>)[] = [
      () => Promise.reject(new Error('a bug')),
      () => {
        throw new Error('a bug');
      },
    ];
    for (const onWrite of failures) {
      const bench = await withCall();
      const { journal, population, teams, parts } = bench;
      teams.onWrite = onWrite;

      assert.deepEqual(await dispatch('a', teams, parts), { kind: 'failed' });

      assert.deepEqual(bench.outcomes, [{ kind: 'ambiguous', detail: 'a bug', mayArrive: true }]);
      assert.deepEqual(await receiptsOf(journal), [{ kind: 'ambiguous', mayArrive: true }]);
      // I11: nothing more is written until it was read after the request can have had its effect.
      const face = population.state('a').faces['teams'];
      assert.equal(face?.unknownSince, bench.clock.now() + ON_ITS_WAY_MS);
      assert.equal(population.plan('a', 'teams')?.kind, 'blocked');
    }
  });

  it('is written down without the account that a refusal names', async () => {
    const bench = await withCall();
    const { disk, journal, teams, parts } = bench;
    const account = accountOf('a', 'teams');
    const detail = `${account} has no licence; assign one to ${account}`;
    teams.onWrite = () => Promise.resolve({ kind: 'refused', reason: 'refused', detail });

    assert.deepEqual(await dispatch('a', teams, parts), { kind: 'done' });

    assert.deepEqual(await receiptsOf(journal), [
      {
        kind: 'refused',
        reason: 'refused',
        detail: 'the account has no licence; assign one to the account',
      },
    ]);
    assert.ok(disk.records.length > 0);
    for (const { body } of disk.records) assert.ok(!body.includes(account), body);
  });
});
