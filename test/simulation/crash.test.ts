import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECKERS } from '../../simulation/checkers/checkers.ts';
import { Court } from '../../simulation/court.ts';
import type { World } from '../../simulation/world.ts';
import { createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;

describe('crashes', () => {
  it('at any moment leave no wrong write, lose nothing and end in step', async () => {
    const world = createWorld({ seed: 5, agents: 40 });
    const court = new Court(world, CHECKERS);
    const chance = world.random.fork('crashes');
    const day = world.day({ profile: 'short' });
    day.start();
    await world.startEngine();

    for (let crashes = 0; crashes < 40; crashes += 1) {
      await court.run(Math.floor(2_000 + chance.next() * 88_000));
      world.nodes[0]?.kill(crashes % 2 === 0);
    }
    day.stop();
    await court.rest();

    assert.deepEqual(court.violations, []);
    assert.ok(world.evidence.of('node.recovered') >= 30, 'most lives must have got far enough');
  });
});

describe('Graph down for ten minutes', () => {
  it('keeps the last known state with its age, converges after and never exceeds the quota', async () => {
    const world = createWorld({ seed: 7, agents: 60 });
    const court = new Court(world, CHECKERS);
    const day = world.day();
    day.start();
    await world.startEngine();
    await court.run(5 * MINUTE);

    const downAt = world.clock.now();
    world.calm.disturbedUntil = downAt + 11 * MINUTE;
    world.graph.control.faults.add({ kind: 'down', durationMs: 10 * MINUTE });
    await court.run(9 * MINUTE);
    const during = ages(world);
    assert.ok(
      during.every((age) => age > 8 * MINUTE),
      'every Teams state says how old it is',
    );
    assert.equal(world.engine.population.world.live['teams'], false);
    assert.ok(world.mapped().every(({ id }) => world.engine.status(id) !== 'in_step'));
    const stops = world.five9.writes().filter(({ at }) => at > downAt + 2 * MINUTE);
    assert.deepEqual(stops, [], 'nothing new is decided on old data');

    await court.run(2 * MINUTE);
    assert.ok(
      ages(world).every((age) => age < MINUTE),
      'fresh again',
    );
    day.stop();
    await court.rest();

    assert.deepEqual(court.violations, []);
  });
});

function ages(world: World): number[] {
  const now = world.clock.now();
  return world
    .mapped()
    .map(({ id }) => now - (world.engine.freshness.confirmedAt('teams', id) ?? 0));
}
