/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentLine } from '../data/view.ts';
import type { Line } from '../data/view.ts';
import { goTo, moveOf } from './grid-keys.ts';

const counts = { blocked: 0, unknown: 0, moving: 0, in_step: 0 };
const team = (name: string): Line => ({ kind: 'team', key: name, team: name, counts });
const lines: readonly Line[] = [
  team('x'),
  agentLine('a'),
  agentLine('b'),
  team('y'),
  agentLine('c'),
];

describe('keys in the grid', () => {
  it('know the keys that move, and no others', () => {
    assert.equal(moveOf('ArrowDown'), 'down');
    assert.equal(moveOf('End'), 'last');
    assert.equal(moveOf('a'), undefined);
    assert.equal(moveOf('constructor'), undefined);
  });

  it('pass over team lines both ways', () => {
    assert.equal(goTo(lines, 2, { move: 'down', page: 9 }), 4);
    assert.equal(goTo(lines, 4, { move: 'up', page: 9 }), 2);
  });

  it('stay inside the list', () => {
    assert.equal(goTo(lines, 1, { move: 'up', page: 9 }), 1);
    assert.equal(goTo(lines, 4, { move: 'down', page: 9 }), 4);
    assert.equal(goTo(lines, 2, { move: 'page_up', page: 9 }), 1);
    assert.equal(goTo(lines, 1, { move: 'page_down', page: 9 }), 4);
    assert.equal(goTo(lines, 4, { move: 'first', page: 9 }), 1);
    assert.equal(goTo(lines, 1, { move: 'last', page: 9 }), 4);
  });

  it('start at the first agent, and go nowhere in an empty list', () => {
    assert.equal(goTo(lines, -1, { move: 'down', page: 9 }), 1);
    assert.equal(goTo([], -1, { move: 'down', page: 9 }), -1);
    assert.equal(goTo([team('x')], -1, { move: 'last', page: 9 }), -1);
  });
});
