import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { virtualClock } from './virtual-clock.ts';

describe('virtual clock', () => {
  it('runs tasks in order of due time, equal ones in the order they were set, never early', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 200 }), (delays) => {
        const clock = virtualClock(5_000);
        const ran: { readonly due: number; readonly order: number }[] = [];
        for (const [order, due] of delays.entries()) {
          clock.after(due, () => {
            assert.equal(clock.monotonic(), due);
            assert.equal(clock.now(), 5_000 + due);
            ran.push({ due, order });
          });
        }
        clock.advance(25);
        assert.ok(ran.every(({ due }) => due <= 25));
        assert.equal(clock.waiting(), delays.length - ran.length);
        clock.advance(25);
        const sorted = ran.toSorted((a, b) => a.due - b.due || a.order - b.order);
        assert.deepEqual(ran, sorted);
        assert.equal(ran.length, delays.length);
      }),
    );
  });

  it('does not run what was cancelled, and runs what tasks set on the way', () => {
    const clock = virtualClock(0);
    const ran: string[] = [];
    const timer = clock.after(10, () => ran.push('cancelled'));
    clock.after(5, () => {
      timer.cancel();
      clock.after(0, () => ran.push('at once'));
      clock.after(100, () => ran.push('later'));
    });
    clock.advance(50);
    assert.deepEqual(ran, ['at once']);
    assert.equal(clock.waiting(), 1);
  });

  it('lets promises settle between tasks, and steps the wall clock alone', async () => {
    const clock = virtualClock(0);
    const ran: number[] = [];
    const loop = async (): Promise<void> => {
      for (let i = 0; i < 3; i += 1) {
        await new Promise<void>((resolve) => {
          clock.after(10, resolve);
        });
        ran.push(clock.monotonic());
      }
    };
    const done = loop();
    await clock.run(100);
    await done;
    assert.deepEqual(ran, [10, 20, 30]);
    clock.stepWall(3_600_000);
    assert.deepEqual([clock.now(), clock.monotonic()], [3_600_100, 100]);
  });

  it('lets long chains of promises settle, also those that began before it ran', async () => {
    const clock = virtualClock(0);
    const ran: string[] = [];
    const chain = async (name: string): Promise<void> => {
      for (let link = 0; link < 100; link += 1) await Promise.resolve();
      ran.push(name);
    };
    clock.after(0, () => {
      ran.push('first task');
      void chain('second chain');
    });
    clock.after(0, () => ran.push('second task'));
    await new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        void chain('first chain');
        clock.run(0).then(resolve, reject);
      });
    });
    assert.deepEqual(ran, ['first chain', 'first task', 'second chain', 'second task']);
  });

  it('gives what is real a turn, also when nothing is due', async () => {
    const clock = virtualClock(0);
    let isReal = false;
    setImmediate(() => {
      isReal = true;
    });
    await clock.run(0);
    assert.ok(isReal);
  });
});
