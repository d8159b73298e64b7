import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { virtualClock } from '../virtual-clock.ts';
import { DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { createQuota, type Quota, type QuotaRules } from './quota.ts';

const WINDOW = 30_000;

function open(change: Partial<QuotaRules> = {}): {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly quota: Quota;
} {
  const clock = virtualClock(0);
  const rules = { ...DEFAULT_BEHAVIOUR, quotaLimit: 3, ...change };
  return { clock, quota: createQuota(clock, () => rules) };
}

function times(quota: Quota, count: number): readonly (number | undefined)[] {
  return Array.from({ length: count }, () => quota.ask('app'));
}

describe('quota', () => {
  it('lets the limit through in any window and says when there is room again', () => {
    const { clock, quota } = open({ quotaCountsRejected: 'no' });
    quota.ask('app');
    clock.advance(10_000);
    assert.deepEqual(times(quota, 3), [undefined, undefined, 20_000]);
    clock.advance(19_999);
    assert.equal(quota.ask('app'), 1);
    clock.advance(1);
    assert.equal(quota.ask('app'), undefined);
  });

  it('counts rejected requests too, unless told not to', () => {
    const { clock, quota } = open();
    times(quota, 3);
    clock.advance(29_000);
    assert.equal(quota.ask('app'), WINDOW - 29_000);
    clock.advance(1_000);
    assert.deepEqual(times(quota, 3), [undefined, undefined, WINDOW]);
  });

  it('gives each application its own limit', () => {
    const { quota } = open();
    times(quota, 3);
    assert.equal(quota.ask('other'), undefined);
    assert.notEqual(quota.ask('app'), undefined);
  });

  it('can count in fixed windows that begin at a phase', () => {
    const { clock, quota } = open({ quotaAlgorithm: 'fixed', quotaPhaseMs: 10_000 });
    clock.advance(5_000);
    assert.deepEqual(times(quota, 4).at(-1), 5_000);
    clock.advance(5_000);
    assert.deepEqual(times(quota, 4), [undefined, undefined, undefined, WINDOW]);
  });

  it('can be a bucket that fills evenly', () => {
    const { clock, quota } = open({ quotaAlgorithm: 'bucket', quotaCountsRejected: 'no' });
    assert.deepEqual(times(quota, 4), [undefined, undefined, undefined, 10_000]);
    clock.advance(10_000);
    assert.deepEqual(times(quota, 2), [undefined, 10_000]);
  });

  it('knows the true peak of any window, rejected requests included', () => {
    const { clock, quota } = open();
    times(quota, 2);
    clock.advance(WINDOW - 1);
    times(quota, 4);
    clock.advance(1);
    times(quota, 1);
    const [count] = quota.counts();
    assert.equal(count?.peak, 6);
    assert.equal(count?.requests, 7);
    assert.equal(count?.rejected, 4);
  });

  it('lets a client through that waits as long as it is told, whatever the algorithm', () => {
    const algorithm = fc.constantFrom('sliding', 'fixed', 'bucket');
    const counts = fc.constantFrom('yes', 'no');
    const gaps = fc.array(fc.nat(20_000), { maxLength: 30 });
    fc.assert(
      fc.property(algorithm, counts, gaps, (quotaAlgorithm, quotaCountsRejected, pauses) => {
        const { clock, quota } = open({ quotaAlgorithm, quotaCountsRejected });
        for (const gap of pauses) {
          clock.advance(gap);
          const waitMs = quota.ask('app');
          if (waitMs === undefined) continue;
          clock.advance(Math.ceil(waitMs));
          assert.equal(quota.ask('app'), undefined);
        }
      }),
    );
  });
});
