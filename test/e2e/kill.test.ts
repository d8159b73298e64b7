/**
 * The process is killed without a word, again and again, while people live a day around it; each
 * time it starts again on the same journal. Nothing that it has done may be unknown to the journal,
 * no wrong write may happen on the way, and all must be in step at the end.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { createDay } from '../../emulators/day/day.ts';
import type { Day } from '../../emulators/day/day.ts';
import type { BoardItem } from '../../src/api/contract/board.ts';
import { boardPageSchema } from '../../src/api/contract/board.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { Random } from '../../src/lib/random.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Doubles } from './promises/doubles.ts';
import { readyViolations } from './promises/ready.ts';
import { restoredChecker } from './promises/restored.ts';
import { stopsChecker } from './promises/stops.ts';
import type { Lockstep, Platforms } from './kit.ts';
import {
  endHard,
  getJson,
  lockstep,
  newFolder,
  openPlatforms,
  until,
  verb,
  writeConfig,
} from './kit.ts';

const ROUNDS = Number(process.env['LOCKSTEP_KILL_ROUNDS'] ?? 8);
const SEED = 21;
const AGENTS = 60;
const SPEED = 20;
const HARD_MS = 60_000;
/** Longer than the life of a mark in the shared slot. */
const PAST_MARKS_MS = 7 * 60_000;

const sentSchema = z.object({ kind: z.literal('sent'), platform: z.string() });

const replaySchema = z.object({
  chain: z.object({ ok: z.boolean(), detail: z.string() }),
  records: z.number(),
  decisions: z.number(),
  different: z.array(z.number()),
});

describe(`kill -9, ${ROUNDS} times under load`, () => {
  const folder = newFolder();
  const chance = seededRandom(SEED).fork('kills');
  let platforms: Platforms;
  let day: Day;
  let court: Court;
  let running: Lockstep;
  let config = '';
  let rows: readonly BoardItem[] = [];

  before(async () => {
    platforms = await openPlatforms({ agents: AGENTS, seed: SEED });
    const { five9, graph, people, clock } = platforms;
    day = createDay({
      clock,
      random: seededRandom(SEED).fork('day'),
      five9: five9.emulator.acts,
      teams: graph.graph.acts,
      people,
      speed: SPEED,
      // Many meetings, calls and locked screens, so that a minute holds many stops of routing. What
      // people choose by hand is left to the simulation: at this speed a choice within the few
      // hundred milliseconds of a guarded write is not rare, and real time decides who comes first.
      teamsLife: { choice: 0, meeting: 6, call: 6, idle: 4 },
    });
    day.start();
    court = courtOf(platforms);
    config = writeConfig(folder.path, platforms);
    running = lockstep('start', '-c', config);
  });
  after(async () => {
    day.stop();
    await endHard(running);
    await platforms.close();
    folder.remove();
  });

  /** Waits while looking at the truth, as the checkers' logs are bounded. */
  const watch = <T>(what: string, ask: () => T | Promise<T>): ReturnType<typeof until<T>> =>
    until(
      what,
      () => {
        court.sample();
        return ask();
      },
      { withinMs: HARD_MS, saw: () => running.err() },
    );
  const url = async (): Promise<string> =>
    (await running.line(/Console (http:\S+)\//, HARD_MS))[1] ?? '';

  it('starts again every time', async (t) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const moment = momentOf(round, chance, platforms);
      await watch(`round ${round}: ${moment.words}`, moment.reached);
      running.kill('SIGKILL');
      const ended = await running.ended(HARD_MS);
      assert.equal(ended.signal, 'SIGKILL', `it ended by itself: ${ended.err}`);
      t.diagnostic(`killed ${moment.words}`);
      running = lockstep('start', '-c', config);
    }
    await url();
  });

  it('is in step again once the day is over', async () => {
    const address = await url();
    const mark = writesSeen(platforms);
    await watch('the last process works', () => writesSeen(platforms) > mark);
    day.stop();
    endContacts(platforms);
    let unfit: readonly string[] = [];
    await until(
      'everybody in step, or blocked with a reason',
      async () => {
        court.sample();
        rows = (await getJson(`${address}/v1/agents?limit=1000`, boardPageSchema)).items;
        unfit = rows.filter((row) => !isSettled(row)).map(wordsOf);
        return rows.length === AGENTS && unfit.length === 0;
      },
      { withinMs: HARD_MS, saw: () => unfit },
    );
  });

  it('has left nothing of ours, lost no choice and stopped or released nobody wrongly', async (t) => {
    // A mark in the shared slot that may be a person's own is left to end by itself.
    await advanceGraph(platforms, PAST_MARKS_MS);
    await watch('nothing of ours is left', () => court.left().length === 0).catch(() => undefined);
    t.diagnostic(
      `${court.indistinguishable()} choices that nobody could have told from ours (A11)`,
    );
    assert.deepEqual(court.verdict(), []);
    assert.ok(court.indistinguishable() <= 3, `${court.indistinguishable()} choices (A11)`);
    assert.ok(court.raced() <= 1, `${court.raced()} choices met a write on its way`);
    const stopsAndReleases = platforms.five9.emulator.writes().length;
    t.diagnostic(`${stopsAndReleases} writes to Five9`);
    assert.ok(stopsAndReleases > 10, 'the load must have stopped routing');
  });

  it('never exceeded the quota', () => {
    const { quota, statuses } = platforms.graph.graph.control.counts();
    assert.equal(statuses['429'], undefined);
    for (const { peak, rejected } of quota) {
      assert.equal(rejected, 0);
      assert.ok(peak <= 1_500, `${peak} requests in 30 s`);
    }
  });

  it('leaves a whole journal whose decisions are taken the same way again', async (t) => {
    running.kill('SIGTERM');
    const ended = await running.ended(HARD_MS);
    assert.equal(ended.code, 0, ended.err);
    const again = await verb('replay', join(folder.path, 'journal.db'), '--json');
    const { chain, records, decisions, different } = replaySchema.parse(JSON.parse(again.out));
    t.diagnostic(`${records} records, ${decisions} decisions; ${chain.detail}`);
    assert.equal(chain.ok, true, chain.detail);
    assert.deepEqual(different, []);
    assert.ok(decisions > AGENTS, `only ${decisions} decisions`);
    assert.equal(again.code, 0);
  });

  it('has written down everything that it did before it did it', async (t) => {
    const written = await sentByAgent(join(folder.path, 'journal.db'));
    const nameOf = new Map(rows.map(({ id, name }) => [id, name]));
    const known = new Map(
      [...written].map(([key, count]) => {
        const [agent = '', platform = ''] = key.split(' ');
        return [`${nameOf.get(agent) ?? agent} ${platform}`, count];
      }),
    );
    const done = doneByAgent(platforms);
    t.diagnostic(`${[...done.values()].reduce((sum, count) => sum + count, 0)} writes were seen`);
    const unknown = [...done].filter(([key, count]) => count > (known.get(key) ?? 0));
    assert.deepEqual(unknown, []);
  });
});

