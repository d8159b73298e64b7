/**
 * The kill test of the SQLite journal: a child process appends, the parent kills it with SIGKILL at
 * a moment taken from the seed (after so many lines of its output, or while it opens the file), and
 * the next child must find every acknowledged record and a chain that verifies.
 *
 * Run it: `node --import tsx test/torture/journal-kill.ts --rounds 300 --seed 7`
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { seededRandom } from '../../src/lib/random.ts';

export interface KillReport {
  readonly rounds: number;
  /** Rounds that were killed while the child was opening the file. */
  readonly killedOpening: number;
  readonly acknowledged: number;
  /** Records in the journal at the end, acknowledged or not. */
  readonly records: number;
  /** Bytes of unfinished writes that the openings cut off. */
  readonly cutBytes: number;
  readonly faults: readonly string[];
}

export type Child = ChildProcessByStdio<Writable, Readable, null>;

/** What the rounds so far have learned. */
interface Evidence {
  readonly hashes: Map<number, string>;
  readonly faults: string[];
  /** Highest acknowledged sequence number. */
  last: number;
  killedOpening: number;
  cutBytes: number;
}

/** Loading through `require` is twice as fast as through the loader hooks, and starts dominate. */
const START = [
  createRequire(import.meta.url).resolve('tsx/cjs'),
  fileURLToPath(new URL('./journal-kill-child.ts', import.meta.url)),
]
  .map((file) => `require(${JSON.stringify(file)});`)
  .join(' ');

export async function killRounds(rounds: number, seed: string): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  const path = join(folder, 'journal.db');
  const evidence: Evidence = {
    hashes: new Map(),
    faults: [],
    last: 0,
    killedOpening: 0,
    cutBytes: 0,
  };
  const random = seededRandom(`${seed}/kill`);
  try {
    // The next child loads its modules while the present one is at work.
    let next = startVictim(path, `${seed}/0`);
    for (let round = 1; round <= rounds; round += 1) {
      const child = next;
      next = startVictim(path, `${seed}/${round}`);
      const whileOpening = random.next() < 0.2;
      const lines = whileOpening ? 1 : 2 + Math.floor(random.next() ** 2 * 600);
      if (whileOpening) evidence.killedOpening += 1;
      await runUntilKilled(child, lines, evidence);
    }
    next.kill('SIGKILL');
    const records = await lastLook(path, evidence);
    const { hashes, faults, killedOpening, cutBytes } = evidence;
    return { rounds, killedOpening, acknowledged: hashes.size, records, cutBytes, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A child that waits for the line `open`, then works until it is killed. */
export function startVictim(path: string, seed: string): Child {
  return spawn(process.execPath, ['-e', START, path, seed], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Kills after `lines` lines. What still comes out of the pipe was acknowledged before. */
function runUntilKilled(child: Child, lines: number, evidence: Evidence): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const output = createInterface({ input: child.stdout });
    output.on('line', (line) => {
      note(line, evidence);
      seen += 1;
      if (seen === lines) child.kill('SIGKILL');
    });
    output.once('close', resolve);
    child.stdin.write('open\n');
  });
}

function note(line: string, evidence: Evidence): void {
  const [word, first = '', second = '', third = ''] = line.split(' ');
  if (word === 'ack') {
    evidence.hashes.set(Number(first), second);
    evidence.last = Math.max(evidence.last, Number(first));
  } else if (word === 'ready') {
    checkFound(Number(first), Number(second), evidence);
    evidence.cutBytes += Number(third);
  } else if (word !== 'opening') {
    evidence.faults.push(line);
  }
}

function checkFound(found: number, lost: number, { last: acknowledged, faults }: Evidence): void {
  if (found < acknowledged) faults.push(`${acknowledged} records acknowledged, ${found} found`);
  if (lost > 0) faults.push(`opening reports ${lost} lost records`);
}

/** Reads all of it: no gap, and each acknowledged record is the one that was acknowledged. */
async function lastLook(path: string, evidence: Evidence): Promise<number> {
  const journal = await openSqliteJournal({ path });
  checkFound(journal.head().seq, journal.recovered.lostRecords, evidence);
  const { ok, detail } = await journal.verify();
  if (!ok) evidence.faults.push(`the chain does not verify: ${detail}`);
  const missing = new Map(evidence.hashes);
  let count = 0;
  for await (const { seq, hash } of journal.read()) {
    count += 1;
    if (seq !== count) evidence.faults.push(`record ${count} is missing, found ${seq}`);
    if (missing.get(seq) === hash) missing.delete(seq);
  }
  for (const seq of missing.keys()) evidence.faults.push(`record ${seq} was acknowledged, is gone`);
  await journal.close();
  return count;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds: ${values.rounds} is no count; give a whole number above 0`);
  }
  const report = await killRounds(rounds, values.seed);
  process.stdout.write(`${JSON.stringify({ seed: values.seed, ...report }, undefined, 2)}\n`);
  const failed = report.faults.length;
  process.stdout.write(`${Math.max(0, rounds - failed)} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
