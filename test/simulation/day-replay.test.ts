/** A day's journal alone gives that day again, to the last byte; and the same seed, the same journal. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { main } from '../../src/cli/verbs.ts';
import type { World } from '../../src/core/world.ts';
import { Population } from '../../src/engine/population.ts';
import { recover, replayRecord } from '../../src/engine/recover.ts';
import { replayJournal } from '../../src/journal/replay.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { canonical } from '../../src/lib/json.ts';
import type { Crash } from './recorded-day.ts';
import { openDay } from './recorded-day.ts';

const HOUR = 3_600_000;
const AGENTS = Number(process.env['LOCKSTEP_DAY_AGENTS'] ?? 24);
const HOURS = 8;
/** Where a flush costs nothing, if there is such a place: here nobody cuts the power. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** How much of the day is lived again; 8 for all of it. */
const AGAIN_HOURS = Number(process.env['LOCKSTEP_DAY_AGAIN_HOURS'] ?? 1.5);
const SEED = 4;

const answerSchema = z.object({
  chain: z.object({ ok: z.boolean(), detail: z.string() }),
  records: z.number(),
  decisions: z.number(),
  different: z.array(z.number()),
  states: z.string(),
});

interface Recorded {
  readonly path: string;
  /** The last record before the day was ended. */
  readonly worked: number;
  /** Canonical states that the last process ended with. */
  readonly states: string;
  /** What the first process began with. */
  readonly start: World;
  readonly answered: number;
  readonly writes: number;
  readonly crash: Crash | undefined;
}

describe(`the journal of ${HOURS} hours of ${AGENTS} agents`, () => {
  const folder = mkdtempSync(join(PLACE, 'lockstep-day-'));
  let first: Recorded;

  before(async () => {
    first = await record(join(folder, 'first.db'), SEED, HOURS);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds a whole day', (t) => {
    const { worked, answered, writes } = first;
    t.diagnostic(`${worked} records, ${answered} calls, ${writes} writes`);
    assert.ok(answered > AGENTS * HOURS * 4, `${answered} calls`);
    assert.ok(writes > AGENTS * HOURS * 4, `${writes} writes`);
  });

  it('gives every decision and the same states again, on its chain', async (t) => {
    let out = '';
    const code = await main(['replay', first.path, '--json'], {
      out: (line) => (out += line),
      err: () => undefined,
      stopped: () => Promise.resolve(),
    });
    const answer = answerSchema.parse(JSON.parse(out));
    t.diagnostic(`${answer.decisions} decisions; states ${answer.states}`);
    assert.equal(code, 0);
    assert.equal(answer.chain.ok, true, answer.chain.detail);
    assert.deepEqual(answer.different, []);
    assert.ok(answer.decisions > AGENTS * HOURS * 10, `${answer.decisions} decisions`);
    const states = createHash('sha256').update(first.states).digest('hex');
    assert.equal(answer.states, states, 'the states that the process ended with');
  });

  it('gives the same from the first record on and from the newest snapshot on', async () => {
    const journal = await openSqliteJournal({ path: first.path });
    try {
      const whole = new Population(first.start);
      const end = await replayJournal(journal, 1, (each) => replayRecord(whole, each));
      assert.deepEqual(end, journal.head());
      assert.equal(whole.fingerprint(), first.states);

      const short = new Population(first.start);
      const recovery = await recover(short, journal);
      assert.ok(recovery.fromSnapshot > 0, 'there is a snapshot');
      assert.equal(short.fingerprint(), first.states);
    } finally {
      await journal.close();
    }
  });

  it('gave the next process at noon what the crashed one knew', () => {
    const { crash } = first;
    assert.ok(crash !== undefined && crash.replayed > 0, 'records after the last snapshot');
    assert.equal(crash.rebuilt, crash.before);
  });

  it('is written to the last byte again by the same seed, and not by another', async (t) => {
    const again = await record(join(folder, 'again.db'), SEED, AGAIN_HOURS);
    t.diagnostic(`${again.worked} records, byte by byte`);
    const { worked } = again;
    assert.ok(worked > AGENTS * AGAIN_HOURS * 50, `${worked} records`);
    assert.equal(await storedOf(again.path, worked), await storedOf(first.path, worked));
    const other = await record(join(folder, 'other.db'), SEED + 1, 0.1);
    assert.notEqual(
      await storedOf(other.path, other.worked),
      await storedOf(first.path, other.worked),
    );
  });
});

/** So many hours, with a crash at noon when there is one. */
async function record(path: string, seed: number, hours: number): Promise<Recorded> {
  const noon = HOURS / 2;
  const recorded = await openDay({ seed, agents: AGENTS, path });
  const start = { ...recorded.engine().population.world, epoch: 0 };
  await recorded.run(Math.min(noon, hours) * HOUR);
  const crash = hours > noon ? await recorded.crash() : undefined;
  await recorded.run(Math.max(0, hours - noon) * HOUR);
  const worked = recorded.journal().head().seq;
  await recorded.end();
  const { day, vendors } = recorded;
  return {
    path,
    worked,
    states: recorded.engine().population.fingerprint(),
    start,
    answered: day.counts.answered,
    writes: vendors.five9.writes().length + vendors.graph.control.counts().writes,
    crash,
  };
}

/** SHA-256 over the first records with their hashes, as they are stored. */
async function storedOf(path: string, records: number): Promise<string> {
  const journal = await openSqliteJournal({ path });
  const digest = createHash('sha256');
  try {
    for await (const { body, ...facts } of journal.read(1, records))
      digest.update(`${JSON.stringify(facts)} ${canonical(body)}\n`);
  } finally {
    await journal.close();
  }
  return digest.digest('hex');
}
