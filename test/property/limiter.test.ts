import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Limiter } from '../../src/delivery/limiter.ts';

const REQUESTS = 150;
const WINDOW_MS = 30_000;
const JITTER_MS = 300;

/** Ways in which a vendor may count; the limiter must hold under each (I5). */
const SERVERS = {
  sliding: (arrivals: readonly number[]): number =>
    Math.max(
      0,
      ...arrivals.map((end) => arrivals.filter((at) => at > end - WINDOW_MS && at <= end).length),
    ),
  fixed: (arrivals: readonly number[]): number => {
    const phases = [0, 7_000, 13_000, 21_000];
    return Math.max(...phases.map((phase) => fullest(arrivals, phase)));
  },
};

function fullest(arrivals: readonly number[], phase: number): number {
  const counts = new Map<number, number>();
  for (const at of arrivals) {
    const window = Math.floor((at + phase) / WINDOW_MS);
    counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

describe('Limiter', () => {
  it('never lets a window of the vendor overflow, whatever is asked and however it arrives', () => {
    const asking = fc.array(
      fc.record({
        gapMs: fc.oneof(fc.nat(20), fc.nat(2_000), fc.nat(20_000)),
        burst: fc.integer({ min: 1, max: 200 }),
        urgent: fc.boolean(),
        jitter: fc.nat(JITTER_MS),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(asking, (steps) => {
        const arrivals = run(steps);
        for (const [name, count] of Object.entries(SERVERS)) {
          const most = count(arrivals);
          assert.ok(most <= REQUESTS, `${name}: ${most} requests in one window`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('lets a small backlog go at once and paces a large one', () => {
    const limiter = new Limiter({
      requests: 1_500,
      windowMs: WINDOW_MS,
      margin: 0.02,
      concurrency: 10_000,
      reserve: 400,
    });
    let burst = 0;
    while (limiter.mayGo(0, 500 - burst, false).kind === 'go' && burst < 500) {
      limiter.sent(0);
      burst += 1;
    }
    assert.equal(burst, 500);
    assert.equal(limiter.mayGo(0, 5_000, false).kind, 'wait');
    assert.equal(limiter.mayGo(0, 5_000, true).kind, 'go');
  });

  it('halves its cap after a 429 and grows back', () => {
    const limiter = new Limiter({
      requests: 1_500,
      windowMs: WINDOW_MS,
      margin: 0.02,
      concurrency: 64,
      reserve: 0,
    });
    limiter.throttled(0);
    assert.equal(limiter.cap, 735);
    limiter.mayGo(20 * WINDOW_MS, 1, false);
    assert.equal(limiter.cap, 1_470);
  });
});

function run(
  steps: readonly { gapMs: number; burst: number; urgent: boolean; jitter: number }[],
): number[] {
  const limiter = new Limiter({
    requests: REQUESTS,
    windowMs: WINDOW_MS,
    margin: 0.02,
    concurrency: 1_000,
    reserve: 20,
  });
  const arrivals: number[] = [];
  let now = 0;
  for (const { gapMs, burst, urgent, jitter } of steps) {
    now += gapMs;
    for (let left = burst; left > 0; left -= 1) {
      if (limiter.mayGo(now, left, urgent).kind !== 'go') break;
      limiter.sent(now);
      arrivals.push(now + jitter);
    }
  }
  return arrivals.sort((a, b) => a - b);
}
