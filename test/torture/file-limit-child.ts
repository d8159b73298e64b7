/**
 * Appends to the journal at the path given until it refuses; says `ack seq hash` for each record
 * that is durable, then `refused` with code and fix as JSON.
 */
import process from 'node:process';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { fillUp } from './fill-up.ts';

const path = process.argv.at(-1) ?? '';

async function live(): Promise<void> {
  const journal = await openSqliteJournal({ path });
  const { acknowledged, failure } = await fillUp(journal, 100_000);
  const lines = [...acknowledged].map(([seq, hash]) => `ack ${seq} ${hash}\n`);
  const { code, message, fix } = failure;
  process.stdout.write(`${lines.join('')}refused ${JSON.stringify({ code, message, fix })}\n`);
  await journal.close().catch(() => undefined);
}

void live();
