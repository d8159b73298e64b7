/**
 * Processes that are killed or held still. The tests run side by side, because a minute in which a
 * process stands still costs nothing while others are killed.
 *
 * 1. Everything that a journal acknowledged is there after any of 500 kills, and nothing is wrong.
 * 2. A journal whose process stood still for a minute goes on, stays locked meanwhile, loses nothing.
 * 3. A service that stood still for a minute reads presence again before it writes anything.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, it } from 'node:test';
import { z } from 'zod';
import { createDay } from '../../emulators/day/day.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { seededRandom } from '../../src/lib/random.ts';
import {
  endHard,
  lockstep,
  newFolder,
  openPlatforms,
  until,
  verb,
  writeConfig,
} from '../e2e/kit.ts';
import type { Platforms } from '../e2e/kit.ts';
import { compile } from './compiled.ts';
import { hear, killRounds, startVictim } from './journal-kill.ts';
import { lastLook, newEvidence, note } from './kill-evidence.ts';
import { changeFile } from './changed-file.ts';
import { CANNOT_STOP, holdStill } from './stopped-process.ts';
import type { Stop } from './stopped-process.ts';
import { tell } from '../../simulation/trust/facts.ts';

const ROUNDS = Number(process.env['LOCKSTEP_TORTURE_KILLS'] ?? 500);
const SEED = 'torture';
const STILL_MS = 60_000;
/** A state that comes in a second or two may take this long while 500 others are started. */
const HARD_MS = 180_000;

const replaySchema = z.object({
  chain: z.object({ ok: z.boolean(), detail: z.string() }),
  records: z.number(),
  different: z.array(z.number()),
});

