import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { STRATEGIES } from '../../src/policy/policy.ts';
import { Bench } from '../../src/core/bench.test-kit.ts';

const FOLDER = join(import.meta.dirname, '..', 'corpus', 'core');

const historySchema = z.strictObject({
  about: z.string(),
  strategy: z.enum(STRATEGIES).default('latest_human'),
  notReady: z.array(z.strictObject({ code: z.string(), show: z.enum(['dnd', 'brb']) })),
  dwellMs: z.number().default(0),
  moves: z.array(z.string()),
  plans: z.record(z.string(), z.string()),
});

describe('past failures of the core', () => {
  for (const file of readdirSync(FOLDER)) {
    const history = historySchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
    it(`${file}: ${history.about}`, () => {
      const bench = new Bench(history.strategy, history.notReady, history.dwellMs);
      for (const move of history.moves) make(bench, move);
      for (const [platform, plan] of Object.entries(history.plans)) {
        assert.equal(bench.planOf(platform), plan, platform);
      }
    });
  }
});

function make(bench: Bench, move: string): void {
  const [verb, first = '', second] = move.split(' ');
  switch (verb) {
    case 'five9':
      bench.five9(first, second === undefined ? {} : { code: second });
      return;
    case 'five9_for':
      bench.five9(second ?? '', { age: Number(first) });
      return;
    case 'five9_pending':
      bench.five9(first, second === undefined ? {} : { pending: second });
      return;
    case 'refuse':
      bench.outcome(first, { kind: 'refused', reason: 'refused', detail: 'HTTP 409' });
      return;
    case 'teams':
      bench.teams(first, second);
      return;
    case 'send':
      bench.send(first);
      return;
    case 'accept':
      bench.outcome(first, { kind: 'accepted' });
      return;
    case 'lose':
      bench.outcome(first, { kind: 'ambiguous' });
      return;
    case 'deliver':
      bench.deliver(first);
      return;
    case 'take_over':
      bench.input({ kind: 'taken_over', epoch: bench.world.epoch + 1 });
      return;
    case 'pass':
      bench.pass(Number(first));
      return;
    default:
      throw new Error(`no such move: ${move}`);
  }
}
