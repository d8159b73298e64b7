/**
 * One item of a notification, basic or with resource data, and one of a subscription's own life.
 * https://learn.microsoft.com/en-us/graph/changenotifications-for-presence
 * https://learn.microsoft.com/en-us/graph/change-notifications-lifecycle-events
 */
import type { Behaviour } from './behaviour.ts';
import type { Pair } from './pairs.ts';
import type { Corruption, Encryptor } from './rich-content.ts';
import type { Subscription } from './subscription.ts';

export interface NotificationItem {
  readonly app: string;
  readonly json: object;
  /** Whether its POST has to prove by a token that Graph sent it. */
  readonly withTokens: boolean;
}

export const LIFECYCLE_EVENTS = [
  'reauthorizationRequired',
  'subscriptionRemoved',
  'missed',
] as const;
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

export interface Shown {
  readonly user: string;
  readonly pair: Pair;
  readonly stamp: string;
}

interface ItemParts {
  readonly tenantId: string;
  readonly behaviour: Behaviour;
  readonly encryptor: Encryptor;
  readonly corruption?: Corruption;
}

const TYPE = '#Microsoft.Graph.presence';

export function presenceItem(
  subscription: Subscription,
  shown: Shown,
  parts: ItemParts,
): NotificationItem {
  const { behaviour } = parts;
  const isEcho = behaviour.notifiedResource === 'filter';
  const json = {
    ...commonFields(subscription, parts),
    changeType: subscription.changeType,
    resource: isEcho ? subscription.resource : `communications/presences/${shown.user}`,
    resourceData: resourceName(shown.user),
    organizationId: parts.tenantId,
    ...contentOf(subscription, shown, parts),
  };
  return { app: subscription.app, json, withTokens: subscription.rich };
}

function contentOf(subscription: Subscription, shown: Shown, parts: ItemParts): object {
  const { key, rich } = subscription;
  if (!rich || key === undefined) return {};
  const { behaviour, encryptor, corruption } = parts;
  const sequence = behaviour.notifiedSequence === 'present' && behaviour.sequence !== 'absent';
  const presence = {
    ...resourceName(shown.user),
    availability: shown.pair.availability,
    activity: shown.pair.activity,
    ...(sequence ? { sequenceNumber: shown.stamp } : {}),
  };
  return { encryptedContent: encryptor.encrypt(JSON.stringify(presence), key, corruption) };
}

function resourceName(user: string): object {
  return { '@odata.id': `users/${user}/presence`, '@odata.type': TYPE, id: user };
}

export function lifecycleItem(
  subscription: Subscription,
  event: LifecycleEvent,
  parts: Pick<ItemParts, 'tenantId' | 'behaviour'>,
): NotificationItem {
  const withTokens = subscription.rich && parts.behaviour.lifecycleTokens === 'rich';
  const json = { ...commonFields(subscription, parts), lifecycleEvent: event };
  return { app: subscription.app, json, withTokens };
}

function commonFields(
  { id, clientState, expiresAt }: Subscription,
  { tenantId, behaviour }: Pick<ItemParts, 'tenantId' | 'behaviour'>,
): object {
  const at = new Date(expiresAt).toISOString();
  return {
    subscriptionId: id,
    // Without a client state the field is not in the item.
    clientState,
    subscriptionExpirationDateTime: behaviour.notifiedExpiry === 'zulu' ? at : at.slice(0, -1),
    tenantId,
  };
}
