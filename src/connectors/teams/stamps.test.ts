import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Stamps } from './stamps.ts';

function bench(): { readonly stamps: Stamps; readonly ends: string[] } {
  const ends: string[] = [];
  return { ends, stamps: new Stamps((why) => ends.push(why)) };
}

describe('sequence numbers', () => {
  it('are handed on while they behave', () => {
    const { stamps, ends } = bench();
    assert.equal(stamps.admit(undefined, { value: 'a', stamp: '1' }), '1');
    assert.equal(stamps.admit({ value: 'a', stamp: '1' }, { value: 'b', stamp: '2' }), '2');
    assert.equal(stamps.admit({ value: 'b', stamp: '2' }, { value: 'b', stamp: '2' }), '2');
    assert.deepEqual(ends, []);
  });

  it('are given up for good when one goes back', () => {
    const { stamps, ends } = bench();
    assert.equal(stamps.admit({ value: 'a', stamp: '2' }, { value: 'b', stamp: '1' }), undefined);
    assert.equal(stamps.admit({ value: 'a', stamp: '2' }, { value: 'b', stamp: '3' }), undefined);
    assert.deepEqual(ends, ['regressed']);
  });

  it('are given up when one is absent, empty or endless', () => {
    for (const seen of [
      { value: 'a' },
      { value: 'a', stamp: '' },
      { value: 'a', stamp: 'x'.repeat(200) },
    ]) {
      const { stamps, ends } = bench();
      assert.equal(stamps.admit(undefined, seen), undefined);
      assert.deepEqual(ends, ['absent']);
    }
  });

  it('are given up when they move without a change too often, but not before 200 pairs', () => {
    const { stamps, ends } = bench();
    const pair = (moved: boolean): string | undefined =>
      stamps.admit({ value: 'a', stamp: '1' }, { value: 'a', stamp: moved ? '2' : '1' });
    for (let i = 0; i < 189; i += 1) pair(false);
    for (let i = 0; i < 10; i += 1) assert.equal(pair(true), '2');
    assert.equal(pair(false), '1', 'ten of 200 are five per cent, not more');
    assert.equal(pair(true), undefined);
    assert.deepEqual(ends, ['restless']);
  });
});
