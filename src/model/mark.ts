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
type SlotKind = 'session' | 'shared';

/** One way in which a platform can show a preset. Data, declared by the connector. */
export interface Expression {
  readonly slot: string;
  readonly kind: SlotKind;
  /** The platform's own value, in the connector's words; opaque to everyone else. */
  readonly value: string;
  /** How the value reads back, used to recognise our own echo. */
  readonly shows: readonly Preset[];
}

/** Something that we have put into a slot, or may have: an unsure write is kept until disproved. */
export interface Mark {
  readonly slot: string;
  readonly kind: SlotKind;
  readonly value: string;
  readonly preset: Preset;
  readonly shows: readonly Preset[];
  readonly intent: IntentId;
  /** Our clock, epoch ms: when the write was sent. */
  readonly putAt: number;
  /** When the platform accepted it; absent while it is in flight or its outcome is unknown. */
  readonly acceptedAt?: number;
  /** When it ends by itself; absent where the platform knows no expiry. */
  readonly expiresAt?: number;
  /** When its echo was first seen; absent while it is not shown. */
  readonly shownAt?: number;
  /** The version stamp read with the echo; a later one on the same value means "touched". */
  readonly shownStamp?: string;
  /** The echo was read as exactly what was written. */
  readonly exact?: boolean;
  /** Somebody may have written the same value into the shared slot since; hands off. */
  readonly touched?: boolean;
  /** What stood in the slot before, in the connector's words, to be written back. */
  readonly previous?: string;
  readonly reasonCode?: string;
  /** The mark that this one takes the place of, until the platform has accepted it. */
  readonly replaces?: Mark;
}

/**
 * A write to one (platform, agent). `put` leaves a mark; `clear` empties a slot of our mark;
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
  /** Reason code of our own mark that this put takes the place of. */
  readonly replacesCode?: string;
  /** Touches a shared slot: send it only right after a read that still showed the expected value. */
  readonly guarded?: boolean;
}

/** A command that has left and whose outcome is not known yet. */
export interface Intent {
  readonly id: IntentId;
  readonly command: Command;
  readonly sentAt: number;
}
