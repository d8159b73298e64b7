/**
 * Extends a subscription or authorizes it anew. Doing both to one within ten minutes can leave the
 * real one in an inconsistent state; here it is counted.
 * https://learn.microsoft.com/en-us/graph/change-notifications-lifecycle-events
 */
import type { GraphDesk } from './desk.ts';
import type { EncryptionKey, Subscription } from './subscription.ts';

interface Renewal {
  /** When the token ends that asked for it. */
  readonly until: number;
  /** Absent: reauthorized, not extended. */
  readonly expiresAt?: number | undefined;
  readonly key?: EncryptionKey | undefined;
  readonly url?: string | undefined;
}

const APART_MS = 600_000;

export function renew(desk: GraphDesk, subscription: Subscription, renewal: Renewal): void {
  const now = desk.clock.now();
  const { until, expiresAt, key, url } = renewal;
  const other = expiresAt === undefined ? subscription.extendedAt : subscription.reauthorizedAt;
  if (other !== undefined && now - other < APART_MS) desk.push.mixedRenewals += 1;
  if (expiresAt === undefined) subscription.reauthorizedAt = now;
  else subscription.extendedAt = now;
  subscription.expiresAt = expiresAt ?? subscription.expiresAt;
  subscription.key = key ?? subscription.key;
  subscription.notificationUrl = url ?? subscription.notificationUrl;
  subscription.authorizedUntil = until;
  desk.push.lifecycle.authorized(subscription);
}
