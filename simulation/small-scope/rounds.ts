/** The well-behaved world: what has left is taken and answered, and both platforms are read. */
import { ON_ITS_WAY_MS } from '../../src/core/receipt.ts';
import { answer, land, send } from './actions.ts';
import type { Feed } from './feed.ts';
import { sampleOf } from './feed.ts';
import type { System } from './system.ts';
import { SIDES } from './system.ts';
import { endedInTeams } from './teams-truth.ts';
import type { Findings } from './verdicts.ts';
import { judgeState } from './verdicts.ts';

const MOST_WRITES = 8;

/** Undefined when writes follow one another without end. */
export function settled(start: System, feed: Feed, findings: Findings): System | undefined {
  // What got no answer is told by a read only when nothing can be under way any more.
  let system = readBoth(later(landed(start, feed, findings), ON_ITS_WAY_MS), feed);
  for (let writes = 0; writes < MOST_WRITES; writes += 1) {
    judgeState(system, findings);
    const side = SIDES.find((each) => system.plans[each]?.kind === 'write');
    if (side === undefined) return system;
    const sent = send(side)({ ...system, now: system.now + 1 }, feed, findings);
    if (sent === undefined) return undefined;
    system = readBoth(landed(sent, feed, findings), feed);
  }
  return undefined;
}

/** Time alone: what is to end on the platform by then has ended. */
function later(system: System, ms: number): System {
  const now = system.now + ms;
  return { ...system, now, teams: endedInTeams(system.teams, now) };
}

/** Slow reads are lost; what a dead owner left under way is left to time. */
function landed(start: System, feed: Feed, findings: Findings): System {
  let system: System = { ...start, held: { five9: undefined, teams: undefined } };
  for (const side of SIDES) {
    for (const act of [land(side), answer(side, 'done', 'accepted')]) {
      system = act({ ...system, now: system.now + 1 }, feed, findings) ?? system;
    }
  }
  return system;
}

export function readBoth(start: System, feed: Feed): System {
  let system = start;
  for (const side of SIDES) {
    system = { ...system, now: system.now + 1 };
    const held = { asOf: system.now, sample: sampleOf(system, side) };
    system = feed.arrive(system, side, held, 'sweep');
  }
  return system;
}
