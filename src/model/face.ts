/**
 * Faces: all that Lockstep knows of one agent, one face a platform. The fold of the journal; plain
 * data, so that it can be stored as a snapshot and compared byte for byte.
 */
import type { Blocked } from './blocked.ts';
import type { Cause } from './cause.ts';
import type { AgentId, PlatformId } from './ids.ts';
import type { Intent, Mark } from './mark.ts';
import type { Version } from './observation.ts';
import type { Presence } from './presence.ts';
import type { Preset } from './preset.ts';

/** The last observation by version. */
export interface Seen {
  readonly presence: Presence;
  readonly preset: Preset;
  readonly version: Version;
  readonly asOf: number;
  /** Our clock: when this value was first seen. */
  readonly since: number;
}

/**
 * What the platform itself said last, leaving our marks aside. While a mark of ours hides it, the
 * fact from before is held: a platform is not taken to have changed behind a curtain of ours.
 */
export interface Fact {
  readonly preset: Preset;
  readonly presence: Presence;
  readonly cause: Cause;
  /** Our clock: since when it has been so. */
  readonly at: number;
}

/** The agent's last own choice of readiness; it outlives the contacts that interrupt it. */
export interface Claim {
  readonly preset: Preset;
  readonly at: number;
}

export interface Face {
  readonly seen?: Seen;
  /** Why the platform shows what it shows now. */
  readonly cause: Cause;
  readonly own?: Fact;
  readonly claim?: Claim;
  readonly ours: readonly Mark[];
  /** Marks already taken away whose echo may still be read, with the end of that time. */
  readonly fading: readonly { readonly mark: Mark; readonly until: number }[];
  readonly intent?: Intent;
  /** When the last outcome of a write of ours was learnt: what is read from before it dates nothing. */
  readonly wroteAt?: number;
  /** After an ambiguous outcome: only a read that began later makes the shown state known again. */
  readonly unknownSince?: number;
  /** The platform did not know the account when last asked, since then. */
  readonly missingSince?: number;
  readonly blocked?: Blocked;
  /** Unconfirmed attempts at one value, so that they are bounded. */
  readonly tries?: Tries;
}

export interface Tries {
  readonly key: string;
  readonly count: number;
  /** What had no effect is not tried again before. */
  readonly nextAt?: number;
  /** What the platform refused; it holds although the wish should go and come back. */
  readonly refusal?: Blocked;
}

/** What a platform should show, and why. */
export type Desired =
  | {
      readonly kind: 'show';
      readonly preset: Preset;
      readonly reasonCode?: string;
      readonly rule: string;
      readonly from: PlatformId;
      /** Our clock: when the fact that asks for it began. */
      readonly since: number;
    }
  | {
      readonly kind: 'leave';
      readonly rule: string;
      readonly blocked?: Blocked['reason'];
      /** The wish that lost, so that it can be explained. */
      readonly wished?: Preset;
    };

export interface AgentState {
  readonly agent: AgentId;
  readonly epoch: number;
  /** Counts intents within the epoch. */
  readonly counter: number;
  readonly faces: Readonly<Record<PlatformId, Face>>;
  readonly desired: Readonly<Record<PlatformId, Desired>>;
  readonly paused?: boolean;
  /** Which invariant did not hold; nothing is written until it is tried again. */
  readonly quarantined?: { readonly why: string; readonly until: number };
}

const NO_CAUSE: Cause = { kind: 'unknown', certainty: 'certain' };

export const EMPTY_FACE: Face = { cause: NO_CAUSE, ours: [], fading: [] };

export function emptyAgent(
  agent: AgentId,
  platforms: readonly PlatformId[],
  epoch: number,
): AgentState {
  const faces: Record<PlatformId, Face> = {};
  const desired: Record<PlatformId, Desired> = {};
  for (const platform of platforms) {
    faces[platform] = EMPTY_FACE;
    desired[platform] = { kind: 'leave', rule: 'no_data' };
  }
  return { agent, epoch, counter: 0, faces, desired };
}
