/**
 * Marks: what Lockstep has put on a platform. The ledger of marks is what makes "we only ever take
 * away what is ours" decidable.
 */
import type { IntentId, PlatformId } from './ids.ts';
import type { Preset } from './preset.ts';

/**
 * Where on a platform a mark sits. A `session` slot belongs to us alone; a `shared` slot is one
 * that the person uses too (Teams: the preferred presence; Five9: readiness), so whatever stands
 * there must be proved ours before it is touched.
 */
export type SlotKind = 'session' | 'shared';

/** One way in which a platform can show a preset. Data, declared by the connector. */
export interface Expression {
  readonly slot: string;
  readonly kind: SlotKind;
  /** The platform's own value, in the connector's words; opaque to everyone else. */
  readonly value: string;
  /** How the value reads back, used to recognise our own echo. */
  readonly shows: readonly Preset[];
}

export interface Mark {
  readonly slot: string;
  readonly kind: SlotKind;
  readonly value: string;
  readonly preset: Preset;
  readonly shows: readonly Preset[];
  readonly intent: IntentId;
  /** Our clock, epoch ms: when the platform accepted it. */
  readonly putAt: number;
  /** Our clock, epoch ms: when it ends by itself; absent when it does not. */
  readonly expiresAt?: number;
  /** When its echo was first seen; absent while it is accepted but not yet shown. */
  readonly shownAt?: number;
  /** The version stamp seen with the echo; a later one on the same value means "touched". */
  readonly shownStamp?: string;
  /** Somebody else may have written the same value into the shared slot since. */
  readonly touched?: boolean;
  /** For an undo: what stood in the slot before, in the connector's words. */
  readonly previous?: string;
  /** Reason code we wrote with it, if the platform has such codes. */
  readonly reasonCode?: string;
}

/**
 * A write to one (platform, agent). `put` leaves a mark; `clear` takes a mark away from a slot;
 * `restore` writes back what stood in a shared slot before our mark.
 */
export interface Command {
  readonly platform: PlatformId;
  readonly kind: 'put' | 'clear' | 'restore';
  readonly slot: string;
  readonly slotKind: SlotKind;
  readonly value: string;
  readonly preset: Preset;
  readonly shows: readonly Preset[];
  /** How long a put lives on the platform, ms; absent where the platform knows no expiry. */
  readonly lifeMs?: number;
  readonly reasonCode?: string;
  readonly previous?: string;
  /** The platform must be read just before this write, and the write dropped if it changed. */
  readonly guarded?: boolean;
}

export interface Intent {
  readonly id: IntentId;
  readonly command: Command;
  readonly sentAt: number;
  /** `in_flight` until an outcome is known, then `accepted` until it is shown or given up. */
  readonly phase: 'in_flight' | 'accepted';
  readonly acceptedAt?: number;
  readonly attempt: number;
}
