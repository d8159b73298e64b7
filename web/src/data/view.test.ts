/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BoardItem } from '../../../src/api/contract/board.ts';
import { agentLine, buildView, FIRST_CHOICES, haystackOf, holdLines, STEPS } from './view.ts';
import { ORDERS, SLOW_MOVE_MS } from './view.ts';
import type { Choices, Row, View } from './view.ts';

const NOW = 10_000_000;

function rowOf(part: Partial<BoardItem> & { readonly id: string }, nameRank = 0): Row {
  const item: BoardItem = {
    name: part.id,
    teams: [],
    platforms: [],
    step: 'in_step',
    stepSince: NOW - 1000,
    why: '',
    ...part,
  };
  return { item, haystack: haystackOf(item), nameRank, line: agentLine(item.id) };
}

function idsOf(view: View): string[] {
  return view.lines.flatMap((line) => (line.kind === 'agent' ? [line.id] : []));
}

function choose(part: Partial<Choices>): Choices {
  return { ...FIRST_CHOICES, ...part };
}

const anyRows = fc
  .array(
    fc.record({
      step: fc.constantFrom(...STEPS),
      stepSince: fc.integer({ min: NOW - 60_000, max: NOW }),
      teams: fc.subarray(['Blue', 'Green', 'Red']),
    }),
    { maxLength: 40 },
  )
  .map((parts) => parts.map((part, index) => rowOf({ id: `a${String(index)}`, ...part }, index)));

const anyChoices = fc.record({
  text: fc.constantFrom('', 'a1', 'blue', 'nobody'),
  steps: fc.subarray([...STEPS]),
  order: fc.constantFrom(...ORDERS),
  byTeam: fc.boolean(),
});

describe('the list', () => {
  it('shows every matching row exactly once, however it is ordered and grouped', () => {
    fc.assert(
      fc.property(anyRows, anyChoices, (rows, choices) => {
        const expected = rows
          .filter((row) => row.haystack.includes(choices.text))
          .filter((row) => choices.steps.length === 0 || choices.steps.includes(row.item.step))
          .map((row) => row.item.id);
        const view = buildView(rows, choices, NOW);
        assert.deepEqual(idsOf(view).sort(), expected.sort());
        assert.equal(view.shown, expected.length);
      }),
    );
  });

  it('has the same order whatever the order in which the rows came', () => {
    fc.assert(
      fc.property(anyRows, anyChoices, (rows, choices) => {
        const forwards = idsOf(buildView(rows, choices, NOW));
        assert.deepEqual(idsOf(buildView([...rows].reverse(), choices, NOW)), forwards);
      }),
    );
  });

  it('puts blocked first, then unknown, then slow moves, the longest of each first', () => {
    const rows = [
      rowOf({ id: 'fine' }, 0),
      rowOf({ id: 'quick', step: 'moving', stepSince: NOW - 100 }, 1),
      rowOf({ id: 'slow', step: 'moving', stepSince: NOW - SLOW_MOVE_MS - 1 }, 2),
      rowOf({ id: 'dark', step: 'unknown' }, 3),
      rowOf({ id: 'late', step: 'blocked', stepSince: NOW - 5 }, 4),
      rowOf({ id: 'old', step: 'blocked', stepSince: NOW - 50 }, 5),
    ];
    const view = buildView(rows, FIRST_CHOICES, NOW);
    assert.deepEqual(idsOf(view), ['old', 'late', 'dark', 'slow', 'fine', 'quick']);
  });

  it('orders by the time out of step, with agents in step last', () => {
    const rows = [
      rowOf({ id: 'fine', stepSince: 0 }, 0),
      rowOf({ id: 'young', step: 'blocked', stepSince: NOW - 5 }, 1),
      rowOf({ id: 'old', step: 'moving', stepSince: NOW - 500 }, 2),
    ];
    const view = buildView(rows, choose({ order: 'longest' }), NOW);
    assert.deepEqual(idsOf(view), ['old', 'young', 'fine']);
  });

  it('counts for the chips what the text leaves, not what the chips leave', () => {
    const rows = [
      rowOf({ id: 'anna', step: 'blocked' }),
      rowOf({ id: 'anton' }),
      rowOf({ id: 'ben', step: 'blocked' }),
    ];
    const view = buildView(rows, choose({ text: 'AN', steps: ['blocked'] }), NOW);
    assert.deepEqual(idsOf(view), ['anna']);
    assert.deepEqual(view.matching, { blocked: 1, unknown: 0, moving: 0, in_step: 1 });
    assert.equal(view.all.blocked, 2);
    assert.equal(view.total, 3);
  });

  it('finds an agent by name, team, status and reason', () => {
    const item = rowOf({
      id: 'x',
      name: 'Agent 7',
      teams: ['Night desk'],
      platforms: [
        {
          platform: 'five9',
          preset: 'break',
          label: 'On a break',
          raw: '',
          reason: 'Lunch',
          cause: 'human',
          stale: false,
          ours: false,
        },
      ],
    });
    for (const text of ['agent 7', 'NIGHT', 'break', ' lunch ']) {
      assert.equal(buildView([item], choose({ text }), NOW).shown, 1, text);
    }
  });

  it('groups by the first team, alphabetically, agents without one at the end', () => {
    const rows = [
      rowOf({ id: 'none' }, 0),
      rowOf({ id: 'r', teams: ['Red'], step: 'blocked' }, 1),
      rowOf({ id: 'b', teams: ['Blue', 'Red'] }, 2),
    ];
    const { lines } = buildView(rows, choose({ byTeam: true }), NOW);
    const seen = lines.map((line) => (line.kind === 'team' ? `[${line.team}]` : line.id));
    assert.deepEqual(seen, ['[Blue]', 'b', '[Red]', 'r', '[]', 'none']);
    const red = lines[2];
    assert.equal(red?.kind === 'team' ? red.counts.blocked : -1, 1);
  });

  it('keeps its lines while it is held, without agents that are gone', () => {
    const first = [rowOf({ id: 'a' }, 0), rowOf({ id: 'b' }, 1), rowOf({ id: 'c' }, 2)];
    const before = buildView(first, FIRST_CHOICES, NOW);
    const later = [rowOf({ id: 'b', step: 'blocked' }, 1), rowOf({ id: 'a' }, 0)];
    const held = holdLines(before, buildView(later, FIRST_CHOICES, NOW), (id) => id !== 'c');
    assert.deepEqual(idsOf(held), ['a', 'b']);
    assert.equal(held.all.blocked, 1);
    assert.equal(held.shown, 2);
  });
});
