/** What one agent's state is changed by. */
import type { IntentId, PlatformId } from '../model/ids.ts';
import type { Command } from '../model/mark.ts';
import type { Observation } from '../model/observation.ts';
import type { Receipt } from './receipt.ts';

export type Input =
  | { readonly kind: 'observed'; readonly observation: Observation }
  | { readonly kind: 'missing'; readonly platform: PlatformId; readonly asOf: number }
  | { readonly kind: 'sent'; readonly platform: PlatformId; readonly command: Command }
  | {
      readonly kind: 'outcome';
      readonly platform: PlatformId;
      readonly intent: IntentId;
      readonly receipt: Receipt;
    }
  /** Time has passed, or the world (policy, liveness) has changed. */
  | { readonly kind: 'tick' }
  /** What is known of it is older than may be acted on: only a read from `since` on counts again. */
  | { readonly kind: 'doubted'; readonly platform: PlatformId; readonly since: number }
  /** A new owner took over: what was in flight has an unknown outcome. */
  | { readonly kind: 'taken_over'; readonly epoch: number }
  | { readonly kind: 'paused'; readonly paused: boolean }
  /** The account on this platform is another one now: what was known of it is void. */
  | { readonly kind: 'remapped'; readonly platform: PlatformId };
