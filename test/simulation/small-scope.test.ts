import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describe, it } from 'node:test';
import { BROKEN } from '../../simulation/small-scope/broken.ts';
import { limitsOf, scopeOf, wordsOf } from '../../simulation/small-scope/main.ts';
import { rootNamed } from '../../simulation/small-scope/roots.ts';
import type { Report } from '../../simulation/small-scope/search.ts';
import { search } from '../../simulation/small-scope/search.ts';
import type { Scope } from '../../simulation/small-scope/system.ts';
import { tell } from '../../simulation/trust/facts.ts';

interface Case {
  readonly from: string;
  /** Changes, faults and pauses that one way may use up. */
  readonly budget: readonly [number, number, number];
  /** Without it everything that can be reached is searched. */
  readonly depth?: number;
}

const CASES: readonly Case[] = [
  { from: 'ready', budget: [2, 0, 3] },
  { from: 'ready', budget: [1, 1, 2] },
  { from: 'ready', budget: [4, 2, 1], depth: 6 },
  { from: 'ready by their own press', budget: [1, 1, 0] },
  { from: 'on a call', budget: [1, 0, 2] },
  { from: 'on a call', budget: [1, 1, 0] },
  { from: 'in after-call work', budget: [1, 1, 0] },
  { from: 'on a break', budget: [1, 1, 1] },
  { from: 'stopped for Do not disturb', budget: [1, 1, 1] },
  { from: 'stopped for Do not disturb', budget: [2, 0, 1] },
  { from: 'on a call, a stop pending', budget: [1, 1, 0] },
];

describe('every way through a small world', () => {
  for (const { from, budget, depth } of CASES) {
    const [changes, faults, pauses] = budget;
    const size = `${changes} changes, ${faults} faults, ${pauses} pauses`;
    const within = depth === undefined ? '' : `, ${depth} actions`;
    it(`from ${from}: ${size}${within}`, (context) => {
      const report = look(context, { changes, faults, pauses }, from, depth);

      tell('smallScope', `${from} ${budget.join(' ')}`, {
        states: report.states,
        edges: report.edges,
      });
      assert.deepEqual(report.violations, []);
      assert.equal(report.reached, depth === undefined ? 'all' : 'depth');
    });
  }
});

describe('the search sees a core that is broken on purpose:', () => {
  const cases: readonly (readonly [keyof typeof BROKEN, Case['budget'], RegExp])[] = [
    ['forgetsDoubt', [1, 1, 1], /^a write wanted on \w+ before a sweep/],
    ['forgetsFlight', [1, 0, 0], /^a second write wanted/],
    ['forgetsMarks', [2, 0, 0], /^routing is stopped although nobody/],
    ['neverClears', [1, 0, 0], /ended: a Not Ready of ours is left/],
    ['neverContent', [1, 0, 0], /^writes go round in a circle/],
  ];
  for (const [name, [changes, faults, pauses], expected] of cases) {
    it(`one that ${name}`, (context) => {
      const sound = look(context, { changes, faults, pauses }, 'ready');
      const broken = look(context, { changes, faults, pauses, step: BROKEN[name] }, 'ready');

      assert.deepEqual(sound.violations, []);
      const found = broken.violations.find(({ what }) => expected.test(what));
      assert.ok(found !== undefined, wordsOf(broken).join('\n'));
      assert.ok(found.trace.length > 1, 'the way to it must be told');
    });
  }
});

function look(context: TestContext, given: Partial<Scope>, from: string, depth?: number): Report {
  const scope = scopeOf(given);
  const limits = limitsOf({ ...(depth === undefined ? {} : { depth }), violations: 50 });
  const report = search(scope, [rootNamed(from, scope)], limits);
  for (const line of wordsOf(report)) context.diagnostic(line);
  return report;
}
