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
    assert.equal(limiter.learnedRequests, undefined, 'an idle window has taught nothing');
  });

  it('takes refusals of what was under way together for one', () => {
    const limiter = new Limiter({
      requests: 1_500,
      windowMs: WINDOW_MS,
      margin: 0.02,
      concurrency: 64,
      reserve: 0,
    });
    for (let each = 0; each < 20; each += 1) limiter.throttled(each * 10);
    assert.equal(limiter.cap, 735);
  });

  it('learns a limit of half of what it was told, and is seldom refused after that', () => {
    const { refusals, sent } = underLimit(REQUESTS / 2, 400);
    const [early = 0, late = 0] = [refusals.slice(0, 100), refusals.slice(-100)].map((part) =>
      part.reduce((sum, each) => sum + each, 0),
    );
    assert.ok(early > 0, 'the limit was met');
    assert.ok(late <= 2, `${late} refusals in the last hundred windows`);
    const mean = sent.slice(-100).reduce((sum, each) => sum + each, 0) / 100;
    assert.ok(mean > 0.8 * (REQUESTS / 2), `${mean} of ${REQUESTS / 2} are used`);
  });
});

/** A vendor that allows fewer, counts in a sliding window, and is asked as often as we may. */
function underLimit(limit: number, windows: number): { refusals: number[]; sent: number[] } {
  const limiter = new Limiter({
    requests: REQUESTS,
    windowMs: WINDOW_MS,
    margin: 0.02,
    concurrency: 1_000,
    reserve: 0,
  });
  const taken: number[] = [];
  const refusals = Array.from({ length: windows }, () => 0);
  const sent = Array.from({ length: windows }, () => 0);
  for (let now = 0; now < windows * WINDOW_MS; now += 50) {
    if (limiter.mayGo(now, 10_000, false).kind !== 'go') continue;
    limiter.sent(now);
    const window = Math.floor(now / WINDOW_MS);
    while ((taken[0] ?? now) <= now - WINDOW_MS) taken.shift();
    if (taken.length < limit) {
      taken.push(now);
      sent[window] = (sent[window] ?? 0) + 1;
    } else {
      refusals[window] = (refusals[window] ?? 0) + 1;
      limiter.throttled(now);
    }
  }
  return { refusals, sent };
}

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
