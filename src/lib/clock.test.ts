import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { steadyClock } from './clock.ts';
import type { Clock } from './clock.ts';

const START = 1_000_000;
const HOUR = 3_600_000;

/** A machine whose time passes, and whose wall clock is set, only when told. */
function machine(): Clock & { pass(ms: number): void; stepWall(ms: number): void } {
  let monotonic = 0;
  let wall = START;
  return {
    now: () => wall,
    monotonic: () => monotonic,
    after: () => ({ cancel: () => undefined }),
    pass: (ms): void => {
      monotonic += ms;
      wall += ms;
    },
    stepWall: (ms): void => {
      wall += ms;
    },
  };
}

describe('a steady clock', () => {
  it('goes with the wall clock while that is steady', () => {
    const inner = machine();
    const clock = steadyClock(inner, () => assert.fail('nothing jumped'));

    inner.pass(5_000);

    assert.equal(clock.now(), START + 5_000);
    assert.equal(clock.monotonic(), 5_000);
  });

  for (const jump of [-HOUR, HOUR]) {
    it(`neither jumps nor stands still when the wall clock jumps by ${jump} ms`, () => {
      const inner = machine();
      const jumps: number[] = [];
      const clock = steadyClock(inner, (ms) => jumps.push(ms));
      const before = clock.now();

      inner.stepWall(jump);
      const after = clock.now();
      inner.pass(60_000);
      const later = clock.now();

      assert.equal(after, before);
      assert.ok(Math.abs(later - after - 60_000) <= 3_000, `${later - after} ms in a minute`);
      assert.deepEqual(jumps, [jump]);
      assert.equal(clock.wall?.(), inner.now());
    });
  }

  it('agrees again after a small step', () => {
    const inner = machine();
    const clock = steadyClock(inner, () => undefined);

    inner.stepWall(-4_000);
    inner.pass(100_000);
    clock.now();

    assert.equal(clock.now(), inner.now());
  });

  it('begins no earlier than it is told', () => {
    const inner = machine();
    const clock = steadyClock(inner, () => undefined);

    clock.notBefore(START + HOUR);
    inner.pass(1_000);

    assert.ok(clock.now() > START + HOUR);
    clock.notBefore(START);
    assert.ok(clock.now() > START + HOUR);
  });
});
