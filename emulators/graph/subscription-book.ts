/**
 * The subscriptions that there are. One that has expired is gone without a word; one that was lost
 * (F30) is found by nobody, but still counts.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Subscription } from './subscription.ts';

interface Owner {
  readonly app: string;
  readonly creator: string;
}

export interface SubscriptionBook {
  add(subscription: Subscription): void;
  /** By id, whoever owns it. */
  get(id: string): Subscription | undefined;
  isLive(subscription: Subscription): boolean;
  /** Those of one app and person that can be found. */
  of(owner: Owner): readonly Subscription[];
  /** The one that takes up the place of this app and person, even when nobody finds it. */
  holder(owner: Owner): Subscription | undefined;
  all(): readonly Subscription[];
  /** It is found no more; its place stays taken until `at`. */
  lose(subscription: Subscription, at: number): void;
  remove(subscription: Subscription): void;
  reset(): void;
}

export function createSubscriptionBook(
  clock: Clock,
  onEnd: (subscription: Subscription) => void,
): SubscriptionBook {
  const byId = new Map<string, Subscription>();
  const remove = (subscription: Subscription): void => {
    if (byId.delete(subscription.id)) onEnd(subscription);
  };
  const prune = (): void => {
    const now = clock.now();
    for (const each of byId.values()) {
      const end = each.ghostUntil ?? each.expiresAt;
      if (end <= now) remove(each);
    }
  };
  const all = (): readonly Subscription[] => {
    prune();
    return [...byId.values()];
  };
  const isOf = (each: Subscription, { app, creator }: Owner): boolean =>
    each.app.toLowerCase() === app.toLowerCase() && each.creator === creator;
  const isLive = (each: Subscription): boolean =>
    byId.get(each.id) === each && each.ghostUntil === undefined && each.expiresAt > clock.now();
  return {
    add: (subscription) => void byId.set(subscription.id, subscription),
    get(id): Subscription | undefined {
      prune();
      return byId.get(id.toLowerCase());
    },
    isLive,
    of: (owner) => all().filter((each) => isOf(each, owner) && isLive(each)),
    holder: (owner) => all().find((each) => isOf(each, owner)),
    all: () => all().filter(isLive),
    lose(subscription, at): void {
      subscription.ghostUntil = at;
      onEnd(subscription);
    },
    remove,
    reset(): void {
      for (const each of byId.values()) onEnd(each);
      byId.clear();
    },
  };
}
