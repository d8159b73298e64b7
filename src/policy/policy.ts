/**
 * A policy: what supervisors decide, compiled into tables that the core can look up. Plain data
 * with a version; every decision names the version it was taken under.
 */
import type { PlatformId } from '../model/ids.ts';
import type { Preset } from '../model/preset.ts';

/**
 * Who wins when both platforms hold a claim. Exact meaning in docs/spec/core.md, section 5.
 */
export const STRATEGIES = [
  'latest_human',
  'contact_centre_wins',
  'teams_wins',
  'most_restrictive',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** One cell of a mapping table: this fact there asks for that preset here. */
export interface MappingRow {
  /** Stable, shown to people as the rule's name. */
  readonly id: string;
  readonly from: PlatformId;
  readonly preset: Preset;
  /** Only facts with this reason code; a row with a code goes before one without. */
  readonly code?: string;
  readonly to: PlatformId;
  /** `leave_alone` is an answer too: it hides a more general row. */
  readonly show: Preset | 'leave_alone';
  /** Reason code to write with it, where the target has such codes. */
  readonly writeCode?: string;
  /** The fact must have lasted this long before it asks for anything, ms. */
  readonly dwellMs: number;
}

/** Times that the core needs, ms. */
export interface Timing {
  /** Life given to a mark in a session slot; renewed at two thirds. */
  readonly sessionLifeMs: number;
  /** Life given to a mark in a shared slot; short, since it hides the person's own choice. */
  readonly sharedLifeMs: number;
  /** How long after a put an inexact echo still counts as ours (ambiguity A3). */
  readonly echoMs: number;
  /** How long after a clear the old value still counts as our own echo (ambiguity A5). */
  readonly fadeMs: number;
  /** How long an accepted write may take to show before it is tried again. */
  readonly settleMs: number;
  /** Attempts at one value that never showed, the first included. */
  readonly maxTries: number;
  /** Pause after a refusal before it is tried again. */
  readonly refusedRetryMs: number;
}

export interface Policy {
  readonly version: string;
  readonly strategy: Strategy;
  readonly rows: readonly MappingRow[];
  readonly timing: Timing;
}

export const DEFAULT_TIMING: Timing = {
  sessionLifeMs: 15 * 60_000,
  sharedLifeMs: 5 * 60_000,
  echoMs: 30_000,
  fadeMs: 10_000,
  settleMs: 10_000,
  maxTries: 3,
  refusedRetryMs: 3_600_000,
};

/** The row that answers for this fact, or undefined when nothing is asked. */
export function lookup(
  policy: Policy,
  from: PlatformId,
  to: PlatformId,
  fact: { readonly preset: Preset; readonly code?: string },
): MappingRow | undefined {
  let general: MappingRow | undefined;
  for (const row of policy.rows) {
    if (row.from !== from || row.to !== to || row.preset !== fact.preset) continue;
    if (row.code === undefined) general ??= row;
    else if (row.code === fact.code) return row;
  }
  return general;
}
