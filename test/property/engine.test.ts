import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { Manifest } from '../../src/connectors/connector.ts';
import { Bench } from '../../src/core/bench.test-kit.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Journal } from '../../src/journal/journal.ts';
import type { MemoryDisk } from '../../src/journal/memory.ts';
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Presence } from '../../src/model/presence.ts';
import {
  accountOf,
  AVAILABLE,
  journalWith,
  ON_CALL,
  PEOPLE,
  QUIET,
  READY,
  readOf,
  ScriptedConnector,
} from './engine.test-kit.ts';

const SECOND = 1_000;
/** Unlike the default, so that a setting nobody reads is found. */
const STALE_MS = 20 * SECOND;
const BOTH = ['five9', 'teams'] as const;
const AWAY: Presence = { ...AVAILABLE, reach: 'away', raw: 'Away/Away' };

/** One process over a disk; several over one disk follow each other as after a crash. */
interface Life {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly journal: Journal;
  readonly engine: Engine;
  readonly five9: ScriptedConnector;
  readonly teams: ScriptedConnector;
}

interface Setting {
  readonly clock?: VirtualClock;
  readonly disk?: MemoryDisk;
  readonly tenant?: string;
  readonly journal?: (journal: Journal) => Journal;
  readonly beforeFlush?: () => void;
  readonly teamsQuota?: Manifest['quota'];
}

function lifeOf(setting: Setting = {}): Life {
  const { clock = virtualClock(10_000_000), disk = createMemoryDisk(), tenant = 't' } = setting;
  const memory = createMemoryJournal({
    disk,
    beforeFlush: () => setting.beforeFlush?.(),
  });
  const journal = setting.journal?.(memory) ?? memory;
  const five9 = new ScriptedConnector('five9', undefined, true);
  const teams = new ScriptedConnector('teams', setting.teamsQuota);
  const engine = new Engine({
    tenant,
    clock,
    random: seededRandom(1),
    log: QUIET,
    journal,
    connectors: [five9, teams],
    people: PEOPLE,
    policy: new Bench().world.policy,
    platforms: { five9: { staleAfterMs: STALE_MS }, teams: { staleAfterMs: STALE_MS } },
  });
  return { clock, disk, journal, engine, five9, teams };
}

type Shown = Partial<Record<(typeof BOTH)[number], Presence>>;

/** Both platforms, or the one that is named, are read for one agent now. */
function see(life: Life, agent: string, shown: Shown): void {
  for (const platform of BOTH) {
    const presence = shown[platform];
    if (presence === undefined) continue;
    const { given } = life[platform];
    if (given === undefined) throw new Error(`${platform} was not started`);
    given.sink.observe([readOf(platform, agent, presence, life.clock.now())]);
  }
}

/** Started, everybody read on both platforms, and both feeds found live. */
async function settled(setting: Setting = {}): Promise<Life> {
  const life = lifeOf(setting);
  await life.engine.start();
  await life.clock.run(SECOND);
  for (const agent of life.engine.agents()) see(life, agent, { five9: READY, teams: AVAILABLE });
  await life.clock.run(2 * SECOND);
  assert.deepEqual(life.engine.population.world.live, { five9: true, teams: true });
  return life;
}

/** Ends with live feeds and a call of A that Teams should show and could not take just then. */
async function crashedWithWish(): Promise<Life> {
  const life = await settled();
  see(life, 'a', { five9: ON_CALL });
  await life.clock.run(0);
  life.teams.answer({ kind: 'failed', detail: 'service unavailable' });
  await life.clock.run(0);
  life.engine.abandon();
  await life.clock.run(5 * SECOND);
  assert.deepEqual(life.teams.writtenTo(), [accountOf('a', 'teams')]);
  return life;
}

/** Feeds, take-overs and sends after `seq`, in the order in which they became durable. */
function storyOf(disk: MemoryDisk, seq: number): readonly string[] {
  const told = disk.records.filter(
    (record) => record.seq > seq && ['feed', 'epoch', 'sent'].includes(record.kind),
  );
  return told.map(({ kind, agent, body }) => {
    const live = /"live":(?:true|false)/.exec(body)?.[0] ?? '';
    const platform = /"platform":"\w+"/.exec(body)?.[0] ?? '';
    return [kind, agent, platform, live].filter(Boolean).join(' ').replaceAll('"', '');
  });
}

const TAKEN_OVER = [
  'feed platform:five9 live:false',
  'feed platform:teams live:false',
  'epoch',
  'epoch a',
  'epoch b',
];

