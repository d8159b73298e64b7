/**
 * Many seeds on all cores: workers are processes that take one seed after the other. What they
 * report is added up: seeds, virtual time, injections and noticed injections by fault, what was met.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { compileWorld } from './program.ts';
import type { Patch } from './program.ts';
import type { Violation } from './court.ts';
import type { Result } from './run.ts';

/** What a worker answers with; `error` when product or world threw. */
export type Report = Result | { readonly seed: number; readonly error: string };

export interface Sum {
  seeds: number;
  agentHours: number;
  requests: number;
  records: number;
  readonly injected: Map<string, number>;
  readonly noticed: Map<string, number>;
  readonly evidence: Map<string, number>;
  readonly failures: { readonly seed: number; readonly violation: Violation }[];
  /** Processor time of the workers is about this, ms: wall time of each seed. */
  busyMs: number;
}

export interface BatchOptions {
  /** The seeds, in order; ends the batch when it returns undefined. */
  readonly next: () => number | undefined;
  readonly workers?: number;
  readonly progress?: (sum: Sum) => void;
  /** Changes planted in the product that is run. */
  readonly patches?: readonly Patch[];
  /** Ends the batch early. */
  readonly until?: (sum: Sum) => boolean;
  /** Runs each seed twice and reports when the hashes differ. */
  readonly twice?: boolean;
}

export async function runBatch(options: BatchOptions): Promise<Sum> {
  const sum: Sum = {
    seeds: 0,
    agentHours: 0,
    requests: 0,
    records: 0,
    injected: new Map(),
    noticed: new Map(),
    evidence: new Map(),
    failures: [],
    busyMs: 0,
  };
  const count = options.workers ?? Math.max(1, availableParallelism());
  const program = compileWorld(options.patches);
  try {
    await Promise.all(Array.from({ length: count }, () => work(options, sum, program.worker)));
  } finally {
    program.remove();
  }
  return sum;
}

async function work(options: BatchOptions, sum: Sum, worker: string): Promise<void> {
  const child = startWorker(worker);
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const lines = createInterface({ input: present(child.stdout) });
  let current: number | undefined;
  const give = (): void => {
    const isOver = options.until?.(sum) === true;
    current = isOver ? undefined : options.next();
    if (current === undefined) child.stdin?.end();
    else child.stdin?.write(`${current}${options.twice === true ? ' twice' : ''}\n`);
  };
  lines.on('line', (line) => {
    const report: unknown = JSON.parse(line);
    if (!isReport(report)) throw new Error(`a worker said: ${line.slice(0, 200)}`);
    add(sum, report);
    sum.busyMs += report.ms;
    options.progress?.(sum);
    give();
  });
  give();
  await exited;
  if (current !== undefined) {
    const violation = { id: 'process', at: 0, words: 'the process of this seed ended' };
    sum.failures.push({ seed: current, violation });
  }
}

function startWorker(worker: string): ChildProcess {
  return spawn(process.execPath, ['--max-semi-space-size=64', worker], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Workers are of the same sources: what is a report is one of theirs. */
function isReport(value: unknown): value is Report & { readonly ms: number } {
  return typeof value === 'object' && value !== null && 'seed' in value && 'ms' in value;
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('the worker has no output');
  return value;
}

function add(sum: Sum, report: Report): void {
  sum.seeds += 1;
  if ('error' in report) {
    const violation = { id: 'thrown', at: 0, words: report.error };
    sum.failures.push({ seed: report.seed, violation });
    return;
  }
  sum.agentHours += (report.agents * report.virtualMs) / 3_600_000;
  sum.requests += report.requests;
  sum.records += report.records;
  for (const name of ['injected', 'noticed', 'evidence'] as const) {
    for (const [key, value] of Object.entries(report[name])) {
      sum[name].set(key, (sum[name].get(key) ?? 0) + value);
    }
  }
  const [violation] = report.violations;
  if (violation !== undefined) sum.failures.push({ seed: report.seed, violation });
}
