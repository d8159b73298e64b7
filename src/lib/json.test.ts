import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonical } from './json.ts';

describe('canonical', () => {
  it('gives one text whatever the order of the keys', () => {
    assert.equal(canonical({ b: 1, a: [true, null] }), canonical({ a: [true, null], b: 1 }));
    assert.equal(canonical({ b: 1, a: 'x' }), '{"a":"x","b":1}');
  });
});
