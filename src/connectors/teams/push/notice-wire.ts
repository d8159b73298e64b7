/**
 * What Graph posts to a notification address, as far as it is used. Pure and total.
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 * https://learn.microsoft.com/en-us/graph/changenotifications-for-presence
 *
 * W1  A bad item spoils nothing but itself; only what is no collection at all is refused.
 */
import { z } from 'zod';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import { jsonOf } from '../wire.ts';

/** Base64 throughout. https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data */
const sealed = z.object({
  data: boundedText(1, 65_536),
  dataKey: boundedText(1, 1_024),
  dataSignature: boundedText(1, 128),
  encryptionCertificateId: boundedText(1, 128),
});

export type Sealed = z.infer<typeof sealed>;

const item = z.object({
  subscriptionId: boundedText(1, 128),
  // The vendor's page and its type disagree on the length: 128 or 255.
  clientState: boundedText(1, 255),
  lifecycleEvent: boundedText(1, 64).optional().catch(undefined),
  resource: z.string().optional().catch(undefined),
  resourceData: z
    .object({ id: boundedText(1, 128).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  encryptedContent: sealed.optional().catch(undefined),
});

const collection = z.object({
  value: z.array(z.unknown()).min(1).max(10_000),
  validationTokens: z.array(boundedText(1, 16_384)).max(64).nullish().catch(undefined),
});

export interface Notice {
  readonly subscriptionId: string;
  readonly clientState: string;
  /** `reauthorizationRequired`, `subscriptionRemoved`, `missed`; absent for a change. */
  readonly lifecycle?: string;
  /** Whose presence changed, in lower case. */
  readonly account?: string;
  readonly sealed?: Sealed;
}

export interface Post {
  readonly notices: readonly Notice[];
  /** Items that cannot be read. */
  readonly spoiled: number;
  /** JSON web tokens that prove the sender; empty where there are none. */
  readonly tokens: readonly string[];
}

/** Undefined when it is no collection of notifications. */
export function parsePost(body: string): Post | undefined {
  const whole = readWith(collection, jsonOf(body));
  if (whole === undefined) return undefined;
  const notices = whole.value.flatMap((raw) => {
    const read = readWith(item, raw);
    return read === undefined ? [] : [noticeOf(read)];
  });
  return {
    notices,
    spoiled: whole.value.length - notices.length,
    tokens: whole.validationTokens ?? [],
  };
}

function noticeOf(read: z.infer<typeof item>): Notice {
  const account = (read.resourceData?.id ?? idIn(read.resource ?? ''))?.toLowerCase();
  return {
    subscriptionId: read.subscriptionId,
    clientState: read.clientState,
    ...(read.lifecycleEvent === undefined ? {} : { lifecycle: read.lifecycleEvent }),
    ...(account === undefined ? {} : { account }),
    ...(read.encryptedContent === undefined ? {} : { sealed: read.encryptedContent }),
  };
}

/** `communications/presences/{id}` or `communications/presences('{id}')`, never a whole filter. */
function idIn(resource: string): string | undefined {
  if (resource.length > 256) return undefined;
  return /presences(?:\/|\(')([0-9a-f-]{36})/i.exec(resource)?.[1];
}
