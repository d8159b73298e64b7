import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { Heap } from './heap.ts';

it('gives the entries back in order, each key once with its last value', () => {
  const operation = fc.record({ key: fc.nat(20), value: fc.nat(1000), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const heap = new Heap<number, number>((a, b) => a < b);
      const model = new Map<number, number>();
      for (const { key, value, remove } of operations) {
        if (remove) heap.delete(key);
        else heap.set(key, value);
        if (remove) model.delete(key);
        else model.set(key, value);
      }
      assert.equal(heap.size, model.size);
      const drained: number[] = [];
      for (let top = heap.top(); top !== undefined; top = heap.top()) {
        assert.equal(top.value, model.get(top.key));
        drained.push(top.value);
        heap.delete(top.key);
      }
      assert.deepEqual(
        drained,
        [...model.values()].sort((a, b) => a - b),
      );
    }),
  );
});
