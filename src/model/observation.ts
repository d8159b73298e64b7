/**
 * An observation: what one platform said about one account, with that platform's own version.
 *
 * Versions are compared only within one (platform, account): first the generation (a counter that
 * grows with every new connection or login), then the stamp, as text, when both sides have one.
 */
import type { AccountId, PlatformId } from './ids.ts';
import type { Presence } from './presence.ts';

export interface Version {
  /** Grows with each connection (push) and stays 0 where reads need no connection. */
  readonly generation: number;
  /** The platform's own sortable stamp, padded so that text order is its order; may be absent. */
  readonly stamp?: string;
}

export interface Observation {
  readonly platform: PlatformId;
  readonly account: AccountId;
  readonly presence: Presence;
  readonly version: Version;
  /** When the read that brought this began, or the frame arrived (our clock, epoch ms). */
  readonly asOf: number;
  /** A sweep was asked for and began at `asOf`; a push came unasked. Only a sweep proves. */
  readonly via: 'sweep' | 'push';
}

/** True when `next` must be dropped because `last` is newer by the platform's own count. */
export function isStale(next: Version, last: Version): boolean {
  if (next.generation !== last.generation) return next.generation < last.generation;
  if (next.stamp === undefined || last.stamp === undefined) return false;
  return next.stamp < last.stamp;
}
