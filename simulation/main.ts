/**
 * `npm run sim`: replays a seed, runs a range, or soaks for minutes on fresh seeds.
 *
 *     npm run sim -- --seed 42              one seed, twice, with its trace hash
 *     npm run sim -- --seeds 1..2000        a range, on all cores
 *     npm run sim -- --minutes 30           fresh seeds until the time is over
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runBatch } from './batch.ts';
import type { Sum } from './batch.ts';
import { FAULTS } from './faults/catalogue.ts';
import type { Plan } from './plan.ts';
import { planOf } from './plan.ts';
import { runPlan } from './run.ts';
import type { Violation } from './court.ts';
import { shrink } from './shrink.ts';
import { Timeline } from './timeline.ts';

const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const TOLD_MS = 10_000;

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      minutes: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  const workers =
    values.workers === undefined ? {} : { workers: wholeNumber('workers', values.workers) };
  if (values.seed !== undefined) await replay(wholeNumber('seed', values.seed));
  else if (values.seeds !== undefined) await range(values.seeds, workers);
  else await soak(Number(values.minutes ?? '1'), workers);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && text.trim() !== '') return value;
  throw new RangeError(`--${name}: "${text}" is no whole number; give one such as 42`);
}

async function replay(seed: number): Promise<void> {
  const plan = planOf(seed);
  say(
    `seed ${seed}, commit ${commit()}: ${plan.agents} agents, ${plan.nodes} node(s), ${plan.minutes} minutes`,
  );
  say(`faults: ${faultsOf(plan)}`);
  const first = await runPlan(plan);
  const second = await runPlan(plan);
  say(`trace ${first.hash}, again ${second.hash}`);
  if (first.hash !== second.hash) {
    say('FAILED: two runs of one seed differ, so something of the outside has come in');
    process.exitCode = 1;
  }
  const [violation] = first.violations;
  if (violation === undefined) {
    say(`clean: every promise held in ${Math.round(first.virtualMs / 60_000)} virtual minutes`);
    return;
  }
  await explainFailure(plan, violation);
}

async function explainFailure(plan: Plan, violation: Violation): Promise<void> {
  process.exitCode = 1;
  say(`FAILED: seed ${plan.seed}, commit ${commit()}, ${wordsOf(violation)}`);
  say('making the plan smaller …');
  const small = await shrink(plan, violation.id, async (candidate) => {
    const { violations } = await runPlan(candidate, { eager: true });
    return violations[0];
  });
  let timeline: Timeline | undefined;
  const { violations } = await runPlan(small, {
    attend: (world) => {
      timeline = new Timeline(world, small.events);
    },
  });
  const shown = violations.find(({ id }) => id === violation.id) ?? violation;
  say(`with ${small.events.length} of ${plan.events.length} faults: ${faultsOf(small)}`);
  say(wordsOf(shown));
  say(timeline?.draw(shown.at, shown.who) ?? '');
  say(`again: npm run sim -- --seed ${plan.seed}`);
}

function wordsOf({ id, at, words, who }: Violation): string {
  const seconds = ((at - START) / 1_000).toFixed(3);
  return `promise ${id} broken at ${seconds} s${who === undefined ? '' : ` for ${who}`}: ${words}`;
}

function faultsOf({ events }: Plan): string {
  const names = new Map(FAULTS.map(({ id, name }) => [id, name]));
  if (events.length === 0) return 'none';
  return events
    .map(({ fault, at }) => `${fault} at ${Math.round(at / 1_000)} s (${names.get(fault) ?? ''})`)
    .join(', ');
}

async function range(text: string, workers: { readonly workers?: number }): Promise<void> {
  const [from = NaN, to = NaN] = text.split('..').map(Number);
  if (!(Number.isInteger(from) && Number.isInteger(to) && from <= to)) {
    throw new RangeError(`--seeds: "${text}" is no range; give one such as 1..2000`);
  }
  let next = from;
  await batch(() => (next > to ? undefined : next++), workers, to - from + 1);
}

async function soak(minutes: number, workers: { readonly workers?: number }): Promise<void> {
  if (!(minutes > 0))
    throw new RangeError(`--minutes: "${minutes}" is no length; give one above 0`);
  const end = performance.now() + minutes * 60_000;
  // Fresh seeds, far from the fixed ones; the first is printed, so that all can be had again.
  let next = 1_000_000 + Math.floor(Date.now() / 1_000) * 100;
  say(`seeds from ${next}, for ${minutes} minutes`);
  await batch(() => (performance.now() >= end ? undefined : next++), workers);
}

async function batch(
  next: () => number | undefined,
  workers: { readonly workers?: number },
  total?: number,
): Promise<void> {
  let told = performance.now();
  const began = performance.now();
  const sum = await runBatch({
    next,
    ...workers,
    progress: (so) => {
      if (performance.now() - told < TOLD_MS) return;
      told = performance.now();
      say(
        `${so.seeds}${total === undefined ? '' : ` of ${total}`} seeds, ${so.failures.length} failed`,
      );
    },
  });
  summary(sum, performance.now() - began);
  const [first] = sum.failures;
  if (first === undefined) return;
  process.exitCode = 1;
  for (const { seed, violation } of sum.failures.slice(0, 20))
    say(`seed ${seed}: ${wordsOf(violation)}`);
  if (first.violation.id !== 'thrown') await explainFailure(planOf(first.seed), first.violation);
}

function summary(sum: Sum, wallMs: number): void {
  const rate = sum.seeds / (sum.busyMs / 1_000);
  say(
    `${sum.seeds} seeds, ${Math.round(sum.agentHours)} agent-hours, ${sum.requests} requests, ` +
      `${sum.records} records in ${Math.round(wallMs / 1_000)} s (${rate.toFixed(2)} seeds/s a worker)`,
  );
  const silent = FAULTS.filter(({ id }) => (sum.noticed.get(id) ?? 0) === 0).map(({ id }) => id);
  say(
    `faults injected: ${[...sum.injected.values()].reduce((a, b) => a + b, 0)}; never noticed: ${silent.join(', ') || 'none'}`,
  );
  say(`${sum.seeds - sum.failures.length} passed, ${sum.failures.length} failed`);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

await main();
