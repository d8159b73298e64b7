/**
 * Tells what subscribed users are shown as, at the moment when it changes: also when it changes by
 * itself, which nobody would see before the next look. Users without a subscription cost nothing.
 */
import type { Clock, Timer } from '../../src/lib/clock.ts';
import type { Published } from './account.ts';
import type { PresenceModel } from './model.ts';
import type { Subscription } from './subscription.ts';

export interface PresenceWatch {
  add(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

interface Watched {
  readonly subscriptions: Set<Subscription>;
  timer: Timer | undefined;
}

/** No timer is set for longer: machines' timers cannot wait a month. */
const MAX_WAIT_MS = 86_400_000;

export function createPresenceWatch(
  clock: Clock,
  model: PresenceModel,
  onShown: (user: string, shown: Published, subscriptions: ReadonlySet<Subscription>) => void,
): PresenceWatch {
  const watched = new Map<string, Watched>();
  const wait = (user: string, entry: Watched, at: number): void => {
    entry.timer?.cancel();
    entry.timer = undefined;
    if (at === Infinity) return;
    const waitMs = Math.min(MAX_WAIT_MS, at - clock.now());
    // Settling publishes what fell due, and that sets the next timer.
    entry.timer = clock.after(waitMs, () => {
      if (clock.now() < at) wait(user, entry, at);
      else model.settle(user);
    });
  };
  const start = (user: string): Watched => {
    const entry: Watched = { subscriptions: new Set(), timer: undefined };
    watched.set(user, entry);
    model.watch(user, {
      shown: (shown) => onShown(user, shown, entry.subscriptions),
      nextAt: (at) => wait(user, entry, at),
    });
    return entry;
  };
  const stop = (user: string, entry: Watched): void => {
    entry.timer?.cancel();
    watched.delete(user);
    model.watch(user, undefined);
  };
  return {
    add(subscription): void {
      for (const user of subscription.users) {
        (watched.get(user) ?? start(user)).subscriptions.add(subscription);
      }
    },
    remove(subscription): void {
      for (const user of subscription.users) {
        const entry = watched.get(user);
        entry?.subscriptions.delete(subscription);
        if (entry?.subscriptions.size === 0) stop(user, entry);
      }
    },
  };
}
