/**
 * The victim of the kill test: opens the journal when told to, says what it found, then works on a
 * seeded load and says what it begins and what is done.
 *
 * Arguments: path, seed. Lines in: `open`. Lines out: `opening`; `knows agent…`, the identities that
 * were found; `holds seq`, the snapshot that was found; `ready seq lost cut`, the head and what the
 * opening reported; `ack seq hash`; `saving seq`, `saved seq`; `remembering agent`,
 * `remembered agent`; `forgetting agent`, `forgot agent`; anything else is a fault in words.
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

/** The longest text that a snapshot carries; it is drawn, so that packing does not shrink it away. */
const SNAPSHOT_CHARACTERS = 120_000;

/** Resolves when the line has left this process: what it merely queues would die with it. */
function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

async function live(): Promise<void> {
  await say('opening');
  const journal = await openSqliteJournal({ path, maxBatch: 40 });
  const { ok, detail } = await journal.verify();
  if (!ok) await say(`The chain does not verify: ${detail}.`);
  const known = [...(await journal.identities()).keys()];
  await say(['knows', ...known].join(' '));
  await say(`holds ${await snapshotFound(journal)}`);
  const { lostRecords, cutBytes } = journal.recovered;
  await say(`ready ${journal.head().seq} ${lostRecords} ${cutBytes}`);
  await work(journal, seededRandom(seed), known);
}

/** The number of the newest snapshot, 0 without one. */
async function snapshotFound(journal: SqliteJournal): Promise<number> {
  const found = await journal.loadSnapshot();
  if (found === undefined) return 0;
  const upTo = JSON.stringify(found.body).match(/"upTo":(\d+)/)?.[1];
  if (upTo !== String(found.seq))
    await say(`The snapshot at ${found.seq} holds the state of ${String(upTo)}.`);
  return found.seq;
}

/** Bursts of appends, of which at most some hundred are in flight, until somebody kills it. */
async function work(journal: SqliteJournal, random: Random, known: string[]): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const burst = 1 + Math.floor(random.next() ** 3 * 120);
    let last: Promise<void> = Promise.resolve();
    for (let i = 0; i < burst; i += 1) last = acknowledge(journal, journal.append(entry(random)));
    if (random.next() < 0.15) await save(journal, random);
    if (random.next() < 0.4) known.push(await remember(journal, `${seed}/${turn}`));
    if (random.next() < 0.3) await forget(journal, known, random);
    if (random.next() < 0.5) await last;
  }
}

async function acknowledge(journal: SqliteJournal, seq: number): Promise<void> {
  const { hash } = journal.head();
  await journal.durable(seq);
  await say(`ack ${seq} ${hash}`);
}

async function save(journal: SqliteJournal, random: Random): Promise<void> {
  const { seq, hash } = journal.head();
  const characters = Math.floor(random.next() * SNAPSHOT_CHARACTERS);
  let text = '';
  while (text.length < characters) text += random.next().toString(36);
  await say(`saving ${seq}`);
  await journal.saveSnapshot({ seq, hash, body: { upTo: seq, text } });
  await say(`saved ${seq}`);
}

async function remember(journal: SqliteJournal, agent: string): Promise<string> {
  await say(`remembering ${agent}`);
  await journal.remember(agent, { aliases: Array.from({ length: 5 }, () => `Name:${agent};`) });
  await say(`remembered ${agent}`);
  return agent;
}

async function forget(journal: SqliteJournal, known: string[], random: Random): Promise<void> {
  const [agent] = known.splice(Math.floor(random.next() * known.length), 1);
  if (agent === undefined) return;
  await say(`forgetting ${agent}`);
  await journal.forget(agent);
  await say(`forgot ${agent}`);
}

function entry(random: Random): Entry {
  const kind = RECORD_KINDS[Math.floor(random.next() * RECORD_KINDS.length)] ?? 'tick';
  const size = Math.floor(random.next() ** 6 * 12_000);
  return { kind, at: Math.floor(random.next() * 1e12), body: { text: 'x'.repeat(size) } };
}

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(1));
lines.once('line', () => {
  live().catch((error: unknown) => {
    void say(error instanceof Error ? error.message : String(error)).then(() => process.exit(1));
  });
});
