/** What tests and people do to subscriptions and notifications from outside, fault by fault. */
import type { BoundedLog } from '../entra/bounded-log.ts';
import type { GraphDesk } from './desk.ts';
import type { LifecycleEvent } from './notification-item.ts';
import type { PostCounts, PostEntry } from './post-office.ts';
import type { Subscription } from './subscription.ts';

interface PushCounts extends PostCounts {
  /** Items that were never sent: a fault, a deaf subscription, an expired token. */
  readonly swallowed: number;
  /** Subscriptions extended and reauthorized within ten minutes. */
  readonly mixedRenewals: number;
}

/** `id` is a subscription's; an unknown one throws an Error that names it. */
export interface PushControl {
  subscriptions(): readonly Subscription[];
  readonly posts: BoundedLog<PostEntry>;
  counts(): PushCounts;
  /** F27, F28: the event, `times` over; a removed subscription is gone. */
  lifecycle(id: string, event: LifecycleEvent, times?: number): void;
  /** `items` items at once: what its users are shown as now, one after the other. */
  burst(id: string, items: number): void;
  /** F29: it hears nothing any more. */
  deafen(id: string): void;
  /** F30: PATCH answers 404 and POST 403 for so long. */
  lose(id: string, ms: number): void;
  /** F32: a POST with whatever body. Answers the receiver's status, 0 when there was none. */
  forge(url: string, body: string, headers?: Readonly<Record<string, string>>): Promise<number>;
}

export function createPushControl(desk: GraphDesk): PushControl {
  const { push, model, clock } = desk;
  const known = (id: string): Subscription => {
    const found = push.book.get(id);
    if (found === undefined) throw new Error(`subscription: "${id}" is unknown or has expired`);
    return found;
  };
  return {
    subscriptions: () => push.book.all(),
    posts: push.office.posts,
    counts: () => ({
      ...push.office.counts(),
      swallowed: push.notifier.swallowed(),
      mixedRenewals: push.mixedRenewals,
    }),
    lifecycle(id, event, times = 1): void {
      const subscription = known(id);
      for (let sent = 0; sent < times; sent += 1) push.lifecycle.send(subscription, event);
      if (event === 'subscriptionRemoved') push.book.remove(subscription);
    },
    burst(id, items): void {
      const subscription = known(id);
      const users = subscription.users.filter((user) => desk.users.byId(user) !== undefined);
      if (users.length === 0) throw new Error(`subscription: "${id}" has no user that exists`);
      for (let at = 0; at < items; at += 1) {
        const user = users[at % users.length] ?? '';
        const { pair, stamp } = model.read(user, 0);
        push.notifier.notify(subscription, { user, pair, stamp });
      }
    },
    deafen(id): void {
      known(id).deaf = true;
    },
    lose: (id, ms) => push.book.lose(known(id), clock.now() + ms),
    forge: (url, body, headers) => push.office.postRaw(url, body, headers),
  };
}
