import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readyViolations } from '../../simulation/checkers/ready.ts';
import { lostChoices, restoredViolations } from '../../simulation/checkers/restored.ts';
import { stopsChecker } from '../../simulation/checkers/stops.ts';
import type { World } from '../../simulation/world.ts';
import { createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;

describe('the loop over a working day', () => {
  it('keeps its promises in 10,000 calls', async () => {
    const world = createWorld({ seed: 1, agents: 200 });
    const stops = stopsChecker(world);
    const day = world.day({ profile: 'short' });
    day.start();
    await world.startEngine();

    while (day.counts.answered < 10_000) await pass(world, () => stops.sample());
    day.stop();
    await endContacts(world, () => stops.sample());

    assert.ok(day.counts.answered >= 10_000);
    assert.deepEqual(stops.violations(), []);
    assert.deepEqual(readyViolations(world), []);
    assert.deepEqual(lostChoices(world), []);
    assert.deepEqual(restoredViolations(world), []);
    assert.ok(
      world.five9.writes().length > 200,
      'the day must have stopped and given back routing',
    );
    assertQuota(world);
  });
});

async function pass(world: World, sample: () => void): Promise<void> {
  for (let seconds = 0; seconds < 60; seconds += 2) {
    await world.clock.run(2_000);
    sample();
  }
}

/** Everybody hangs up and finishes; then marks have time to go, and the short ones to expire. */
async function endContacts(world: World, sample: () => void): Promise<void> {
  const { acts } = world.five9;
  for (const { agent } of world.people) {
    if (acts.truth(agent).state === 'RINGING') acts.answer(agent);
    if (acts.truth(agent).state === 'ON_CALL') acts.hangUp(agent);
    if (acts.truth(agent).state === 'ACW') acts.finishWrapUp(agent);
    if (acts.truth(agent).state === 'NOT_READY' && acts.truth(agent).madeBy === 'agent')
      acts.ready(agent);
  }
  for (let minutes = 0; minutes < 7; minutes += 1) await pass(world, sample);
  await world.clock.run(MINUTE);
}

function assertQuota(world: World): void {
  const { quota } = world.graph.control.counts();
  for (const { peak, rejected } of quota) {
    assert.equal(rejected, 0, 'no request was throttled');
    assert.ok(peak <= 1_500, `${peak} requests in one window`);
  }
}