describe('an engine that takes a tenant over', () => {
  it('wants nothing of what the last owner knew, and says so before it starts', async () => {
    const { clock, disk, journal } = await crashedWithWish();
    const { seq } = journal.head();
    const next = lifeOf({ clock, disk });
    const known: (readonly string[])[] = [];
    for (const platform of BOTH) next[platform].onStart = () => known.push(storyOf(disk, seq));

    await next.engine.start();

    // What is on the disk when a connector starts is what was durable by then.
    assert.deepEqual(known, [TAKEN_OVER, TAKEN_OVER]);
    await clock.run(30 * SECOND);
    assert.deepEqual(storyOf(disk, seq), TAKEN_OVER);
    assert.deepEqual([next.five9.writes, next.teams.writes], [[], []]);
  });

  for (const first of BOTH) {
    it(`writes when both platforms were read again, ${first} first`, async () => {
      const { clock, disk, journal } = await crashedWithWish();
      const { seq } = journal.head();
      const next = lifeOf({ clock, disk });
      await next.engine.start();
      await clock.run(SECOND);
      const shown = { five9: ON_CALL, teams: AVAILABLE };

      see(next, 'a', { [first]: shown[first] });
      await clock.run(3 * SECOND);
      assert.deepEqual([next.five9.writes, next.teams.writes], [[], []]);

      const second = first === 'five9' ? 'teams' : 'five9';
      see(next, 'a', { [second]: shown[second] });
      await clock.run(3 * SECOND);
      assert.deepEqual(next.teams.writtenTo(), [accountOf('a', 'teams')]);
      const live = [`feed platform:${first} live:true`, `feed platform:${second} live:true`];
      assert.deepEqual(storyOf(disk, seq), [...TAKEN_OVER, ...live, 'sent a platform:teams']);
    });
  }
});

describe('an engine over the journal of another tenant', () => {
  it('refuses it, names both tenants, and starts nothing', async () => {
    const { clock, disk, engine } = await settled({ tenant: 'contoso' });
    engine.abandon();
    const records = disk.records.length;
    const next = lifeOf({ clock, disk, tenant: 'fabrikam' });

    await assert.rejects(next.engine.start(), {
      code: 'JOURNAL_FOREIGN',
      message: /"contoso".*"fabrikam"/,
      fix: /tenant\.id/,
    });

    await clock.run(5 * SECOND);
    assert.deepEqual([next.five9.given, next.teams.given], [undefined, undefined]);
    assert.equal(disk.records.length, records);
  });
});

describe('an engine whose data grows old', () => {
  it('calls nobody in step on old data, though the others keep the platform live', async () => {
    for (const silent of BOTH) {
      const life = await settled();
      const { clock, engine } = life;
      const shown = { five9: READY, teams: AVAILABLE };
      const { [silent]: missed, ...heard } = shown;
      for (const agent of ['a', 'b']) see(life, agent, shown);
      await clock.run(STALE_MS / 2);
      see(life, 'a', heard);
      see(life, 'b', shown);
      await clock.run(STALE_MS / 2);
      assert.deepEqual([engine.status('a'), engine.status('b')], ['in_step', 'in_step']);

      await clock.run(1);
      assert.deepEqual(engine.population.world.live, { five9: true, teams: true });
      assert.deepEqual([engine.status('a'), engine.status('b')], ['unknown', 'in_step']);
      assert.equal(engine.situation('a')?.status, 'unknown');

      see(life, 'a', { [silent]: missed });
      assert.deepEqual([engine.status('a'), engine.status('b')], ['in_step', 'in_step']);
    }
  });

  it('writes after an outage only for those whom it has read again', async () => {
    const life = await settled();
    const { clock, engine, teams } = life;
    for (let silentMs = 0; silentMs <= STALE_MS; silentMs += 5 * SECOND) {
      for (const agent of ['a', 'b']) see(life, agent, { five9: READY });
      await clock.run(5 * SECOND);
    }
    assert.deepEqual(engine.population.world.live, { five9: true, teams: false });
    // Both get a call; what they have chosen on Teams meanwhile is not known.
    for (const agent of ['a', 'b']) see(life, agent, { five9: ON_CALL });
    await clock.run(2 * SECOND);
    assert.deepEqual(teams.writtenTo(), []);

    see(life, 'a', { teams: AVAILABLE });
    await clock.run(10 * SECOND);
    assert.deepEqual(engine.population.world.live, { five9: true, teams: true });
    assert.deepEqual(teams.writtenTo(), [accountOf('a', 'teams')]);

    see(life, 'b', { teams: AVAILABLE });
    await clock.run(2 * SECOND);
    assert.deepEqual(teams.writtenTo(), [accountOf('a', 'teams'), accountOf('b', 'teams')]);
  });
});

