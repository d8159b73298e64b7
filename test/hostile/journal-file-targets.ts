/** The journal's file with bytes changed on the disk, cut short, or never a journal at all. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalError } from '../../src/journal/journal.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { damaged } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const RECORDS = 40;

function files(): Target {
  let folder = '';
  const good: string[] = [];
  return {
    name: 'journal/files',
    covers: [
      'sqlite.ts',
      'sqlite-worker.ts',
      'sqlite-store.ts',
      'sqlite-recovery.ts',
      'sqlite-schema.ts',
      'sqlite-rows.ts',
      'sqlite-calls.ts',
      'driver.ts',
      'failure.ts',
    ].map((file) => `src/journal/${file}`),
    inputs: 12,
    // Each opens a thread of its own.
    inputMsMax: 20_000,
    refuses: (error) => error instanceof JournalError,
    async open(): Promise<() => Promise<void>> {
      folder = mkdtempSync(join(tmpdir(), 'lockstep-hostile-'));
      good.push(await writeGood(join(folder, 'good.db')));
      return () => {
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      };
    },
    text: (random) => damaged(random, [...good, 'SQLite format 3\0', '']).slice(0, 400_000),
    async read(text): Promise<void> {
      const path = join(folder, 'hostile.db');
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
      writeFileSync(path, text, 'latin1');
      const journal = await openSqliteJournal({ path });
      try {
        const verified = await journal.verify();
        let seq = 0;
        for await (const record of journal.read(1)) {
          seq += 1;
          check(record.seq === seq, 'records come in order');
        }
        check(!verified.ok || seq === journal.head().seq, 'what verifies is read to its end');
        await journal.identities();
        await journal.loadSnapshot();
      } finally {
        await journal.close();
      }
    },
  };
}

async function writeGood(path: string): Promise<string> {
  const journal = await openSqliteJournal({ path });
  for (let index = 0; index < RECORDS; index += 1) {
    journal.append({ kind: 'observed', at: index, agent: `a-${index}`, body: { kind: 'tick' } });
  }
  await journal.durable(RECORDS);
  const { seq, hash } = journal.head();
  await journal.saveSnapshot({ seq, hash, body: { states: [], epoch: 1 } });
  await journal.remember('a-1', { name: 'Ann', accounts: { five9: '1' } });
  await journal.close();
  return readFileSync(path, 'latin1');
}

export const JOURNAL_FILE_TARGETS: readonly Target[] = [files()];
