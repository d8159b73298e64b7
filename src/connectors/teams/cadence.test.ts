import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, integer, property, record } from 'fast-check';
import { CADENCE, periodsFor } from './cadence.ts';

const QUOTA = { requests: 1_500, windowMs: 30_000 };

describe('the periods of the sweep', () => {
  it('are as set for a small tenant', () => {
    assert.deepEqual(periodsFor(CADENCE, { hot: 20, warm: 20, cold: 10 }, 300, QUOTA), {
      hot: 1_250,
      warm: 2_500,
      cold: 10_000,
    });
  });

  it('slow down warm and cold people before hot ones', () => {
    const some = periodsFor(CADENCE, { hot: 140, warm: 800, cold: 60 }, 150, QUOTA);
    assert.equal(some.hot, CADENCE.hotMs);
    assert.ok(some.warm > CADENCE.warmMs && some.warm <= 4 * CADENCE.warmMs, `${some.warm}`);
    const all = periodsFor(CADENCE, { hot: 1_000, warm: 0, cold: 0 }, 300, QUOTA);
    assert.equal(all.hot, CADENCE.hotMaxMs, 'bytes alone do not make anybody late');
  });

  it('hold for nobody at all', () => {
    const periods = periodsFor(CADENCE, { hot: 0, warm: 0, cold: 0 }, 300, QUOTA);
    assert.equal(periods.hot, CADENCE.hotMs);
  });

  it('keep expected reads and bytes within their shares, and are never shorter than set', () => {
    const count = integer({ min: 0, max: 60_000 });
    check(
      property(
        record({ hot: count, warm: count, cold: count }),
        integer({ min: 10, max: 5_000 }),
        (crowd, bytesPerId) => {
          const periods = periodsFor(CADENCE, crowd, bytesPerId, QUOTA);
          const people = crowd.hot + crowd.warm + crowd.cold;
          let reads = 0;
          let bytes = 0;
          for (const interest of ['hot', 'warm', 'cold'] as const) {
            reads += (Math.ceil(crowd[interest] / 650) * 1_000) / periods[interest];
            bytes += (crowd[interest] * bytesPerId * 1_000) / periods[interest];
          }
          assert.ok(reads <= 4 * 1.000_001, `${reads} reads a second`);
          const allowed = Math.max(20_000, people * 60);
          const isBounded = periods.hot >= CADENCE.hotMaxMs;
          assert.ok(
            isBounded || bytes <= allowed * 1.000_001,
            `${bytes} of ${allowed} bytes a second`,
          );
          assert.ok(periods.hot >= 1_250 && periods.warm >= 2_500 && periods.cold >= 10_000);
        },
      ),
    );
  });
});
