/** Notifications, wired to one connection: the subscribers' sign-in, the keys of Graph, the sweep. */
import type { AccountId } from '../../../model/ids.ts';
import type { Seams, Sink } from '../../connector.ts';
import { onlyAllowed } from '../allowed.ts';
import type { SignedUp } from '../doctor-push.ts';
import { createGraphClient } from '../client.ts';
import type { ReadyCredential, TeamsSetup } from '../options.ts';
import type { Sweep } from '../watch.ts';
import type { Vitals } from '../vitals.ts';
import { Push } from './push.ts';
import { tokensOf, type SignInParts } from './sign-in.ts';

export interface PushSurroundings {
  readonly setup: TeamsSetup;
  readonly seams: Seams;
  readonly sink: Sink;
  readonly sweep: Pick<Sweep, 'look' | 'offer'>;
  readonly vitals: Pick<Vitals, 'advise'>;
  /** Of the registration that reads, as it is in use now. */
  readonly credential: () => ReadyCredential | undefined;
  readonly isMapped: (account: AccountId) => boolean;
}

/** The accounts that subscribe, each with a sign-in of its own. */
export function subscribersOf(around: SignInParts): readonly SignedUp[] {
  const subscribers = around.setup.push?.subscribers ?? [];
  return subscribers.map((each) => ({ name: each.name, tokens: tokensOf(each, around) }));
}

/** Undefined where no notifications are wanted. */
export function connectPush(around: PushSurroundings): Push | undefined {
  const { seams, sink, sweep, vitals, isMapped } = around;
  const { push, read } = around.setup;
  if (push === undefined) return undefined;
  const setup = { ...around.setup, ...read };
  const { origin } = new URL(setup.tokenUrl);
  return new Push({
    setup: push,
    seams,
    sink,
    sender: {
      // One set of keys for all tenants of a cloud.
      keysUrl: `${origin}/common/discovery/v2.0/keys`,
      issuers: [
        `https://sts.windows.net/${setup.tenantId}/`,
        `https://login.microsoftonline.com/${setup.tenantId}/v2.0`,
        `${origin}/${setup.tenantId}/v2.0`,
      ],
      audience: [setup.clientId],
    },
    clientOf: (index) => {
      const subscriber = push.subscribers[index];
      if (subscriber === undefined) throw new RangeError(`no subscriber ${index}`);
      const tokens = tokensOf(subscriber, around);
      const client = createGraphClient({
        setup,
        seams,
        tokens: { read: tokens, write: tokens },
        spend: () => undefined,
      });
      return onlyAllowed(client, isMapped);
    },
    look: (accounts) => sweep.look(accounts),
    offer: (account, presence, asOf) => sweep.offer(account, presence, asOf),
    advise: (about, action) => vitals.advise(about, action),
  });
}
