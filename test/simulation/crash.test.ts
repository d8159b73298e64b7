import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replayAll } from '../../src/engine/past.ts';
import { judge } from '../../simulation/judge.ts';
import type { World } from '../../simulation/world.ts';
import { createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;

describe('crashes', () => {
  it('at any moment leave no wrong write, lose nothing and end in step', async () => {
    const world = createWorld({ seed: 5, agents: 40 });
    const court = judge(world);
    const chance = world.random.fork('crashes');
    const day = world.day({ profile: 'short' });
    day.start();
    await world.startEngine();

    for (let crashes = 0; crashes < 40; crashes += 1) {
      await court.run(Math.floor(2_000 + chance.next() * 88_000));
      await world.crash();
    }
    day.stop();
    await court.rest();

    assert.deepEqual(court.verdict(), []);
    assert.deepEqual(outOfStep(world), []);
  });

  it('leave a journal whose every decision is taken the same way again', async () => {
    const world = createWorld({ seed: 6, agents: 30 });
    const day = world.day({ profile: 'short' });
    day.start();
    await world.startEngine();
    await world.clock.run(10 * MINUTE);
    await world.crash();
    await world.clock.run(10 * MINUTE);

    const empty = { ...world.engine.population.world, epoch: 0 };
    const first = await replayAll(world.journal, empty);
    const second = await replayAll(world.journal, empty);

    assert.ok(first.decisions > 200, `only ${first.decisions} decisions`);
    assert.deepEqual(first.different, []);
    assert.equal(first.finalStates, second.finalStates);
    assert.equal(first.finalStates, liveStates(world));
    assert.equal((await world.journal.verify()).ok, true);
  });
});

describe('Graph down for ten minutes', () => {
  it('keeps the last known state with its age, converges after and never exceeds the quota', async () => {
    const world = createWorld({ seed: 7, agents: 60 });
    const court = judge(world);
    const day = world.day();
    day.start();
    await world.startEngine();
    await court.run(5 * MINUTE);

    const downAt = world.clock.now();
    world.graph.control.faults.add({ kind: 'down', durationMs: 10 * MINUTE });
    await court.run(9 * MINUTE);
    const during = ages(world);
    assert.ok(
      during.every((age) => age > 8 * MINUTE),
      'every Teams state says how old it is',
    );
    assert.equal(world.engine.population.world.live['teams'], false);
    const stops = world.five9.writes().filter(({ at }) => at > downAt + 2 * MINUTE);
    assert.deepEqual(stops, [], 'nothing new is decided on old data');

    await court.run(2 * MINUTE);
    assert.ok(
      ages(world).every((age) => age < MINUTE),
      'fresh again',
    );
    day.stop();
    await court.rest();

    assert.deepEqual(court.verdict(), []);
    assert.deepEqual(outOfStep(world), []);
  });
});

function ages(world: World): number[] {
  const now = world.clock.now();
  return world.people.map(({ id }) => now - (world.engine.freshness.confirmedAt('teams', id) ?? 0));
}

function outOfStep(world: World): string[] {
  return world.people.flatMap(({ id }) => {
    const situation = world.engine.situation(id);
    const isFine = situation?.status === 'in_step' || situation?.status === 'blocked';
    return isFine ? [] : [`${id} is ${situation?.status ?? 'gone'}`];
  });
}

function liveStates(world: World): string {
  return world.engine.population.fingerprint();
}
