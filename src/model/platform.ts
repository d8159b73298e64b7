/**
 * What the core may know of a platform: traits, declared by its connector as data. The core never
 * imports a connector.
 */
import type { PlatformId } from './ids.ts';
import type { Expression } from './mark.ts';
import type { Preset } from './preset.ts';

export type PlatformKind = 'contact_centre' | 'collaboration';

export interface PlatformTraits {
  readonly id: PlatformId;
  readonly label: string;
  readonly kind: PlatformKind;
  /** Ways to show each preset, first choice first. A missing preset cannot be expressed. */
  readonly express: Readonly<Partial<Record<Preset, readonly Expression[]>>>;
  /** Shortest and longest life of a mark per slot, ms; a slot without one never expires. */
  readonly life: Readonly<Record<string, { readonly minMs: number; readonly maxMs: number }>>;
}
