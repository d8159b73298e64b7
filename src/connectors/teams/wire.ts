/**
 * The fields of Graph and Entra that are used, and nothing else. Pure.
 *
 * W1  Everything is permissive: a field of the wrong type counts as absent, extra fields are
 *     dropped, and only a document that is no JSON object at all is refused.
 */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import { boundedText } from '../kit/bounded-text.ts';

const text = z.string().optional().catch(undefined);

/** https://learn.microsoft.com/en-us/graph/api/resources/presence */
const presence = z.object({
  id: boundedText(1, 128),
  availability: text,
  activity: text,
  sequenceNumber: text,
  outOfOfficeSettings: z
    .object({ isOutOfOffice: z.boolean().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export type WirePresence = z.infer<typeof presence>;

const list = z.object({ value: z.array(z.unknown()), '@odata.nextLink': text });

const user = z.object({
  id: boundedText(1, 128),
  displayName: text,
  userPrincipalName: text,
  mail: text,
  accountEnabled: z.boolean().optional().catch(undefined),
});

export type WireUser = z.infer<typeof user>;

const graphError = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});

export type WireGraphError = z.infer<typeof graphError>['error'];

/** https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
const token = z.object({
  access_token: boundedText(1, 65_536),
  expires_in: z.coerce.number().positive().max(172_800),
  refresh_token: boundedText(1, 65_536).optional().catch(undefined),
});

export type WireToken = z.infer<typeof token>;

const tokenError = z.object({
  error: boundedText(0, 200).catch(''),
  error_description: z.string().catch(''),
  error_codes: z.array(z.number()).catch([]),
});

export type WireTokenError = z.infer<typeof tokenError>;

const claims = z.object({
  roles: z.array(z.string()).optional().catch(undefined),
  tid: text,
});

export type WireClaims = z.infer<typeof claims>;

/** Of a JWT: epoch seconds, up to the year 9999. */
const assertionEnd = z.object({ exp: z.number().positive().max(253_402_300_799) });

export interface WireList<T> {
  readonly items: readonly T[];
  /** Items that could not be read. */
  readonly spoiled: number;
  readonly next?: string;
}

export const parsePresences = (body: string): WireList<WirePresence> | undefined =>
  parseList(body, presence);

export const parsePresence = (body: string): WirePresence | undefined => parse(body, presence);

export const parseUsers = (body: string): WireList<WireUser> | undefined => parseList(body, user);

export const parseToken = (body: string): WireToken | undefined => parse(body, token);

export const parseTokenError = (body: string): WireTokenError | undefined =>
  parse(body, tokenError);

export const parseClaims = (body: string): WireClaims | undefined => parse(body, claims);

export const parseAssertionEnd = (body: string): number | undefined =>
  parse(body, assertionEnd)?.exp;

/** Empty texts when the body is not an error document. */
export function parseGraphError(body: string): WireGraphError {
  return parse(body, graphError)?.error ?? { code: '', message: '' };
}

function parseList<T>(body: string, item: z.ZodType<T>): WireList<T> | undefined {
  const whole = parse(body, list);
  if (whole === undefined) return undefined;
  const items = whole.value.flatMap((raw) => readWith(item, raw) ?? []);
  const next = whole['@odata.nextLink'];
  const spoiled = whole.value.length - items.length;
  return next === undefined ? { items, spoiled } : { items, spoiled, next };
}

function parse<T>(body: string, schema: z.ZodType<T>): T | undefined {
  return readWith(schema, jsonOf(body));
}

/** Undefined when it is no JSON. */
export function jsonOf(body: string): unknown {
  // Most writes are answered without a body; to throw for each would cost more than the write.
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
