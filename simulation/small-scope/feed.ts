/**
 * How inputs reach the core, in the order in which the engine brings them: an observation is
 * confirmed, then taken in when it is news; a command is written down, sent, and its outcome
 * written down.
 */
import type { Input } from '../../src/core/input.ts';
import { isNews } from '../../src/core/observe.ts';
import type { World } from '../../src/core/world.ts';
import type { Observation } from '../../src/model/observation.ts';
import { presenceInFive9, standing } from './five9-truth.ts';
import { mayBeOurs } from './memory.ts';
import type { Held, Memory, Sample, Scope, Side, System } from './system.ts';
import { worldOf } from './system.ts';
import { choiceIn, presenceInTeams } from './teams-truth.ts';

/** The core's world of this moment; made once for each mixture of live platforms. */
export class Feed {
  readonly scope: Scope;
  /** Texts of values, see `canonical.ts`. */
  readonly texts = new WeakMap<object, string>();
  private readonly worlds: readonly World[];

  constructor(scope: Scope) {
    this.scope = scope;
    const world = worldOf(scope.afterCallWork);
    this.worlds = [0, 1, 2, 3].map((mask) => ({
      ...world,
      live: { five9: mask % 2 === 1, teams: mask > 1 },
    }));
  }

  world({ live }: System): World {
    const world = this.worlds[(live.five9 ? 1 : 0) + (live.teams ? 2 : 0)];
    if (world === undefined) throw new Error('no such world');
    return world;
  }

  apply(system: System, input: Input): System {
    const taken = this.scope.step(system.core, input, this.world(system), system.now);
    return { ...system, core: taken.state, plans: taken.plans, wakeAt: taken.wakeAt };
  }

  /** What was read arrives. */
  arrive(system: System, side: Side, { asOf, sample }: Held, via: Observation['via']): System {
    const observation: Observation = {
      platform: side,
      account: 'x',
      presence: sample.presence,
      version: {
        generation: side === 'five9' ? system.generation : 0,
        stamp: String(sample.stamp).padStart(6, '0'),
      },
      asOf,
      via,
    };
    const noted = confirmed(system, side, { asOf, sample });
    const face = noted.core.faces[side];
    const context = { timing: this.world(noted).policy.timing, now: noted.now };
    const isTaken = face === undefined || isNews(face, observation, context);
    const next = isTaken ? this.apply(noted, { kind: 'observed', observation }) : noted;
    const swept = via === 'sweep' ? cleared(next, side, asOf) : next;
    return system.live[side]
      ? swept
      : this.apply({ ...swept, live: { ...swept.live, [side]: true } }, { kind: 'tick' });
  }
}

export function sampleOf(system: System, side: Side): Sample {
  return side === 'teams'
    ? {
        presence: presenceInTeams(system.teams),
        stamp: system.teams.stamp,
        choice: choiceIn(system.teams),
        standing: undefined,
        current: true,
      }
    : {
        presence: presenceInFive9(system.five9),
        stamp: system.five9.stamp,
        choice: undefined,
        standing: standing(system.five9),
        current: true,
      };
}

/** What freshness, the connector's roster and the judge take from a read, whatever the core does. */
function confirmed(system: System, side: Side, { asOf, sample }: Held): System {
  const { memory } = system;
  if (side === 'five9') {
    const { roster } = system;
    const isNewer = roster === undefined || sample.stamp >= roster.stamp;
    const known = sample.standing;
    return {
      ...system,
      roster: isNewer && known !== undefined ? { standing: known, stamp: sample.stamp } : roster,
      memory: isNewer && isTheirs(system, sample) ? withSeen(memory, side, 'yes') : memory,
    };
  }
  const confirmedAt = Math.max(system.confirmedAt ?? 0, asOf);
  const isNewer = sample.stamp >= memory.believed.stamp;
  const believed = isNewer ? { choice: sample.choice, stamp: sample.stamp } : memory.believed;
  const known = isNewer ? looked(system, sample) : memory;
  return { ...system, confirmedAt, memory: { ...known, believed } };
}

/** What the agent pressed last is plain to see, not covered by a write of ours. */
function isTheirs({ five9 }: System, { current, standing: stands }: Sample): boolean {
  return current && (five9.wish === 'ready' ? stands?.ready === true : stands?.by === 'agent');
}

function looked(system: System, sample: Sample): Memory {
  const { memory, now } = system;
  const isExact = sample.presence.activity === 'call' && memory.session !== undefined;
  const session = isExact && memory.session ? { ...memory.session, exact: true } : memory.session;
  const known = { ...memory, session };
  if (!sample.current || sample.choice === undefined) return known;
  const alike = mayBeOurs(known, sample.choice, now);
  return known.seen.teams === 'yes' ? known : withSeen(known, 'teams', alike ? 'alike' : 'yes');
}

function withSeen(memory: Memory, side: Side, seen: Memory['seen'][Side]): Memory {
  return memory.seen[side] === seen
    ? memory
    : { ...memory, seen: { ...memory.seen, [side]: seen } };
}

function cleared(system: System, side: Side, asOf: number): System {
  const { memory } = system;
  const since = memory.unclearSince[side];
  if (since === undefined || asOf <= since) return system;
  const unclearSince = { ...memory.unclearSince, [side]: undefined };
  return { ...system, memory: { ...memory, unclearSince } };
}
