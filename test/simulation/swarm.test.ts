import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runBatch } from '../../simulation/batch.ts';
import type { Sum } from '../../simulation/batch.ts';
import { FAULTS } from '../../simulation/faults/catalogue.ts';
import { planOf } from '../../simulation/plan.ts';
import { runPlan } from '../../simulation/run.ts';
import { FIXED_SEEDS, OPEN_SEEDS, seedsUpTo } from '../../simulation/seeds.ts';

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
  ['the wall clock jumped', ['log.the wall clock jumped']],
  ['a foreign host was refused', ['note.five9.egress_denied']],
  ['the clock of Five9 went back', ['note.five9.clock_set_back']],
];

describe(`a swarm of seeds, ${FIXED_SEEDS.first} to ${FIXED_SEEDS.last}`, () => {
  let sum: Sum | undefined;

  it('breaks no promise', async (context) => {
    sum = await runBatch({ next: seedsUpTo(FIXED_SEEDS.last) });

    context.diagnostic(
      `${sum.seeds} seeds, ${Math.round(sum.agentHours)} agent-hours, ${sum.requests} requests, ` +
        `${sum.records} records, ${(sum.seeds / (sum.busyMs / 1_000)).toFixed(2)} seeds/s a core`,
    );
    assert.deepEqual(sum.failures, []);
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

describe('a seed', () => {
  it('gives the same trace every time', async () => {
    const plan = planOf(3);

    const first = await runPlan(plan);
    const second = await runPlan(plan);

    assert.equal(first.hash, second.hash);
    assert.deepEqual(first.evidence, second.evidence);
  });

  for (const [seed, reason] of OPEN_SEEDS) {
    it(`that still breaks a promise: ${seed}`, { todo: reason }, async () => {
      const { violations } = await runPlan(planOf(seed));

      assert.deepEqual(violations, []);
    });
  }
});
