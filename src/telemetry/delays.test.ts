import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as holds, nat, property } from 'fast-check';
import { createDelays } from './delays.ts';

void describe('delays', () => {
  void it('are summed up by direction, in order', () => {
    const delays = createDelays();
    for (let ms = 1; ms <= 100; ms += 1) delays.record('teams', 'five9', ms);
    delays.record('five9', 'teams', 7);
    assert.deepEqual(delays.summary(), [
      { from: 'five9', to: 'teams', meanMs: 7, p95Ms: 7, count: 1 },
      { from: 'teams', to: 'five9', meanMs: 50.5, p95Ms: 95, count: 100 },
    ]);
  });

  void it('rest on the newest samples only', () => {
    const delays = createDelays(3);
    for (const ms of [900, 1, 2, 3]) delays.record('a', 'b', ms);
    assert.deepEqual(delays.summary(), [{ from: 'a', to: 'b', meanMs: 2, p95Ms: 3, count: 3 }]);
  });

  void it('leave out what is no delay, and bound the directions', () => {
    const delays = createDelays();
    for (const odd of [-1, Number.NaN, Number.POSITIVE_INFINITY]) delays.record('a', 'b', odd);
    assert.deepEqual(delays.summary(), []);
    for (let i = 0; i < 1_000; i += 1) delays.record('a', String(i), 1);
    assert.equal(delays.summary().length, 100);
  });

  void it('have a 95th percentile that nineteen in twenty do not exceed, and no smaller one does', () => {
    holds(
      property(array(nat(1_000), { minLength: 1, maxLength: 60 }), (samples) => {
        const delays = createDelays();
        for (const ms of samples) delays.record('a', 'b', ms);
        const p95 = delays.summary()[0]?.p95Ms ?? assert.fail();
        const within = (limit: number): number =>
          samples.filter((ms) => ms <= limit).length / samples.length;
        assert.ok(within(p95) >= 0.95);
        assert.ok(samples.every((ms) => ms >= p95 || within(ms) < 0.95));
      }),
    );
  });
});
