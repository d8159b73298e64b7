/**
 * One agent's whole world as plain data: the core's state, both platforms' truth, what is on its
 * way between them, and what the judge has to remember.
 */
import type { Step } from '../../src/core/core.ts';
import type { step } from '../../src/core/core.ts';
import type { World } from '../../src/core/world.ts';
import { manifest as five9Manifest } from '../../src/connectors/five9/manifest.ts';
import { TEAMS_MANIFEST } from '../../src/connectors/teams/manifest.ts';
import type { AgentState } from '../../src/model/face.ts';
import { emptyAgent } from '../../src/model/face.ts';
import type { Command } from '../../src/model/mark.ts';
import type { Presence } from '../../src/model/presence.ts';
import { compilePolicy } from '../../src/policy/seed.ts';
import type { Five9Truth, Readiness } from './five9-truth.ts';
import { OWN_CODE, QUIET_FIVE9, STOP_CODES } from './five9-truth.ts';
import type { Choice, StampRule, TeamsTruth } from './teams-truth.ts';
import { QUIET_TEAMS } from './teams-truth.ts';

export type Side = 'five9' | 'teams';

export const SIDES: readonly Side[] = ['five9', 'teams'];

export type PerSide<T> = Readonly<Record<Side, T>>;

/** A request that has left. `knew`: the person's present choice had been seen when it left. */
export interface Flight {
  readonly command: Command;
  readonly intent: string;
  readonly stage: 'out' | 'done';
  readonly knew: Seen;
  readonly sentAt: number;
  /** Only where nobody waits for the answer any more: until when it may still arrive. */
  readonly until?: number;
}

/** Whether the person's present choice was read: never, as something that may be ours, or plainly. */
type Seen = 'no' | 'alike' | 'yes';

/** What a platform said at one moment. */
export interface Sample {
  readonly presence: Presence;
  readonly stamp: number;
  /** What really stood behind it, which no platform tells. */
  readonly choice: Choice | undefined;
  readonly standing: Readiness | undefined;
  /** The person has not chosen anew since. */
  readonly current: boolean;
}

/** A read that is under way, or a frame that is late. */
export interface Held {
  readonly asOf: number;
  readonly sample: Sample;
}

/** What the judge remembers. The core knows nothing of it. */
export interface Memory {
  /** No write before a sweep that began later than this. */
  readonly unclearSince: PerSide<number | undefined>;
  /** Whether the present choice in Teams, and the last press in Five9, were read. */
  readonly seen: PerSide<Seen>;
  /** A write has taken the person's choice away in a race; they have not chosen anew since. */
  readonly lost: boolean;
  /** What the person had chosen by the newest read of Teams that has arrived. */
  readonly believed: { readonly choice: Choice | undefined; readonly stamp: number };
  /** `choice_last`: no Ready was pressed, or came to light, after the present choice was made. */
  readonly order: 'choice_last' | 'open';
  /** Our session, as long as its first echo may read as plain Busy (A3). */
  readonly session: { readonly at: number; readonly exact: boolean } | undefined;
  /** Until when a Busy of ours may stand, or still be read, in the shared slot (A5, A11). */
  readonly busyUntil: number | undefined;
}

export interface System {
  readonly now: number;
  readonly core: AgentState;
  readonly plans: Step['plans'];
  readonly wakeAt: number | undefined;
  readonly live: PerSide<boolean>;
  readonly teams: TeamsTruth;
  readonly five9: Five9Truth;
  readonly flights: PerSide<Flight | undefined>;
  /** Written off by us, but possibly still under way. */
  readonly strays: PerSide<Flight | undefined>;
  readonly held: PerSide<Held | undefined>;
  /** When the last read of Teams that has arrived began; guarded writes rest on it. */
  readonly confirmedAt: number | undefined;
  /** What the Five9 connector knows, for its own guard. */
  readonly roster: { readonly standing: Readiness; readonly stamp: number } | undefined;
  /** Connections to Five9 so far. */
  readonly generation: number;
  readonly memory: Memory;
  readonly changesLeft: number;
  readonly faultsLeft: number;
  readonly pausesLeft: number;
}

export interface Scope {
  readonly step: typeof step;
  readonly changes: number;
  readonly faults: number;
  /** How often time may pass to the next moment at which something ends. */
  readonly pauses: number;
  readonly stampRule: StampRule;
  /** A request or a read is answered, or arrives after its caller gave up, within this time, ms. */
  readonly lateMs: number;
  readonly afterCallWork: 'busy' | 'in_call';
  /** Whether a guarded write may rest on a read from before the outcome of our own last write. */
  readonly guard: 'recent' | 'recent_and_after_own_write';
}

/** Far above every length of time and every counter, so that times can be told from both. */
export const START_MS = 1_000_000_000_000;

export function worldOf(afterCallWork: Scope['afterCallWork']): World {
  return {
    tenant: 't',
    epoch: 1,
    policy: compilePolicy({
      version: 'small-scope',
      strategy: 'latest_human',
      afterCallWork,
      notReady: [{ code: OWN_CODE, show: 'brb' }],
      stopCodes: STOP_CODES,
      dwell: { toTeamsMs: 0, toFive9Ms: 0 },
      contactCentre: 'five9',
      collaboration: 'teams',
    }),
    platforms: { five9: five9Manifest.traits, teams: TEAMS_MANIFEST.traits },
    live: { five9: true, teams: true },
  };
}

/** Nothing was read yet; both platforms are quiet. */
export function unread(scope: Scope): System {
  return {
    now: START_MS,
    core: emptyAgent('a', SIDES, 1),
    plans: {},
    wakeAt: undefined,
    live: { five9: true, teams: true },
    teams: QUIET_TEAMS,
    five9: QUIET_FIVE9,
    flights: { five9: undefined, teams: undefined },
    strays: { five9: undefined, teams: undefined },
    held: { five9: undefined, teams: undefined },
    confirmedAt: undefined,
    roster: undefined,
    generation: 1,
    memory: {
      unclearSince: { five9: undefined, teams: undefined },
      seen: { five9: 'yes', teams: 'no' },
      lost: false,
      believed: { choice: undefined, stamp: 0 },
      order: 'choice_last',
      session: undefined,
      busyUntil: undefined,
    },
    changesLeft: scope.changes,
    faultsLeft: scope.faults,
    pausesLeft: scope.pauses,
  };
}
