import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../simulation/judge.ts';
import { createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;

describe('the loop over a working day', () => {
  it('keeps its promises in 10,000 calls', async () => {
    const world = createWorld({ seed: 1, agents: 200 });
    const court = judge(world);
    // Many short calls; what people do in Teams keeps its rate per call.
    const rates = { choice: 1.2, meeting: 1.2, call: 1.2, idle: 2 };
    const day = world.day({ profile: 'dialler', occupancy: 0.8, teamsLife: rates });
    day.start();
    await world.startEngine();

    while (day.counts.answered < 10_000) await court.run(MINUTE);
    day.stop();
    await court.rest();

    assert.deepEqual(court.verdict(), []);
    assert.ok(court.indistinguishable() < 20, `${court.indistinguishable()} choices (A11)`);
    assert.ok(court.raced() <= 2, `${court.raced()} choices met a write on its way`);
    assert.ok(world.five9.writes().length > 200, 'routing must have been stopped and given back');
  });

  for (const seed of [2, 3]) {
    it(`keeps its promises in an ordinary hour (seed ${seed})`, async () => {
      const world = createWorld({ seed, agents: 60 });
      const court = judge(world);
      const day = world.day();
      day.start();
      await world.startEngine();

      await court.run(60 * MINUTE);
      day.stop();
      await court.rest();

      assert.deepEqual(court.verdict(), []);
    });
  }

  it('keeps them under other readings of the vendors’ contracts', async () => {
    const world = createWorld({
      seed: 4,
      agents: 40,
      graph: { echoLagMs: 3_000, readLagMs: 800, sequence: 'absent', busyActivity: 'ranked' },
      five9: {
        batchMs: 3_000,
        auth: 'cookies_no_header',
        extrapolated: { pendingWhenNone: 'same' },
      },
    });
    const court = judge(world);
    const day = world.day();
    day.start();
    await world.startEngine();

    await court.run(60 * MINUTE);
    day.stop();
    await court.rest();

    assert.deepEqual(court.verdict(), []);
  });
});
