import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { journalConformance } from '../../test/conformance/journal.ts';
import { killRounds, startVictim } from '../../test/torture/journal-kill.ts';
import type { Entry, Journal } from './journal.ts';
import { callsTo } from './sqlite-calls.ts';
import { openSqliteJournal } from './sqlite.ts';
import type { SqliteJournal, SqliteOptions } from './sqlite.ts';

journalConformance('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-journal-'));
  return {
    open: () => openSqliteJournal({ path: join(folder, 'journal.db') }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
});

const tick = (n: number): Entry => ({ kind: 'tick', at: n, body: { n } });

async function count(journal: Journal): Promise<number> {
  let records = 0;
  for await (const { seq } of journal.read()) records = seq;
  return records;
}

/** Runs SQL over a connection of its own, in a thread whose end gives the file up. */
async function rawSql(path: string, ...statements: readonly string[]): Promise<void> {
  const library = JSON.stringify(createRequire(import.meta.url).resolve('libsql'));
  const code = `const { workerData } = require('node:worker_threads');
    const database = new (require(${library}))(workerData.path);
    for (const sql of workerData.statements) database.exec(sql);`;
  const workerData = { path, statements };
  const worker = new Worker(code, { eval: true, execArgv: [], workerData });
  assert.deepEqual(await once(worker, 'exit'), [0]);
}

