import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECKERS } from '../../simulation/checkers/checkers.ts';
import { Court } from '../../simulation/court.ts';
import { createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;

describe('the loop over a working day', () => {
  it('keeps its promises in 10,000 calls', async (context) => {
    const world = createWorld({ seed: 1, agents: 200 });
    const court = new Court(world, CHECKERS);
    // Many short calls; what people do in Teams keeps its rate per call.
    const rates = { choice: 1.2, meeting: 1.2, call: 1.2, idle: 2 };
    const day = world.day({ profile: 'dialler', occupancy: 0.8, teamsLife: rates });
    day.start();
    await world.startEngine();

    while (day.counts.answered < 10_000) await court.run(MINUTE);
    day.stop();
    await court.rest();

    const { evidence } = world;
    const [alike, raced] = [evidence.of('choice.alike'), evidence.of('choice.raced')];
    context.diagnostic(
      `${day.counts.answered} calls: ${raced} choices met a write on its way, ${alike} were ours to the letter (A11)`,
    );
    assert.deepEqual(court.violations, []);
    assert.ok(alike < 20, `${alike} choices (A11)`);
    assert.ok(raced <= 2, `${raced} choices met a write on its way`);
    assert.ok(world.five9.writes().length > 200, 'routing must have been stopped and given back');
  });

  it('keeps them at the cadence of production, in an ordinary hour', async () => {
    const world = createWorld({ seed: 2, agents: 60 });
    const court = new Court(world, CHECKERS);
    const day = world.day();
    day.start();
    await world.startEngine();

    await court.run(60 * MINUTE);
    day.stop();
    await court.rest();

    assert.deepEqual(court.violations, []);
  });
});
