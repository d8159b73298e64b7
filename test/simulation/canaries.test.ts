import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runBatch } from '../../simulation/batch.ts';
import { CANARIES } from '../../simulation/canaries.ts';
import { FIXED_SEEDS, seedsUpTo } from '../../simulation/seeds.ts';

/** One that is known not to be found is tried on few seeds. */
const OPEN_LAST = 10;

describe('a fault that is planted in a copy of the product is found:', () => {
  for (const { number, name, patches, twice, instead, open } of CANARIES) {
    it(`${number}. ${name}`, { todo: open ?? false }, async (context) => {
      const sum = await runBatch({
        patches,
        next: seedsUpTo(open === undefined ? FIXED_SEEDS.last : OPEN_LAST),
        until: ({ failures }) => failures.length > 0,
        ...(twice === undefined ? {} : { twice }),
      });

      const [first] = sum.failures;
      if (instead !== undefined) context.diagnostic(instead);
      assert.ok(first !== undefined, `not found in ${sum.seeds} seeds`);
      context.diagnostic(
        `found by seed ${first.seed} (${first.violation.id}) after ${sum.seeds} seeds`,
      );
    });
  }
});
