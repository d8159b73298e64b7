/**
 * The kill test of the SQLite journal: a child process appends, saves snapshots, remembers and
 * forgets identities; the parent kills it with SIGKILL at a moment taken from the seed, and the next
 * child must find everything that was acknowledged and a chain that verifies.
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
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/lib/random.ts';
import type { Random } from '../../src/lib/random.ts';
import { compile } from './compiled.ts';
import { lastLook, lookForForgotten, newEvidence, note } from './kill-evidence.ts';
import type { Evidence } from './kill-evidence.ts';

export interface KillReport {
  readonly rounds: number;
  readonly journals: number;
  /** Rounds in which the child died with this work begun and not done. */
  readonly died: Readonly<Record<'opening' | 'saving' | 'remembering' | 'forgetting', number>>;
  readonly acknowledged: number;
  /** Records in the journals at the end, acknowledged or not. */
  readonly records: number;
  readonly snapshots: number;
  readonly forgotten: number;
  /** Removals that were not acknowledged, of which the next opening left bytes in the file. */
  readonly lapsed: number;
  /** Bytes of unfinished writes that the openings cut off. */
  readonly cutBytes: number;
  readonly faults: readonly string[];
}

export interface KillOptions {
  /** Journals at the same time. */
  readonly lanes?: number;
  /** Rounds after which a lane starts a new journal, as every opening verifies all of it. */
  readonly perJournal?: number;
}

export type Child = ChildProcessByStdio<Writable, Readable, null>;

type Tally = { -readonly [K in keyof KillReport]: KillReport[K] } & {
  died: { -readonly [K in keyof KillReport['died']]: number };
  faults: string[];
};

export async function killRounds(
  rounds: number,
  seed: string,
  { lanes = 1, perJournal = rounds }: KillOptions = {},
): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  const program = compile('journal-kill-child');
  const tally: Tally = {
    rounds: 0,
    journals: 0,
    died: { opening: 0, saving: 0, remembering: 0, forgetting: 0 },
    acknowledged: 0,
    records: 0,
    snapshots: 0,
    forgotten: 0,
    lapsed: 0,
    cutBytes: 0,
    faults: [],
  };
  const lane = async (): Promise<void> => {
    while (tally.journals * perJournal < rounds) {
      const index = tally.journals;
      tally.journals += 1;
      const turns = Math.min(perJournal, rounds - index * perJournal);
      const path = join(folder, `${index}.db`);
      await tortureOne({ path, turns, seed: `${seed}/${index}`, program: program.file }, tally);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    program.remove();
  }
}

interface Torture {
  readonly path: string;
  readonly turns: number;
  readonly seed: string;
  readonly program: string;
}

async function tortureOne({ path, turns, seed, program }: Torture, tally: Tally): Promise<void> {
  const evidence = newEvidence();
  const random = seededRandom(`${seed}/kill`);
  // The next child loads its modules while the present one is at work.
  let next = startVictim(path, `${seed}/0`, program);
  for (let round = 1; round <= turns; round += 1) {
    const child = next;
    next = startVictim(path, `${seed}/${round}`, program);
    await runUntilKilled(child, momentOf(random), evidence);
    tally.rounds += 1;
    for (const work of evidence.begun) tally.died[work] += 1;
    evidence.begun.clear();
    tally.lapsed += lookForForgotten(path, evidence);
  }
  next.kill('SIGKILL');
  const records = await lastLook(path, evidence);
  tally.records += records;
  if (lookForForgotten(path, evidence) > 0)
    evidence.faults.push('names of lapsed identities are left after a close');
  tally.acknowledged += evidence.hashes.size;
  tally.snapshots += evidence.snapshots;
  tally.forgotten += evidence.forgotten;
  tally.cutBytes += evidence.cutBytes;
  tally.faults.push(...evidence.faults.map((fault) => `${seed}: ${fault}`));
}

/** A child that waits for the line `open`, then works until it is killed. */
export function startVictim(path: string, seed: string, program?: string): Child {
  const start = program === undefined ? ['-e', fromSources()] : [program];
  return spawn(process.execPath, [...start, path, seed], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Loading through `require` is twice as fast as through the loader hooks, and starts dominate. */
function fromSources(): string {
  const loader = createRequire(import.meta.url).resolve('tsx/cjs');
  const program = fileURLToPath(new URL('./journal-kill-child.ts', import.meta.url));
  return [loader, program].map((file) => `require(${JSON.stringify(file)});`).join(' ');
}

/** The child dies so long after the line `times` that begins with `word`. */
interface Moment {
  readonly word: string;
  readonly times: number;
  readonly laterMs: number;
}

/** A third of the kills hit the work itself, the others fall into an opening, saving or forgetting. */
function momentOf(random: Random): Moment {
  const choice = random.next();
  const laterMs = random.next();
  const times = 1 + Math.floor(random.next() ** 2 * 5);
  if (choice < 0.2) return { word: 'opening', times: 1, laterMs: laterMs * 40 };
  if (choice < 0.4) return { word: 'saving', times, laterMs: laterMs * 15 };
  if (choice < 0.65) return { word: 'forgetting', times, laterMs: laterMs * 8 };
  return { word: 'ack', times: 1 + Math.floor(random.next() ** 2 * 300), laterMs: 0 };
}

function runUntilKilled(child: Child, moment: Moment, evidence: Evidence): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const kill = (): void => void child.kill('SIGKILL');
    hear(child, (line) => {
      note(line, evidence);
      if (line.split(' ', 1)[0] !== moment.word) return;
      seen += 1;
      if (seen !== moment.times) return;
      if (moment.laterMs === 0) kill();
      else setTimeout(kill, moment.laterMs);
    });
    child.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') evidence.faults.push(`it ended by itself, with code ${code}`);
      resolve();
    });
    child.stdin.write('open\n');
  });
}

/**
 * What still comes out of the pipe after a kill was said before it; a last line that is not whole
 * was not said.
 */
export function hear(child: Child, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
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
  const report = await killRounds(rounds, values.seed, { lanes: 3, perJournal: 15 });
  process.stdout.write(`${JSON.stringify({ seed: values.seed, ...report }, undefined, 2)}\n`);
  const failed = report.faults.length;
  process.stdout.write(`${Math.max(0, rounds - failed)} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
