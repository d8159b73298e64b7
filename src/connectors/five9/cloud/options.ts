/** The settings of the New Platform: their shape, their bounds and their defaults. */
import { z } from 'zod';
import { boundedText } from '../../kit/bounded-text.ts';

/** https://github.com/James-Smart/five9-stats: a page has at most a hundred agents. */
export const PAGE_LIMIT = 100;

const address = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

const eventsSchema = z.strictObject({
  url: address.describe('Public address that Five9 posts events to; it leads to our listener'),
  username: boundedText(1, 256),
  password: boundedText(1, 1_024).describe('What Five9 sends with each post, as Basic'),
});

export const cloudSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .transform((text) => new URL(text).origin)
    .describe('API host of the region'),
  clientId: boundedText(1, 256),
  clientSecret: boundedText(1, 1_024),
  domainId: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .describe('Id of the domain on the New Platform'),
  sweepMs: z.number().int().min(1_000).max(600_000).default(10_000),
  requestsPerSecond: z.number().min(0.1).max(5).default(4),
  events: eventsSchema.optional(),
});

export type CloudSettings = Readonly<z.output<typeof cloudSchema>>;

/** Fields that are never shown, whatever is wrong with them. */
export const CLOUD_SECRETS: ReadonlySet<PropertyKey> = new Set(['clientSecret', 'password']);
