/**
 * Presence on three short axes with qualifiers: what one platform says of one account.
 *
 * `reach` answers "may a colleague contact this person?", `acd` answers "may a contact be routed
 * to them?", `activity` says what they do. Reading a platform is total: a value that is not known
 * becomes `unknown` and keeps its raw text. People and rules never see axes, they speak in presets
 * (`preset.ts`).
 */

export type Reach = 'unknown' | 'offline' | 'away' | 'available' | 'busy' | 'dnd';

/** Readiness for routed contacts; `none` on platforms that route nothing. */
export type Acd =
  | 'none'
  | 'logged_out'
  | 'not_ready'
  | 'ready'
  | 'reserved'
  | 'engaged'
  | 'wrap_up';

export type Activity =
  | 'none'
  | 'call'
  | 'conference'
  | 'meeting'
  | 'presenting'
  | 'focus'
  | 'brb'
  | 'break'
  | 'meal'
  | 'training'
  | 'admin'
  | 'out_of_office'
  | 'off_work'
  | 'idle'
  | 'unresponsive';

/** A platform's own code for a state; `code` is the key, `label` is only shown. */
export interface Reason {
  readonly code: string;
  readonly label?: string;
}

/** A change that the platform has accepted and will apply later (after a call, after a delay). */
export interface Pending {
  readonly acd: Acd;
  readonly reason?: Reason;
  readonly channels: readonly string[];
}

export interface Presence {
  readonly reach: Reach;
  readonly acd: Acd;
  readonly activity: Activity;
  readonly reason?: Reason;
  readonly pending?: Pending;
  /** Channels on which the agent takes contacts now, in the platform's own words. */
  readonly channels?: readonly string[];
  /** Since when, on the platform's own clock (epoch ms), which need not agree with ours. */
  readonly since?: number;
  /** What the platform said, untouched. */
  readonly raw: string;
}

export const UNKNOWN_PRESENCE: Presence = {
  reach: 'unknown',
  acd: 'none',
  activity: 'none',
  raw: '',
};
