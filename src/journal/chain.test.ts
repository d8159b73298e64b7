import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GENESIS, parseJson, seal, unseal, verifySequence } from './chain.ts';
import type { Sealed } from './chain.ts';

function chainOf(count: number): readonly Sealed[] {
  const records: Sealed[] = [];
  for (let n = 1; n <= count; n += 1) {
    const agent = n % 2 === 0 ? { agent: `a${n}` } : {};
    const entry = { kind: 'observed', at: 1000 + n, body: { n }, ...agent } as const;
    records.push(seal(records.at(-1) ?? GENESIS, entry));
  }
  return records;
}

const LENGTH = 12;
const CHAIN = chainOf(LENGTH);
const position = fc.integer({ min: 0, max: LENGTH - 1 });

/** Ways to spoil one record: each changes something that the hash covers, or the hash. */
const SPOIL: readonly ((record: Sealed) => Sealed)[] = [
  (r) => ({ ...r, body: r.body.replace('n', 'm') }),
  (r) => ({ ...r, kind: 'decided' }),
  (r) => ({ ...r, at: r.at + 1 }),
  (r) => ({ ...r, agent: r.agent === null ? '' : null }),
  (r) => ({ ...r, format: 2 }),
  (r) => ({ ...r, seq: r.seq + 1 }),
  (r) => ({ ...r, hash: r.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
];

describe('chain', () => {
  it('has a fixed hash for a fixed record: format 1 may never change', () => {
    const first = seal(GENESIS, {
      kind: 'observed',
      at: 1.5,
      agent: 'ü',
      body: { b: [1], a: 'x' },
    });
    assert.equal(first.body, '{"a":"x","b":[1]}');
    assert.equal(first.hash, 'e44d4937d8b0526ba6a4589a9a927e47a09c1b1194a8b8325adfc6df4d4f3925');
    const second = seal(first, { kind: 'tick', at: -0, body: null });
    assert.equal(second.hash, 'e4de7d214ee6188fa6b0cde60f829d8f40fb47aedc83199f3693c1d459cccdc6');
    assert.ok(Object.is(second.at, 0));
  });

  it('verifies what was sealed, and gives the entry back', () => {
    const { head, records, broken } = verifySequence(GENESIS, CHAIN);
    assert.deepEqual([head.seq, records, broken], [LENGTH, LENGTH, undefined]);
    assert.deepEqual(CHAIN.map(unseal)[1], {
      seq: 2,
      format: 1,
      kind: 'observed',
      at: 1002,
      agent: 'a2',
      body: { n: 2 },
      hash: CHAIN[1]?.hash,
    });
    assert.equal('agent' in unseal(seal(GENESIS, { kind: 'tick', at: 0, body: 0 })), false);
  });

  it('finds the first record that was edited, whatever was edited', () => {
    fc.assert(
      fc.property(position, fc.constantFrom(...SPOIL), (at, spoil) => {
        const spoiled = CHAIN.map((record, i) => (i === at ? spoil(record) : record));
        assert.equal(verifySequence(GENESIS, spoiled).broken?.at, at + 1);
      }),
    );
  });

  it('finds deletion, doubling, swap and foreign records', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const record = CHAIN.slice(high, high + 1);
        const without = CHAIN.filter((_, i) => i !== low);
        const doubled = [...CHAIN.slice(0, low + 1), ...record, ...CHAIN.slice(low + 1)];
        if (low < LENGTH - 1) assert.equal(verifySequence(GENESIS, without).broken?.at, low + 1);
        if (high !== low + 1) assert.equal(verifySequence(GENESIS, doubled).broken?.at, low + 2);
        const swapped = CHAIN.map((r, i) => CHAIN[i === low ? high : i === high ? low : i] ?? r);
        const { broken } = verifySequence(GENESIS, swapped);
        assert.equal(broken?.at, low === high ? undefined : low + 1);
      }),
    );
  });

  it('does not confuse fields that stand side by side', () => {
    const plain = seal(GENESIS, { kind: 'tick', at: 1, agent: '1', body: '23' });
    for (const other of [
      { kind: 'tick', at: 1, agent: '12', body: '3' },
      { kind: 'tick', at: 11, body: '23' },
      { kind: 'tick', at: 1, agent: 'null', body: '23' },
    ] as const) {
      assert.notEqual(seal(GENESIS, other).hash, plain.hash);
    }
  });

  it('parses nothing but JSON', () => {
    assert.throws(() => parseJson('{'), SyntaxError);
    assert.deepEqual(parseJson('[1]'), [1]);
  });
});