interface Moment {
  readonly words: string;
  readonly reached: () => boolean;
}

/** Every third kill falls into the start, the others into work; both counted in what was seen. */
function momentOf(round: number, chance: Random, platforms: Platforms): Moment {
  if (round % 3 === 0) {
    const requests = 1 + Math.floor(chance.next() * 14);
    const mark = requestsSeen(platforms);
    return {
      words: `after ${requests} requests of the start`,
      reached: () => requestsSeen(platforms) >= mark + requests,
    };
  }
  const writes = 1 + Math.floor(chance.next() * 25);
  const mark = writesSeen(platforms);
  return {
    words: `after ${writes} writes`,
    reached: () => writesSeen(platforms) >= mark + writes,
  };
}

function writesSeen({ five9, graph }: Platforms): number {
  return five9.emulator.writes().length + graph.graph.control.counts().writes;
}

function requestsSeen({ five9, graph }: Platforms): number {
  const ofFive9 = Object.values(five9.emulator.counters()).reduce((sum, each) => sum + each, 0);
  return ofFive9 + graph.graph.control.counts().requests;
}

interface Court {
  sample(): void;
  /** What is still ours, or not as it would be without us. */
  left(): readonly string[];
  verdict(): readonly string[];
  indistinguishable(): number;
  raced(): number;
}

function courtOf({ five9, graph, people, clock }: Platforms): Court {
  const world: Doubles = {
    clock,
    five9: five9.emulator,
    graph: graph.graph,
    people,
  };
  const stops = stopsChecker(world);
  const restored = restoredChecker(world);
  return {
    sample: () => {
      stops.sample();
      restored.sample();
    },
    left: () => restored.violations(),
    verdict: () => [
      ...stops.violations(restored.excused()),
      ...readyViolations(world),
      ...restored.violations(),
    ],
    indistinguishable: () => restored.indistinguishable(),
    raced: () => restored.raced(),
  };
}

function endContacts({ five9, people }: Platforms): void {
  const { acts } = five9.emulator;
  for (const { agent } of people) {
    if (acts.truth(agent).state === 'RINGING') acts.answer(agent);
    if (acts.truth(agent).state === 'ON_CALL') acts.hangUp(agent);
    if (acts.truth(agent).state === 'ACW') acts.finishWrapUp(agent);
    const { state, madeBy } = acts.truth(agent);
    if (state === 'NOT_READY' && madeBy === 'agent') acts.ready(agent);
  }
}

function wordsOf({ name, step, why, platforms }: BoardItem): string {
  return `${name} is ${step}: ${why} ${JSON.stringify(platforms)}`;
}

function isSettled({ step, platforms }: BoardItem): boolean {
  if (step === 'in_step') return true;
  return step === 'blocked' && platforms.some(({ blocked }) => blocked !== undefined);
}

async function advanceGraph({ graph }: Platforms, ms: number): Promise<void> {
  const response = await fetch(`${graph.url}/_emulator/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ms }),
  });
  assert.ok(response.ok, `the emulator's clock: ${response.status} ${await response.text()}`);
}

/** How often the journal says that something was sent, by agent and platform. */
async function sentByAgent(path: string): Promise<ReadonlyMap<string, number>> {
  const journal = await openSqliteJournal({ path });
  const counts = new Map<string, number>();
  try {
    for await (const { agent = '', kind, body } of journal.read()) {
      if (kind !== 'sent') continue;
      tally(counts, `${agent} ${sentSchema.parse(body).platform}`);
    }
  } finally {
    await journal.close();
  }
  return counts;
}

/** The writes that the platforms have seen, by person and platform. */
function doneByAgent({ five9, graph, people }: Platforms): ReadonlyMap<string, number> {
  const nameOf = new Map(
    people.flatMap(({ id, agent, user }) => [[agent, id] as const, [user, id]]),
  );
  const counts = new Map<string, number>();
  assert.equal(graph.graph.writesLog.dropped(), 0);
  for (const { agent } of five9.emulator.writes())
    tally(counts, `${nameOf.get(agent) ?? agent} five9`);
  for (const { user } of graph.graph.writesLog.since(0))
    tally(counts, `${nameOf.get(user) ?? user} teams`);
  return counts;
}

function tally(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
