/**
 * A subscription as Graph answers it, as far as it is used. Pure and total.
 * https://learn.microsoft.com/en-us/graph/api/resources/subscription
 */
import { z } from 'zod';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import { jsonOf } from '../wire.ts';

const schema = z.object({
  id: boundedText(1, 128).pipe(z.string().regex(/^[\w-]+$/)),
  expirationDateTime: z.string().optional().catch(undefined),
  notificationUrl: z.string().optional().catch(undefined),
});

export interface Made {
  readonly id: string;
  /** Epoch ms. */
  readonly expiresAt?: number;
  readonly notificationUrl?: string;
}

export function parseSubscription(body: string): Made | undefined {
  return madeOf(jsonOf(body));
}

export function parseSubscriptions(body: string): readonly Made[] {
  const whole = readWith(z.object({ value: z.array(z.unknown()) }), jsonOf(body));
  return (whole?.value ?? []).flatMap((each) => madeOf(each) ?? []);
}

function madeOf(value: unknown): Made | undefined {
  const read = readWith(schema, value);
  if (read === undefined) return undefined;
  const { id, notificationUrl, expirationDateTime = '' } = read;
  const expiresAt = timeOf(expirationDateTime);
  return {
    id,
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** The vendor's samples leave out the zone now and then; it is UTC. */
function timeOf(text: string): number | undefined {
  const at = Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}
