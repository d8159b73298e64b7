/**
 * What Graph tells about a subscription itself. For presence it asks by itself for a new
 * authorization alone; the other events come when told to.
 * https://learn.microsoft.com/en-us/graph/change-notifications-lifecycle-events
 */
import type { Clock, Timer } from '../../src/lib/clock.ts';
import type { Behaviour } from './behaviour.ts';
import { lifecycleItem, type LifecycleEvent } from './notification-item.ts';
import type { PostOffice } from './post-office.ts';
import type { SubscriptionBook } from './subscription-book.ts';
import type { Subscription } from './subscription.ts';

export interface Lifecycle {
  /** After every authorization: asks for the next in the last hour of the token. */
  authorized(subscription: Subscription): void;
  ended(subscription: Subscription): void;
  /** Sends an event now, whatever the time. False when the subscription has no URL for it. */
  send(subscription: Subscription, event: LifecycleEvent): boolean;
}

/** A challenge comes only within this time before the token's end. */
const LAST_HOUR_MS = 3_600_000;

export function createLifecycle(parts: {
  readonly clock: Clock;
  readonly tenantId: string;
  readonly behaviour: () => Behaviour;
  readonly office: PostOffice;
  readonly book: SubscriptionBook;
}): Lifecycle {
  const { clock, tenantId, behaviour, office, book } = parts;
  const timers = new Map<string, Timer>();
  const send: Lifecycle['send'] = (subscription, event) => {
    if (subscription.lifecycleUrl === undefined) return false;
    const item = lifecycleItem(subscription, event, { tenantId, behaviour: behaviour() });
    office.put(subscription.lifecycleUrl, item);
    return true;
  };
  const wait = (subscription: Subscription): void => {
    const everyMs = behaviour().reauthorizeEveryMs;
    const untilLastHour = subscription.authorizedUntil - LAST_HOUR_MS - clock.now();
    if (everyMs <= 0) return;
    const timer = clock.after(Math.max(everyMs, untilLastHour), () => {
      if (!book.isLive(subscription) || clock.now() >= subscription.authorizedUntil) return;
      send(subscription, 'reauthorizationRequired');
      wait(subscription);
    });
    timers.set(subscription.id, timer);
  };
  return {
    authorized(subscription): void {
      timers.get(subscription.id)?.cancel();
      wait(subscription);
    },
    ended(subscription): void {
      timers.get(subscription.id)?.cancel();
      timers.delete(subscription.id);
    },
    send,
  };
}
