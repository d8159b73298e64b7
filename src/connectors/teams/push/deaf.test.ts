import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hearing } from './deaf.ts';
import { heldBytes } from './fixtures/heap.ts';

/** Stands for a while already. */
function hearing(): Hearing {
  const made = new Hearing();
  made.begin(-60_000);
  return made;
}

function changes(made: Hearing, at: number, ...accounts: readonly string[]): void {
  for (const account of accounts) made.changed(account, at);
}

describe('a channel', () => {
  it('is deaf after three changes that nobody announced within a minute', () => {
    const made = hearing();
    changes(made, 1_000, 'a', 'b', 'c');

    assert.equal(made.isDeaf(60_999), false);
    assert.equal(made.isDeaf(61_000), true);
  });

  it('is not deaf after two, nor after three within more than a minute', () => {
    const two = hearing();
    changes(two, 0, 'a', 'b');
    assert.equal(two.isDeaf(60_000), false);

    const slow = hearing();
    for (const at of [0, 31_000, 62_000]) {
      changes(slow, at, 'a');
      assert.equal(slow.isDeaf(at + 60_000), false);
    }
  });

  it('has heard what was announced within a minute before the read or after it', () => {
    const made = hearing();
    made.noticed('a', 0);
    changes(made, 60_000, 'a', 'b', 'c');
    made.noticed('b', 119_000);

    assert.equal(made.isDeaf(120_000), false);
    changes(made, 120_000, 'd', 'e');
    assert.equal(made.isDeaf(179_000), false);
    assert.equal(made.isDeaf(180_000), false, 'c is too long ago by now');
  });

  it('has not heard what was announced longer before', () => {
    const made = hearing();
    for (const account of ['a', 'b', 'c']) made.noticed(account, 0);
    changes(made, 60_001, 'a', 'b', 'c');

    assert.equal(made.isDeaf(120_001), true);
  });

  it('is not blamed for what changed before it stood and is found when it stands', () => {
    const made = new Hearing();
    made.begin(0);
    changes(made, 1_000, 'a', 'b', 'c', 'd');
    assert.equal(made.isDeaf(61_000), false);

    changes(made, 61_000, 'a', 'b', 'c');
    assert.equal(made.isDeaf(121_000), true);
    made.begin(121_000);
    assert.equal(made.isDeaf(122_000), false);
  });

  it('keeps nothing of whom it heard of long ago', () => {
    const made = hearing();
    const before = heldBytes();
    for (let round = 0; round < 100; round += 1) {
      const now = round * 60_000;
      for (let n = 0; n < 1_000; n += 1) made.noticed(`${round}-${n}-${'x'.repeat(1_000)}`, now);
      made.isDeaf(now);
    }

    const grown = heldBytes() - before;
    assert.equal(made.isDeaf(100 * 60_000), false, 'it is still in use');
    assert.ok(grown < 20 * 1024 ** 2, `${grown} bytes`);
  });
});
