import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runBatch } from '../../simulation/batch.ts';
import { CANARIES } from '../../simulation/canaries.ts';
import { seedsFrom } from '../../simulation/seeds.ts';
import { tell } from '../../simulation/trust/facts.ts';

describe('a fault that is planted in a copy of the product is found:', () => {
  for (const { number, name, patches, twice, instead, seed, by } of CANARIES) {
    it(`${number}. ${name}`, async (context) => {
      const sum = await runBatch({
        patches,
        next: seedsFrom(seed),
        until: ({ failures }) => failures.some(({ violation }) => by.includes(violation.id)),
        ...(twice === undefined ? {} : { twice }),
      });

      const found = sum.failures.find(({ violation }) => by.includes(violation.id));
      if (instead !== undefined) context.diagnostic(instead);
      assert.ok(found !== undefined, `not found in ${sum.seeds} seeds`);
      const { id } = found.violation;
      tell('canary', String(number).padStart(2, '0'), {
        number,
        seed: found.seed,
        promise: id,
        seeds: sum.seeds,
      });
      context.diagnostic(`found by seed ${found.seed} (${id}) after ${sum.seeds} seeds`);
    });
  }
});
