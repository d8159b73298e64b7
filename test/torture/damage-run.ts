/** Hands damages to child processes and collects what they find; notices crashes and hangs. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Damage, Finding } from './damage.ts';
import type { Image } from './damage-image.ts';

/** A single copy takes some milliseconds; a process that is silent for so long hangs. */
const HANGS_AFTER_MS = 30_000;

/** Connections stay open until their process ends, so no child gets too many copies. */
const PER_CHILD = 400;

export interface Run {
  readonly findings: ReadonlyMap<number, Finding>;
  /** What ended or stopped a process, in words. */
  readonly faults: readonly string[];
}

export async function runDamages(
  image: Image,
  damages: readonly Damage[],
  program: string,
): Promise<Run> {
  // Flushing costs nothing in memory, and what is examined here are bytes, not the disk.
  const memory = '/dev/shm';
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'lockstep-damage-'));
  const findings = new Map<number, Finding>();
  const faults: string[] = [];
  writeFileSync(join(folder, 'db'), image.db);
  writeFileSync(join(folder, 'wal'), image.wal);
  writeFileSync(join(folder, 'contents.json'), JSON.stringify(image.contents));
  let rest = damages;
  const lane = async (): Promise<void> => {
    while (rest.length > 0) {
      const share = rest.slice(0, PER_CHILD);
      rest = rest.slice(PER_CHILD);
      const fault = await runChild(folder, share, program, findings);
      if (fault === undefined) continue;
      // What killed it is known; the others of its share get another process.
      const [culprit, ...others] = share.filter(({ id }) => !findings.has(id));
      faults.push(`${fault} at ${JSON.stringify(culprit)}`);
      rest = [...others, ...rest];
    }
  };
  try {
    await Promise.all([lane(), lane()]);
    return { findings, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runChild(
  folder: string,
  damages: readonly Damage[],
  program: string,
  findings: Map<number, Finding>,
): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    let hung = false;
    const alarm = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, HANGS_AFTER_MS);
    const output = createInterface({ input: child.stdout });
    output.on('line', (line) => {
      alarm.refresh();
      const finding = findingOf(JSON.parse(line));
      findings.set(finding.id, finding);
    });
    child.once('close', (code, signal) => {
      clearTimeout(alarm);
      const isDone = damages.every(({ id }) => findings.has(id));
      if (isDone) resolve(undefined);
      else resolve(hung ? 'it hung' : `it ended with ${signal ?? code}`);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(damages.map((damage) => `${JSON.stringify(damage)}\n`).join(''));
  });
}

/** The child writes nothing else. */
function findingOf(value: Finding): Finding {
  return value;
}