describe('an engine whose journal refuses', () => {
  it('notices it although nothing has to be written, and sends nothing more', async () => {
    let refuses = false;
    const life = await settled({
      journal: (journal) =>
        journalWith(journal, {
          durable: (seq) =>
            refuses ? Promise.reject(new Error('no space left')) : journal.durable(seq),
        }),
    });
    const { clock, engine, teams } = life;
    await clock.run(3 * SECOND);
    assert.equal(engine.failure(), undefined);

    refuses = true;
    await clock.run(3 * SECOND);
    assert.match(engine.failure() ?? '', /no space left/);

    // Even if it takes records again: what it refused is missing from it (J4).
    refuses = false;
    see(life, 'a', { five9: ON_CALL });
    await clock.run(5 * SECOND);
    assert.equal(engine.population.plan('a', 'teams')?.kind, 'write');
    assert.deepEqual(teams.writes, []);
  });

  it('notices a refused record that nothing waits for', async () => {
    let full = false;
    const life = await settled({
      beforeFlush: () => {
        if (full) throw new Error('no space left');
      },
    });

    full = true;
    // It asks for nothing on the other platform, so no command waits for its record.
    see(life, 'a', { teams: AWAY });
    await life.clock.run(3 * SECOND);

    assert.match(life.engine.failure() ?? '', /no space left/);
    assert.deepEqual([life.five9.writes, life.teams.writes], [[], []]);
  });
});

describe('what is in doubt on a platform that pushes', () => {
  it('is asked for until it has been read, and nothing else is', async () => {
    const life = lifeOf();
    await life.engine.start();
    await life.clock.run(SECOND);
    for (const agent of ['a', 'b']) see(life, agent, { teams: AVAILABLE });
    see(life, 'a', { five9: READY });
    await life.clock.run(5 * SECOND);
    assert.deepEqual(new Set(life.five9.looks), new Set([accountOf('b', 'five9')]));
    assert.deepEqual(life.teams.looks, [], 'a sweep finds its own way');

    see(life, 'b', { five9: READY });
    life.five9.looks.length = 0;
    await life.clock.run(5 * SECOND);
    assert.deepEqual(life.five9.looks, []);
  });
});

describe('an engine after a restart', () => {
  const teamsQuota = { requests: 100, windowMs: 30 * SECOND, readShare: 0.4, source: 'the test' };

  it('counts the reads that the process before may have made', async () => {
    const before = lifeOf({ teamsQuota });
    await before.engine.start();
    assert.equal(before.engine.lane('teams')?.used(), 0);
    assert.equal(before.teams.given?.budget.used(), 0);
    before.engine.abandon();

    const next = lifeOf({ clock: before.clock, disk: before.disk, teamsQuota });
    await next.engine.start();

    assert.equal(next.engine.lane('teams')?.used(), 0.4);
    assert.equal(next.teams.given?.budget.used(), 0.4);
  });

  it('counts them after an orderly stop too, whose snapshot is younger than they are', async () => {
    const before = await settled({ teamsQuota });
    const { clock, disk, engine, teams } = before;
    see(before, 'a', { five9: ON_CALL });
    await clock.run(0);
    teams.answer({ kind: 'accepted' });
    await clock.run(SECOND);
    await engine.stop();

    const next = lifeOf({ clock, disk, teamsQuota });
    const { fromSnapshot } = await next.engine.start();

    assert.ok(fromSnapshot > 0, 'it must begin with the snapshot');
    assert.equal(next.engine.lane('teams')?.used(), 0.41);
  });

  it('counts the writes of the process before while their window lasts', async () => {
    for (const [pauseMs, used] of [
      [5 * SECOND, 0.41],
      [40 * SECOND, 0.4],
    ] as const) {
      const before = await settled({ teamsQuota });
      const { clock, disk, engine, teams } = before;
      see(before, 'a', { five9: ON_CALL });
      await clock.run(0);
      assert.equal(teams.writes.length, 1);
      engine.abandon();
      await clock.run(pauseMs);

      const next = lifeOf({ clock, disk, teamsQuota });
      await next.engine.start();

      assert.equal(next.engine.lane('teams')?.used(), used);
    }
  });
});