describe('killed and stopped processes', { concurrency: 5 }, () => {
  const folder = newFolder();
  after(() => folder.remove());

  it(`keeps what it acknowledged through ${ROUNDS} kills`, async (t) => {
    const began = performance.now();

    const report = await killRounds(ROUNDS, SEED, { lanes: 3, perJournal: 10 });

    const { faults, died, ...counts } = report;
    t.diagnostic(JSON.stringify({ ...counts, died }));
    t.diagnostic(`${((performance.now() - began) / ROUNDS).toFixed(0)} ms a round`);
    tell('kills', 'all', { rounds: report.rounds, acknowledged: report.acknowledged });
    assert.deepEqual(faults, []);
    assert.equal(report.rounds, ROUNDS);
    assert.ok(report.acknowledged > ROUNDS * 20, `${report.acknowledged} acknowledged`);
    // Otherwise the moments would not have been where they were meant to be.
    assert.ok(died.opening > ROUNDS / 50, `${died.opening} died while opening`);
    assert.ok(died.saving > ROUNDS / 50, `${died.saving} died while saving a snapshot`);
    assert.ok(died.forgetting > ROUNDS / 50, `${died.forgetting} died while forgetting`);
  });

  it('finds acknowledged records that are gone or others, by the same last look', async () => {
    const changes: readonly (readonly [name: string, sql: readonly string[], fault: RegExp])[] = [
      ['whole', [], /^$/],
      // The tail is taken away so neatly that the journal itself cannot know.
      [
        'shortened',
        [
          'DELETE FROM records WHERE seq > 290',
          `UPDATE meta SET value = '290' WHERE name = 'head_seq'`,
          `UPDATE meta SET value = (SELECT hash FROM records WHERE seq = 290) WHERE name = 'head_hash'`,
        ],
        /300 records acknowledged, 290 found.*record 300 was acknowledged, is gone/s,
      ],
      ['cut', ['DELETE FROM records WHERE seq = 300'], /opening reports 1 lost records/],
      ['forgetful', ['DELETE FROM identities'], /agent-1 was remembered, is gone/],
    ];
    for (const [name, sql, fault] of changes) {
      const path = join(folder.path, `${name}.db`);
      const evidence = newEvidence();
      const journal = await openSqliteJournal({ path });
      for (let n = 1; n <= 300; n += 1) {
        journal.append({ kind: 'tick', at: n, body: { n } });
        note(`ack ${n} ${journal.head().hash}`, evidence);
      }
      await journal.remember('agent-1', { name: 'One' });
      note('remembered agent-1', evidence);
      await journal.close();
      await changeFile(path, sql);

      await lastLook(path, evidence);

      assert.match(evidence.faults.join('\n'), fault, name);
    }
  });

  it('finds a history that was written anew, although its chain verifies', async () => {
    const path = join(folder.path, 'rewritten.db');
    const evidence = newEvidence();
    const journal = await openSqliteJournal({ path });
    for (let n = 1; n <= 5; n += 1) journal.append({ kind: 'tick', at: n, body: { n } });
    await journal.close();
    for (let n = 1; n <= 5; n += 1) note(`ack ${n} ${'0'.repeat(64)}`, evidence);

    await lastLook(path, evidence);

    assert.equal(evidence.faults.length, 5);
    assert.match(evidence.faults.join('\n'), /record 1 was acknowledged, is gone/);
  });

  it('goes on appending after it stood still for a minute', { skip: CANNOT_STOP }, async (t) => {
    const path = join(folder.path, 'stopped.db');
    const program = compile('journal-kill-child');
    const evidence = newEvidence();
    const child = startVictim(path, `${SEED}/stopped`, program.file);
    const acknowledged = (): number => evidence.hashes.size;
    try {
      hear(child, (line) => note(line, evidence));
      child.stdin.write('open\n');
      await until('it appends', () => acknowledged() > 200, { withinMs: HARD_MS });

      const still = holdStill(child.pid ?? -1, STILL_MS);
      await assert.rejects(openSqliteJournal({ path }), { code: 'JOURNAL_LOCKED' });
      await still;
      const before = acknowledged();
      await until('it goes on', () => acknowledged() > before + 500, { withinMs: HARD_MS });
      t.diagnostic(`${before} acknowledged before, ${acknowledged()} soon after`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
      program.remove();
    }

    const records = await lastLook(path, evidence);
    assert.deepEqual(evidence.faults, []);
    assert.ok(records >= acknowledged());
  });

  it('reads again before it writes, after a minute', { skip: CANNOT_STOP }, async (t) => {
    const platforms = await openPlatforms({ agents: 20, seed: 5 });
    const day = dayOf(platforms);
    const running = lockstep('start', '-c', writeConfig(folder.path, platforms));
    try {
      day.start();
      const { writesLog } = platforms.graph.graph;
      await until('it works', () => writesLog.total() > 5, {
        withinMs: HARD_MS,
        saw: () => running.err(),
      });

      const still = await holdStill(running.pid, STILL_MS);

      await until('it writes again', () => writesAfter(still, platforms).length > 5, {
        withinMs: HARD_MS,
        saw: () => running.err(),
      });
      const writes = writesAfter(still, platforms);
      const reads = readsAfter(still, platforms);
      const missed = changedSince(still, platforms);
      t.diagnostic(`first read ${first(reads) - still.to} ms after the minute`);
      t.diagnostic(`first write ${first(writes) - still.to} ms after it; ${missed} agents changed`);
      assert.deepEqual(unfounded(writes, reads), []);
      assert.ok(missed > 5, 'the world must have moved on meanwhile');
      running.kill('SIGTERM');
      assert.equal((await running.ended(HARD_MS)).code, 0);
      const again = await verb('replay', join(folder.path, 'journal.db'), '--json');
      const { chain, different } = replaySchema.parse(JSON.parse(again.out));
      assert.deepEqual([chain.ok, different], [true, []], chain.detail);
    } finally {
      day.stop();
      await endHard(running);
      await platforms.close();
    }
  });

  it('sees a write that rests on nothing new', () => {
    const writes = [
      { at: 10, user: 'a' },
      { at: 20, user: 'b' },
    ];

    assert.deepEqual(unfounded(writes, [{ at: 5 }]), []);
    assert.deepEqual(unfounded(writes, [{ at: 15 }]), [writes[0]]);
    assert.deepEqual(unfounded(writes, [{ at: 5, user: 'a' }]), [writes[1]]);
    assert.deepEqual(unfounded(writes, []), writes);
  });
});

function dayOf({ clock, five9, graph, people }: Platforms): ReturnType<typeof createDay> {
  return createDay({
    clock,
    random: seededRandom(`${SEED}/day`),
    five9: five9.emulator.acts,
    teams: graph.graph.acts,
    people,
    speed: 20,
    teamsLife: { choice: 0, meeting: 6, call: 6, idle: 4 },
  });
}

function changedSince({ from }: Stop, { five9, people }: Platforms): number {
  return people.filter(({ agent }) => five9.emulator.acts.truth(agent).since >= from).length;
}

interface Written {
  readonly at: number;
  readonly user: string;
}

/** A read without a user asked for many at once. */
interface Read {
  readonly at: number;
  readonly user?: string;
}

/** What reached a platform from the moment on when the process could move again. */
function writesAfter({ to }: Stop, { graph, five9, people }: Platforms): readonly Written[] {
  const users = new Map(people.map(({ agent, user }) => [agent, user]));
  const marks = graph.graph.writesLog.since(0);
  const stops = five9.emulator.writes().map(({ at, agent }) => ({
    at,
    user: users.get(agent) ?? agent,
  }));
  return [...marks, ...stops].filter(({ at }) => at >= to);
}

function readsAfter({ to }: Stop, { graph }: Platforms): readonly Read[] {
  return graph.graph.requestLog
    .since(0)
    .filter(
      ({ op = '', at, status }) => op.startsWith('getPresence') && at >= to && status === 200,
    );
}

/** The writes before which nobody looked at the person whom they concern. */
function unfounded(writes: readonly Written[], reads: readonly Read[]): readonly Written[] {
  return writes.filter(
    (write) =>
      !reads.some((read) => read.at <= write.at && (read.user ?? write.user) === write.user),
  );
}

function first(list: readonly { readonly at: number }[]): number {
  return Math.min(...list.map(({ at }) => at));
}
