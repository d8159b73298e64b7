import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PEOPLE_MAX, Shards } from './shards.ts';

const people = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => `p${String(from + n).padStart(5, '0')}`);

function allOf(shards: Shards, count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => shards.of(index));
}

describe('the shards', () => {
  it('hold 650 each, everybody once, and say how many find no place', () => {
    const shards = new Shards(2);

    assert.equal(shards.replace(new Set(people(0, 1_500))), 200);
    const [first = [], second = []] = allOf(shards, 2);
    assert.deepEqual([first.length, second.length], [PEOPLE_MAX, PEOPLE_MAX]);
    assert.equal(new Set([...first, ...second]).size, 1_300);
  });

  it('change one alone for one newcomer, and none when nobody comes or goes', () => {
    const shards = new Shards(3);
    shards.replace(new Set(people(0, 1_000)));
    const before = allOf(shards, 3);
    shards.replace(new Set([...people(0, 1_000)].reverse()));
    assert.deepEqual(allOf(shards, 3), before);

    // It sorts before everybody else.
    shards.replace(new Set([...people(0, 1_000), 'a-newcomer']));
    const changed = allOf(shards, 3).filter((each, n) => each.join() !== before[n]?.join());
    assert.deepEqual(changed.length, 1);
    assert.ok(changed[0]?.includes('a-newcomer'));
  });

  it('change one alone for one who leaves, whose place a newcomer takes', () => {
    const shards = new Shards(2);
    shards.replace(new Set(people(0, 1_300)));
    const [, second] = allOf(shards, 2);
    const without = people(0, 1_300).filter((each) => each !== 'p00007');

    assert.equal(shards.replace(new Set(without)), 0);
    assert.deepEqual(shards.of(1), second);
    assert.equal(shards.replace(new Set([...without, 'z'])), 0);
    assert.equal(shards.holding('z'), 0);
    assert.equal(shards.holding('p00007'), undefined);
    assert.equal(shards.holding('p01200'), 1);
  });
});
