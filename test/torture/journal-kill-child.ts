/**
 * The victim of the kill test: opens the journal when told to, says what it found, then appends a
 * seeded workload and prints each record's number and hash once it is durable.
 *
 * Arguments: path, seed. Lines in: `open`. Lines out: `opening`; `ready seq lost cut`, the head and
 * what the opening reported; `ack seq hash`; anything else is a fault in words.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { RECORD_KINDS } from '../../src/journal/journal.ts';
import type { Entry } from '../../src/journal/journal.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { SqliteJournal } from '../../src/journal/sqlite.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Random } from '../../src/lib/random.ts';

const [path = '', seed = ''] = process.argv.slice(-2);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function live(): Promise<void> {
  say('opening');
  const journal = await openSqliteJournal({ path, maxBatch: 40 });
  const { ok, detail } = await journal.verify();
  if (!ok) say(`The chain does not verify: ${detail}.`);
  const { lostRecords, cutBytes } = journal.recovered;
  say(`ready ${journal.head().seq} ${lostRecords} ${cutBytes}`);
  await work(journal, seededRandom(seed));
}

/** Bursts of appends, of which at most some hundred are in flight, until somebody kills it. */
async function work(journal: SqliteJournal, random: Random): Promise<never> {
  for (;;) {
    const burst = 1 + Math.floor(random.next() ** 3 * 200);
    let last: Promise<void> = Promise.resolve();
    for (let i = 0; i < burst; i += 1) last = acknowledge(journal, journal.append(entry(random)));
    const { seq, hash } = journal.head();
    if (random.next() < 0.1) await journal.saveSnapshot({ seq, hash, body: { upTo: seq } });
    if (random.next() < 0.1) await journal.remember(`agent-${burst}`, { name: `Agent ${burst}` });
    if (random.next() < 0.05) await journal.forget(`agent-${burst}`);
    if (random.next() < 0.5) await last;
  }
}

async function acknowledge(journal: SqliteJournal, seq: number): Promise<void> {
  const { hash } = journal.head();
  await journal.durable(seq);
  say(`ack ${seq} ${hash}`);
}

function entry(random: Random): Entry {
  const kind = RECORD_KINDS[Math.floor(random.next() * RECORD_KINDS.length)] ?? 'tick';
  const size = Math.floor(random.next() ** 6 * 20_000);
  return { kind, at: Math.floor(random.next() * 1e12), body: { text: 'x'.repeat(size) } };
}

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(1));
lines.once('line', () => {
  live().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  });
});
