/**
 * One subscription to changes of presence, and how Graph shows it.
 * https://learn.microsoft.com/en-us/graph/api/resources/subscription
 */
import type { X509Certificate } from 'node:crypto';

export interface EncryptionKey {
  /** As it was sent: base64 of the X.509 certificate. */
  readonly encoded: string;
  readonly certificate: X509Certificate;
  /** The client's own label. */
  readonly id: string;
}

export interface Subscription {
  readonly id: string;
  readonly app: string;
  /** The object id of the person in whose name it was made. */
  readonly creator: string;
  /** As it was sent. */
  readonly resource: string;
  /** Users of the resource, as the directory writes their ids. */
  readonly users: readonly string[];
  readonly changeType: string;
  readonly clientState: string | undefined;
  readonly lifecycleUrl: string | undefined;
  readonly tlsVersion: string;
  /** With resource data. */
  readonly rich: boolean;
  notificationUrl: string;
  key: EncryptionKey | undefined;
  expiresAt: number;
  /** When the token ends that it was last authorized with. */
  authorizedUntil: number;
  /** Renewals succeed, and nothing ever arrives (F29). */
  deaf: boolean;
  /** Nobody finds it any more, yet it counts until then (F30). */
  ghostUntil: number | undefined;
  extendedAt: number | undefined;
  reauthorizedAt: number | undefined;
}

export const MINUTE_MS = 60_000;

/** As the calls of `/subscriptions` answer it. */
export function subscriptionBody(subscription: Subscription): object {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.app,
    changeType: subscription.changeType,
    clientState: null,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleUrl ?? null,
    expirationDateTime: new Date(subscription.expiresAt).toISOString(),
    creatorId: subscription.creator,
    includeResourceData: subscription.rich,
    latestSupportedTlsVersion: subscription.tlsVersion,
    encryptionCertificate: null,
    encryptionCertificateId: subscription.key?.id ?? null,
    notificationUrlAppId: null,
  };
}

/** One resource in one form: a leading slash, the case and blanks make no difference. */
export function sameResource(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(resource: string): string {
  return resource.replace(/^\//u, '').replaceAll(/\s+/gu, '').toLowerCase();
}
