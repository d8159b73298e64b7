/**
 * From a change of what is shown to the item that is due at the subscriber's URL, and every fault
 * that can befall it on the way.
 *
 * 1. An item is made, and encrypted, when the change happens: what comes late says what was so then.
 * 2. Nothing is made for a subscription that has ended.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { FaultDraw } from '../entra/fault-book.ts';
import type { Behaviour } from './behaviour.ts';
import type { GraphFault } from './desk.ts';
import { presenceItem, type NotificationItem, type Shown } from './notification-item.ts';
import type { PostOffice } from './post-office.ts';
import { CORRUPTIONS, type Corruption, type Encryptor } from './rich-content.ts';
import type { SubscriptionBook } from './subscription-book.ts';
import type { Subscription } from './subscription.ts';

export interface NotifierParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly behaviour: () => Behaviour;
  readonly faults: FaultDraw<GraphFault>;
  readonly office: PostOffice;
  readonly book: SubscriptionBook;
  readonly encryptor: Encryptor;
}

export interface Notifier {
  notify(subscription: Subscription, shown: Shown): void;
  /** Items that a fault, a deaf subscription or an expired token has swallowed. */
  swallowed(): number;
  reset(): void;
}

const HOLD_MS = 60_000;
const HOLD_FOR_MS = 4 * 3_600_000;
const SHUFFLE_MS = 30_000;

export function createNotifier(parts: NotifierParts): Notifier {
  return new Due(parts);
}

class Due implements Notifier {
  private readonly parts: NotifierParts;
  private lost = 0;
  private generation = 0;

  constructor(parts: NotifierParts) {
    this.parts = parts;
  }

  notify(subscription: Subscription, shown: Shown): void {
    const { book, tenantId, behaviour, encryptor } = this.parts;
    if (!book.isLive(subscription)) return;
    if (this.isSwallowed(subscription, shown.user)) {
      this.lost += 1;
      return;
    }
    const corruption = this.corruption(shown.user);
    const item = presenceItem(subscription, shown, {
      tenantId,
      behaviour: behaviour(),
      encryptor,
      ...(corruption === undefined ? {} : { corruption }),
    });
    this.send(subscription, item, shown.user);
  }

  swallowed(): number {
    return this.lost;
  }

  reset(): void {
    this.lost = 0;
    this.generation += 1;
  }

  /** F29: a subscription that was struck stays deaf until it is made anew. F23: a lost item. */
  private isSwallowed(subscription: Subscription, user: string): boolean {
    const target = { ops: ['notify'], user };
    if (!subscription.deaf && this.parts.faults.draw('deaf', target) !== undefined) {
      subscription.deaf = true;
    }
    return subscription.deaf || this.parts.faults.draw('notify_drop', target) !== undefined;
  }

  /** F35. */
  private corruption(user: string): Corruption | undefined {
    const fault = this.parts.faults.draw('notify_corrupt', { ops: ['notify'], user });
    if (fault === undefined) return undefined;
    return CORRUPTIONS.find((known) => known === fault.how) ?? 'signature';
  }

  /** F20: copies; without `ms` they share a POST. F21: late. F22: in another order. */
  private send(subscription: Subscription, item: NotificationItem, user: string): void {
    const { faults, random } = this.parts;
    const target = { ops: ['notify'], user };
    const repeated = faults.draw('notify_duplicate', target);
    const copies = repeated === undefined ? 1 : (repeated.copies ?? 2);
    const late = faults.draw('notify_delay', target)?.ms ?? 0;
    for (let copy = 0; copy < copies; copy += 1) {
      const shuffle = faults.draw('notify_shuffle', target);
      const away = shuffle === undefined ? 0 : random.next() * (shuffle.ms ?? SHUFFLE_MS);
      const delayMs = this.latency() + late + away + copy * (repeated?.ms ?? 0);
      this.later(delayMs, () => this.hand(subscription, item, this.parts.clock.monotonic()));
    }
  }

  /** Without a token that holds, nothing is sent: it is lost, or tried again for four hours. */
  private hand(subscription: Subscription, item: NotificationItem, since: number): void {
    const { clock, office, behaviour } = this.parts;
    if (clock.now() < subscription.authorizedUntil) {
      office.put(subscription.notificationUrl, item);
      return;
    }
    const isHeld = behaviour().expiredTokenItems === 'held';
    if (isHeld && clock.monotonic() + HOLD_MS <= since + HOLD_FOR_MS) {
      this.later(HOLD_MS, () => this.hand(subscription, item, since));
      return;
    }
    this.lost += 1;
  }

  private latency(): number {
    const { notifyLatencyMs, notifyLatencyJitterMs } = this.parts.behaviour();
    const jitter = notifyLatencyJitterMs > 0 ? this.parts.random.next() * notifyLatencyJitterMs : 0;
    return notifyLatencyMs + jitter;
  }

  private later(delayMs: number, task: () => void): void {
    const { generation } = this;
    this.parts.clock.after(delayMs, () => {
      if (generation === this.generation) task();
    });
  }
}
