/**
 * A million hostile inputs and more, for every reader of outside input.
 *
 * Run directly it takes `--seed TEXT`, `--part N` (an Nth of the inputs, 0.1 for ten times as many)
 * and `--only NAME`. What a failure prints is enough to run its input again: target, seed, index.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArgs } from 'node:util';
import { ALL_TARGETS } from './all-targets.ts';
import { runTrial } from './trial.ts';
import { tell } from '../../simulation/trust/facts.ts';

const SEED = 'hostile-1';
const INPUTS_MIN = 1_000_000;
/** What compiled code and caches may add within half a trial. */
const HEAP_GROWTH_MAX_BYTES = 6 * 1024 * 1024;

const { seed, part, only } = wishes();

function wishes(): { readonly seed: string; readonly part: number; readonly only: string } {
  const isDirect = process.argv[1]?.endsWith('trials.test.ts') === true;
  const { values } = parseArgs({
    args: isDirect ? process.argv.slice(2) : [],
    options: {
      seed: { type: 'string', default: SEED },
      part: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  return { seed: values.seed, part: Number(values.part), only: values.only };
}

describe('hostile input', () => {
  const totals = { inputs: 0, known: 0, cpuMs: 0 };

  for (const target of ALL_TARGETS.filter(({ name }) => name.includes(only))) {
    it(`${target.name} says no clearly, in time, and keeps nothing`, async (t) => {
      const report = await runTrial(target, seed, Math.ceil(target.inputs / part));

      totals.inputs += report.inputs;
      totals.known += report.known;
      totals.cpuMs += report.cpuMs;
      t.diagnostic(
        `${report.inputs} inputs, ${report.cpuMs.toFixed(0)} ms of processor; slowest ` +
          `${report.slowestMs.toFixed(1)} ms (index ${report.slowestIndex}, ` +
          `${report.slowestLength} characters); heap ${(report.grownBytes / 1024).toFixed(0)} KB ` +
          `larger after the second half; ${report.known} met an open defect; seed ${seed}`,
      );
      const words = report.failures.map(
        ({ index, input, why }) => `seed ${seed}, index ${index}: ${why}\n  ${input}`,
      );
      assert.equal(words.length, 0, words.join('\n'));
      assert.ok(report.grownBytes < HEAP_GROWTH_MAX_BYTES, 'the heap has grown');
    });
  }

  it('comes to a million inputs', (t) => {
    const seconds = (totals.cpuMs / 1_000).toFixed(1);
    t.diagnostic(`${totals.inputs} inputs in ${seconds} s of processor, seed ${seed}`);
    const isWhole = part <= 1 && only === '';

    if (isWhole) tell('hostile', 'all', { inputs: totals.inputs, readers: ALL_TARGETS.length });
    assert.ok(!isWhole || totals.inputs >= INPUTS_MIN, `${totals.inputs} inputs`);
  });
});
