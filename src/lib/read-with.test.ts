import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { readWith } from './read-with.ts';

/** A length that can be compared with nothing. */
const ODD: unknown = JSON.parse('{"length":{"toString":1}}');

describe('reading with a schema', () => {
  it('gives what the schema makes of the value', () => {
    assert.equal(readWith(z.string().transform(Number), '7'), 7);
  });

  it('gives undefined for what does not fit', () => {
    assert.equal(readWith(z.string(), 7), undefined);
  });

  it('gives undefined where the schema itself throws', () => {
    const schema = z.string().max(64);

    assert.throws(() => schema.safeParse(ODD), TypeError);
    assert.equal(readWith(schema, ODD), undefined);
  });
});
