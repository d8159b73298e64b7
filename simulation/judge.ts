/** Runs a world on, judges it while it runs, and brings it to rest so that its end can be judged. */
import { readyViolations } from './checkers/ready.ts';
import { restoredChecker } from './checkers/restored.ts';
import { stopsChecker } from './checkers/stops.ts';
import type { World } from './world.ts';

const LOOK_MS = 1_000;
/** Longer than the life of a mark in the shared slot. */
const REST_MS = 7 * 60_000;

export interface Judge {
  /** Lets virtual time pass, looking at the truth every few seconds. */
  run(ms: number): Promise<void>;
  /** Everybody hangs up and finishes; then marks have time to go, and the short ones to expire. */
  rest(): Promise<void>;
  /** Every broken promise so far, in words; to be asked after `rest`. */
  verdict(): readonly string[];
  /** Choices that nobody could have told from our own mark; few, and reported. */
  indistinguishable(): number;
  /** Choices made while our write was on its way; few, and reported. */
  raced(): number;
}

export function judge(world: World): Judge {
  const stops = stopsChecker(world);
  const restored = restoredChecker(world);
  const run = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      await world.clock.run(Math.min(left, LOOK_MS));
      stops.sample();
      restored.sample();
    }
  };
  return {
    run,
    rest: async () => {
      endContacts(world);
      await run(REST_MS);
    },
    verdict: () => [
      ...stops.violations(restored.excused()),
      ...readyViolations(world),
      ...restored.violations(),
      ...quotaViolations(world),
      ...quarantined(world),
    ],
    indistinguishable: () => restored.indistinguishable(),
    raced: () => restored.raced(),
  };
}

function endContacts(world: World): void {
  const { acts } = world.five9;
  for (const { agent } of world.people) {
    if (acts.truth(agent).state === 'RINGING') acts.answer(agent);
    if (acts.truth(agent).state === 'ON_CALL') acts.hangUp(agent);
    if (acts.truth(agent).state === 'ACW') acts.finishWrapUp(agent);
    const { state, madeBy } = acts.truth(agent);
    if (state === 'NOT_READY' && madeBy === 'agent') acts.ready(agent);
  }
}

function quotaViolations(world: World): string[] {
  return world.graph.control.counts().quota.flatMap(({ peak, rejected }) => {
    if (rejected > 0) return [`${rejected} requests were over the quota`];
    return peak > 1_500 ? [`${peak} requests in one window`] : [];
  });
}

function quarantined(world: World): string[] {
  return world.people.flatMap(({ id }) => {
    const reason = world.engine.situation(id)?.state.quarantined;
    return reason === undefined ? [] : [`${id} quarantined: ${reason.why}`];
  });
}
