/** Notifications of changes as a whole: subscriptions, what is sent for them, and their limits. */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { EntraEmulator } from '../entra/entra.ts';
import type { FaultDraw } from '../entra/fault-book.ts';
import type { Behaviour } from './behaviour.ts';
import type { Deliver } from './deliver.ts';
import type { GraphFault } from './desk.ts';
import type { HandshakeParts } from './handshake.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import type { PresenceModel } from './model.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { createPostOffice, type PostOffice } from './post-office.ts';
import { createPresenceWatch } from './presence-watch.ts';
import { createQuota } from './quota.ts';
import { createEncryptor } from './rich-content.ts';
import type { SubscriptionOp } from './routes.ts';
import { createSubscriptionBook, type SubscriptionBook } from './subscription-book.ts';
import type { Subscription } from './subscription.ts';
import type { Users } from './users.ts';

export interface Push {
  readonly book: SubscriptionBook;
  readonly office: PostOffice;
  readonly notifier: Notifier;
  readonly lifecycle: Lifecycle;
  readonly handshake: HandshakeParts;
  /** Into force, with a token that lasts as long as the subscription says. */
  start(subscription: Subscription): void;
  /** Undefined: let through. Else: ms until a request of this kind would be. */
  ask(op: SubscriptionOp, app: string): number | undefined;
  /** How often one subscription was extended and reauthorized within ten minutes. */
  mixedRenewals: number;
  reset(): void;
}

export interface PushParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly entra: EntraEmulator;
  readonly model: PresenceModel;
  readonly users: Users;
  readonly faults: FaultDraw<GraphFault>;
  readonly behaviour: () => Behaviour;
  readonly deliver: Deliver | undefined;
}

export function createPush(parts: PushParts): Push {
  const { clock, random, tenantId, behaviour, model, users, faults, deliver } = parts;
  const office = createPostOffice(parts);
  const book = createSubscriptionBook(clock, (subscription) => {
    watch.remove(subscription);
    lifecycle.ended(subscription);
  });
  const encryptor = createEncryptor(random.fork('keys'));
  const notifier = createNotifier({
    clock,
    tenantId,
    behaviour,
    faults,
    office,
    book,
    encryptor,
    random: random.fork('notifier'),
  });
  const lifecycle = createLifecycle({ clock, tenantId, behaviour, office, book });
  const watch = createPresenceWatch(clock, model, (user, { pair, stamp }, subscriptions) => {
    if (users.byId(user)?.licensed !== true) return;
    for (const each of subscriptions) notifier.notify(each, { user, pair, stamp });
  });
  const limits = createLimits(clock);
  const push: Push = {
    book,
    office,
    notifier,
    lifecycle,
    handshake: { clock, random: random.fork('handshake'), faults, deliver },
    ask: limits.ask,
    mixedRenewals: 0,
    start(subscription): void {
      book.add(subscription);
      watch.add(subscription);
      lifecycle.authorized(subscription);
    },
    reset(): void {
      book.reset();
      office.reset();
      notifier.reset();
      limits.reset();
      push.mixedRenewals = 0;
    },
  };
  return push;
}

const WINDOW_MS = 20_000;

/** Requests in 20 s of an app in one tenant. https://learn.microsoft.com/en-us/graph/throttling-limits */
const LIMITS = { write: 500, reauthorize: 1_000, get: 500, list: 25 } as const;

const LANES: Readonly<Record<SubscriptionOp, keyof typeof LIMITS>> = {
  createSubscription: 'write',
  updateSubscription: 'write',
  deleteSubscription: 'write',
  reauthorizeSubscription: 'reauthorize',
  getSubscription: 'get',
  listSubscriptions: 'list',
};

function createLimits(clock: Clock): Pick<Push, 'ask' | 'reset'> {
  const quota = (quotaLimit: number): ReturnType<typeof createQuota> =>
    createQuota(clock, () => ({
      quotaLimit,
      quotaWindowMs: WINDOW_MS,
      quotaAlgorithm: 'sliding',
      quotaPhaseMs: 0,
      quotaCountsRejected: 'yes',
    }));
  const lanes = {
    write: quota(LIMITS.write),
    reauthorize: quota(LIMITS.reauthorize),
    get: quota(LIMITS.get),
    list: quota(LIMITS.list),
  };
  return {
    ask: (op, app) => lanes[LANES[op]].ask(app),
    reset(): void {
      for (const lane of Object.values(lanes)) lane.reset();
    },
  };
}
