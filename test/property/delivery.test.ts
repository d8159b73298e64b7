import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { Report } from '../../src/delivery/delivery.ts';
import { Lane } from '../../src/delivery/delivery.ts';
import { Gate } from '../../src/delivery/gate.ts';
import { seededRandom } from '../../src/lib/random.ts';

const SECOND = 1_000;

interface Rig {
  readonly clock: VirtualClock;
  readonly lane: Lane;
  readonly sent: string[];
  /** What the next attempts report, in order; then `done`. */
  readonly reports: Report[];
  readonly most: () => number;
}

function rig(requests = 1_500, latencyMs = 100): Rig {
  const clock = virtualClock(0);
  const sent: string[] = [];
  const reports: Report[] = [];
  let flying = 0;
  let most = 0;
  const lane = new Lane({
    requests,
    windowMs: 30 * SECOND,
    margin: 0.02,
    concurrency: 64,
    reserve: 0,
    deniedPauseMs: 60 * SECOND,
    clock,
    random: seededRandom(1),
    attempt: (agent) => {
      const report = reports.shift() ?? { kind: 'done' as const };
      if (report.kind === 'skipped') return Promise.resolve(report);
      sent.push(agent);
      flying += 1;
      most = Math.max(most, flying);
      return new Promise((resolve) => {
        clock.after(latencyMs, () => {
          flying -= 1;
          resolve(report);
        });
      });
    },
  });
  return { clock, lane, sent, reports, most: () => most };
}

const wish = (harm: number, since = 0): { harm: number; urgent: boolean; since: number } => ({
  harm,
  urgent: harm >= 10,
  since,
});

describe('a lane', () => {
  it('sends the most harmful first, then the oldest', async () => {
    const { clock, lane, sent } = rig(10);
    for (let count = 0; count < 9; count += 1) lane.spend();
    lane.want('late', wish(2, 5));
    lane.want('early', wish(2, 1));
    lane.want('urgent', wish(100, 9));
    await clock.run(40 * SECOND);
    assert.deepEqual(sent.slice(0, 3), ['urgent', 'early', 'late']);
  });

  it('keeps one entry per agent, and one attempt in flight', async () => {
    const { clock, lane, sent } = rig();
    for (let count = 0; count < 5; count += 1) lane.want('a', wish(10, count));
    assert.equal(lane.isFlying('a'), true);
    assert.equal(lane.backlog, 1);
    await clock.run(50);
    assert.deepEqual(sent, ['a']);
    await clock.run(SECOND);
    assert.deepEqual(sent, ['a', 'a']);
  });

  it('gives the place of a skipped attempt back to the window', async () => {
    const { clock, lane, reports } = rig(100);
    reports.push({ kind: 'skipped' });
    lane.want('a', wish(10));
    await clock.run(10);
    assert.equal(lane.used(), 0);
  });

  it('stays closed exactly as long as the vendor said, whatever the length', async () => {
    for (const retryAfterMs of [1 * SECOND, 181 * SECOND, 3_600 * SECOND]) {
      const { clock, lane, sent, reports } = rig();
      reports.push({ kind: 'throttled', retryAfterMs });
      lane.want('a', wish(100));
      await clock.run(200);
      lane.want('b', wish(100));
      await clock.run(retryAfterMs - 200);
      assert.deepEqual(sent, ['a'], `closed for ${retryAfterMs} ms`);
      await clock.run(SECOND);
      assert.deepEqual(sent, ['a', 'b']);
    }
  });

  it('lets one probe go after a closing, and the rest when it succeeded', async () => {
    const { clock, lane, sent, reports } = rig();
    reports.push({ kind: 'throttled', retryAfterMs: 5 * SECOND });
    lane.want('a', wish(100));
    await clock.run(200);
    for (const agent of ['b', 'c', 'd']) lane.want(agent, wish(100));
    await clock.run(4_950);
    assert.equal(sent.length, 2);
    await clock.run(1_200);
    assert.equal(sent.length, 4);
  });

  it('makes reads wait at the same gate', async () => {
    const { clock, lane } = rig();
    lane.throttled(10 * SECOND);
    let read = false;
    lane.read().then(
      () => {
        read = true;
      },
      () => undefined,
    );
    await clock.run(9 * SECOND);
    assert.equal(read, false);
    await clock.run(2 * SECOND);
    assert.equal(read, true);
  });

  it('rests from writing when the platform refuses everybody, and goes on reading', async () => {
    const { clock, lane, sent, reports } = rig();
    reports.push({ kind: 'denied' });
    lane.want('a', wish(100));
    await clock.run(200);
    lane.want('b', wish(100));
    let reads = 0;
    const count = (): void => {
      reads += 1;
    };
    lane.read().then(count, () => undefined);
    await clock.run(30 * SECOND);
    assert.equal(reads, 1);
    assert.deepEqual(sent, ['a']);
    await clock.run(31 * SECOND);
    assert.deepEqual(sent, ['a', 'b']);
  });

  it('opens its breaker after repeated failures and recovers by itself', async () => {
    const { clock, lane, sent, reports } = rig();
    for (let count = 0; count < 40; count += 1) reports.push({ kind: 'failed' });
    for (let count = 0; count < 100; count += 1) lane.want(`a${count}`, wish(2, count));
    await clock.run(60 * SECOND);
    assert.ok(sent.length < 100, `${sent.length} sent into failures`);
    await clock.run(3_600 * SECOND);
    assert.equal(lane.backlog, 0);
  });

  it('never exceeds its window or its concurrency, and loses nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(200), fc.nat(3_000), fc.boolean()), { maxLength: 120 }),
        async (wants) => {
          const { clock, lane, sent, most } = rig(60);
          for (const [agent, gapMs, urgent] of wants) {
            lane.want(`a${agent}`, wish(urgent ? 100 : 2, clock.now()));
            await clock.run(gapMs);
            assert.ok(lane.used() <= 1, `${lane.used()} of the window`);
          }
          await clock.run(600 * SECOND);
          assert.ok(most() <= 64, 'concurrency');
          assert.equal(lane.backlog, 0);
          const wanted = new Set(wants.map(([agent]) => `a${agent}`));
          assert.deepEqual([...new Set(sent)].sort(), [...wanted].sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a gate', () => {
  it('closes for a jittered while when the vendor named no time', () => {
    const gate = new Gate(seededRandom(3));
    gate.throttled(0, undefined);
    const state = gate.state(0);
    assert.ok(state.kind === 'closed' && state.until >= 2_000 && state.until <= 60_000);
    assert.equal(gate.mayPass(state.kind === 'closed' ? state.until : 0), true);
  });

  it('is not held closed by a probe that never reports back', () => {
    const gate = new Gate(seededRandom(3));
    gate.throttled(0, SECOND);
    gate.passed(1_500);
    assert.equal(gate.mayPass(2_000), false);
    assert.equal(gate.mayPass(32_000), true);
  });
});
