import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { runBatch } from '../../simulation/batch.ts';
import type { Sum } from '../../simulation/batch.ts';
import { FAULTS } from '../../simulation/faults/catalogue.ts';
import { planOf } from '../../simulation/plan.ts';
import { runPlan } from '../../simulation/run.ts';
import { FIXED_SEEDS, KEPT_SEEDS, allSeeds } from '../../simulation/seeds.ts';
import { tell } from '../../simulation/trust/facts.ts';

/** What a batch must have met; one that never did has judged nothing of it. */
const SOMETIMES: readonly (readonly [what: string, evidence: readonly string[]])[] = [
  ['a stale item was dropped', ['note.five9.stale_dropped', 'note.teams.stale_dropped']],
  ['an echo was recognised', ['note.teams.echo', 'note.five9.echo']],
  ['a person took the slot of our mark', ['note.teams.human_took_slot']],
  ['a choice met a write on its way', ['choice.raced']],
  ['a write had an unclear outcome', ['note.all.outcome_ambiguous']],
  ['a zombie socket was noticed', ['note.five9.zombie']],
  ['a torn batch was cut off', ['disk.cut']],
  ['an owner was fenced', ['node.journal_failed']],
  ['another tenant’s journal was refused', ['node.refused.JOURNAL_FOREIGN']],
  ['a mass change was held', ['admin.held']],
  ['one agent was set aside', ['note.teams.quarantined']],
  ['somebody was doubted after an outage', ['note.all.doubted']],
  ['the wall clock jumped', ['log.the wall clock jumped']],
  ['a foreign host was refused', ['note.five9.egress_denied']],
  ['the clock of Five9 went back', ['note.five9.clock_set_back']],
];

const TOLD_EVERY = 100;

describe(`a swarm of seeds, ${FIXED_SEEDS.first} to ${FIXED_SEEDS.last}`, () => {
  let sum: Sum | undefined;

  it('breaks no promise', async (context) => {
    sum = await runBatch({ next: allSeeds(), progress });
    const { seeds, agentHours, requests, records, evidence } = sum;
    const seedsPerSecond = seeds / (sum.busyMs / 1_000);

    context.diagnostic(
      `${seeds} seeds, ${Math.round(agentHours)} agent-hours, ${requests} requests, ` +
        `${records} records, ${seedsPerSecond.toFixed(2)} seeds/s a core`,
    );
    assert.deepEqual(sum.failures, []);
    tell('swarm', 'all', {
      seeds,
      agentHours,
      requests,
      records,
      seedsPerSecond,
      injected: Object.fromEntries(sum.injected),
      noticed: Object.fromEntries(sum.noticed),
      choicesRaced: evidence.get('choice.raced') ?? 0,
      choicesAlike: evidence.get('choice.alike') ?? 0,
    });
  });

  it('injects every fault, and the product notices each', (context) => {
    const silent = FAULTS.filter(({ id }) => (sum?.noticed.get(id) ?? 0) === 0);

    for (const { id, name } of FAULTS) {
      context.diagnostic(
        `${id} ${name}: ${sum?.injected.get(id) ?? 0} times, noticed ${sum?.noticed.get(id) ?? 0}`,
      );
    }
    assert.deepEqual(
      silent.map(({ id, name }) => `${id} ${name}`),
      [],
    );
  });

  it('meets every situation that it has to meet', () => {
    const never = SOMETIMES.filter(
      ([, names]) => !names.some((name) => (sum?.evidence.get(name) ?? 0) > 0),
    );

    assert.deepEqual(
      never.map(([what]) => what),
      [],
    );
  });
});

/** Minutes without a word look like a hang. */
function progress({ seeds, failures }: Sum): void {
  if (seeds % TOLD_EVERY !== 0) return;
  process.stderr.write(
    `${seeds} of ${FIXED_SEEDS.last + KEPT_SEEDS.length} seeds, ${failures.length} failed\n`,
  );
}

describe('a seed', () => {
  it('gives the same trace every time', async () => {
    const plan = planOf(3);

    const first = await runPlan(plan);
    const second = await runPlan(plan);

    assert.equal(first.hash, second.hash);
    assert.deepEqual(first.evidence, second.evidence);
  });
});
