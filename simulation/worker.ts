/** A worker of a batch: seeds come in by lines, results go out by lines. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { planOf } from './plan.ts';
import { runPlan } from './run.ts';
import type { Report } from './batch.ts';

async function answer(line: string): Promise<void> {
  const [number = '', twice] = line.split(' ');
  const seed = Number(number);
  const began = performance.now();
  const report = await attempt(seed, twice === 'twice');
  const ms = performance.now() - began;
  process.stdout.write(`${JSON.stringify({ ...report, ms })}\n`);
}

async function attempt(seed: number, twice: boolean): Promise<Report> {
  try {
    const result = await runPlan(planOf(seed));
    if (!twice || result.violations.length > 0) return result;
    const again = await runPlan(planOf(seed));
    if (again.hash === result.hash) return result;
    const words = `two runs differ: ${result.hash} and ${again.hash}`;
    return { ...result, violations: [{ id: 'I9', at: 0, words }] };
  } catch (error) {
    return { seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const lines = createInterface({ input: process.stdin });
let busy: Promise<void> = Promise.resolve();
lines.on('line', (line) => {
  busy = busy.then(() => answer(line));
});