// Side by side, because most of the time is spent waiting for threads, processes and disks.
describe('SQLite journal', { concurrency: 4 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-sqlite-'));
  const opened: SqliteJournal[] = [];
  const at = (name: string): string => join(folder, name);

  /** A test that fails may leave its journal open, whose thread would keep the run from ending. */
  after(async () => {
    await Promise.allSettled(opened.map((journal) => journal.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: SqliteOptions): Promise<SqliteJournal> {
    const journal = await openSqliteJournal(options);
    opened.push(journal);
    return journal;
  }

  async function fill(path: string, records: number): Promise<void> {
    const journal = await open({ path });
    for (let n = 1; n <= records; n += 1) journal.append(tick(n));
    await journal.close();
  }

  it('keeps every acknowledged record when its process is killed at any moment', async () => {
    const { faults, acknowledged, rounds } = await killRounds(12, 'fast');
    assert.deepEqual(faults, []);
    assert.ok(acknowledged > 100, `${acknowledged} acknowledged in ${rounds} rounds`);
  });

  it('is locked while a process has it, and free as soon as that is killed', async () => {
    const path = at('locked.db');
    const victim = startVictim(path, 'lock');
    const ended = once(victim, 'close');
    try {
      victim.stdin.write('open\n');
      for await (const line of createInterface({ input: victim.stdout })) {
        if (line.startsWith('ready')) break;
      }
      const locked = { code: 'JOURNAL_LOCKED', fix: /Stop the other Lockstep process/ };
      await assert.rejects(open({ path }), locked);
    } finally {
      victim.kill('SIGKILL');
      await ended;
    }
    const journal = await open({ path });
    assert.equal((await journal.verify()).ok, true);
    await journal.close();
  });

  it('is locked against a second opening in the same process, which does no harm', async () => {
    const path = at('twice.db');
    const journal = await open({ path });
    await journal.durable(journal.append(tick(1)));
    await assert.rejects(open({ path }), { code: 'JOURNAL_LOCKED' });
    await assert.rejects(open({ path }), { code: 'JOURNAL_LOCKED' });
    await journal.durable(journal.append(tick(2)));
    assert.equal(await count(journal), 2);
    await journal.close();
  });

  it('finds what was changed in the file while it was closed', async () => {
    const path = at('edited.db');
    await fill(path, 1500);
    await rawSql(path, `UPDATE records SET body = '{"n":8}' WHERE seq = 77`);
    const journal = await open({ path });
    const { ok, brokenAt, records } = await journal.verify();
    assert.deepEqual({ ok, brokenAt, records }, { ok: false, brokenAt: 77, records: 76 });
    await assert.rejects(count(journal), { code: 'JOURNAL_CORRUPT', message: /record 77/ });
    await journal.close();
    await rawSql(path, 'DELETE FROM records WHERE seq = 1400');
    await assert.rejects(open({ path }), { code: 'JOURNAL_CORRUPT', message: /1400/ });
  });

  it('reports a tail that it had to cut, and goes on from there', async () => {
    const path = at('torn.db');
    await fill(path, 9);
    await rawSql(path, `UPDATE records SET hash = '' WHERE seq = 9`);
    const journal = await open({ path });
    const { cutRecords, lostRecords } = journal.recovered;
    assert.deepEqual([cutRecords, lostRecords], [1, 1]);
    assert.equal(journal.append(tick(9)), 9);
    assert.equal((await journal.verify()).ok, true);
    await journal.close();
  });

  it('leaves no byte of a forgotten identity in its files', async () => {
    const path = at('erased.db');
    const journal = await open({ path });
    const name = 'Agent-Seventeen-Direct-Identifier';
    const others = Array.from({ length: 50 }, (_, n) => journal.remember(`a${n}`, { n }));
    await Promise.all([...others, journal.remember('a17', { aliases: Array(20).fill(name) })]);
    const bytes = (): string =>
      readdirSync(folder)
        .filter((file) => file.startsWith('erased.db'))
        .map((file) => readFileSync(join(folder, file), 'latin1'))
        .join('');
    assert.ok(bytes().includes(name));
    await journal.remember('a17', { name: 'another' });
    await journal.forget('a17');
    assert.equal(bytes().includes(name), false);
    assert.equal((await journal.verify()).ok, true);
    await journal.close();
    assert.equal(bytes().includes(name), false);
  });

  it('says that the disk is full, keeps what it acknowledged and takes no more', async () => {
    const path = at('full.db');
    const journal = await open({ path, maxBytes: 256 * 1024, maxBatch: 10 });
    const full = { code: 'JOURNAL_IO', message: /disk is full/, fix: /Free space/ };
    const body = 'x'.repeat(4000);
    const waits = Array.from({ length: 100 }, (_, n) =>
      journal.durable(journal.append({ ...tick(n), body })),
    );
    const results = await Promise.allSettled(waits);
    const kept = results.filter(({ status }) => status === 'fulfilled').length;
    assert.ok(kept > 0 && kept % 10 === 0, `${kept} kept`);
    await assert.rejects(journal.durable(journal.append(tick(0))), full);
    await assert.rejects(journal.remember('a', {}), full);
    await assert.rejects(journal.close(), full);
    const again = await open({ path });
    assert.equal(await count(again), kept);
    await again.close();
  });

  it('says why it cannot be opened', async () => {
    writeFileSync(at('garbage.db'), 'no database at all, '.repeat(500));
    await rawSql(at('foreign.db'), 'CREATE TABLE customers (id INTEGER)');
    await fill(at('newer.db'), 1);
    await rawSql(at('newer.db'), `UPDATE meta SET value = '2' WHERE name = 'schema_version'`);
    const cases: readonly [file: string, code: string, message: RegExp][] = [
      ['garbage.db', 'JOURNAL_CORRUPT', /is not a journal/],
      ['foreign.db', 'JOURNAL_CORRUPT', /an SQLite file with other tables/],
      ['newer.db', 'JOURNAL_CORRUPT', /layout version 2; this Lockstep knows 1/],
      ['nowhere/journal.db', 'JOURNAL_IO', /cannot be opened/],
      ['.', 'JOURNAL_IO', /cannot be opened/],
    ];
    for (const [file, code, message] of cases) {
      await assert.rejects(open({ path: at(file) }), { code, message }, file);
    }
    await assert.rejects(open({ path: at('x.db'), maxBytes: 0 }), /maxBytes: 0/);
  });

  it('refuses everything once its writer thread is gone', async () => {
    const calls = callsTo(new Worker('process.exit(3)', { eval: true, execArgv: [] }));
    const gone = { code: 'JOURNAL_IO', message: /writer thread ended \(exit code 3\)/ };
    await assert.rejects(calls.opened(), gone);
    await assert.rejects(calls.call('identities', undefined), gone);
    await calls.ended();
    const thrown = callsTo(new Worker('throw new Error("odd")', { eval: true, execArgv: [] }));
    await assert.rejects(thrown.opened(), { code: 'JOURNAL_IO', message: /odd/ });
    await thrown.ended();
  });
});
