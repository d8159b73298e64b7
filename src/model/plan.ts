/** What has to be done next on one platform for one agent: at most one write, or why there is none. */
import type { Blocked } from './blocked.ts';
import type { Command } from './mark.ts';

export type Plan =
  | { readonly kind: 'write'; readonly command: Command; readonly since: number }
  | { readonly kind: 'none'; readonly wakeAt?: number }
  | { readonly kind: 'blocked'; readonly blocked: Blocked; readonly wakeAt?: number };
