/**
 * Causes: why a platform shows what it shows. No platform tells; `core/attribute` works it out and
 * says how sure it is.
 */
import type { IntentId } from './ids.ts';

export type CauseKind =
  | 'human'
  | 'call'
  | 'calendar'
  | 'idle'
  | 'expiry'
  | 'ours'
  | 'other'
  | 'unknown';

export interface Cause {
  readonly kind: CauseKind;
  /** `certain`: the value admits no other reading. `likely`: an ambiguity was resolved. */
  readonly certainty: 'certain' | 'likely';
  /** Which ambiguity was resolved, by its id in docs/spec/core.md. */
  readonly note?: string;
  readonly intent?: IntentId;
}
