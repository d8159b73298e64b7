/**
 * What the New Platform answers, as far as it is used. Pure and total. Shapes follow public client
 * code: https://github.com/James-Smart/five9-stats and https://github.com/ryanshatz/five9-mcp.
 *
 * W1  A bad row spoils nothing but itself, and the customer's data stays out.
 * W2  A page is named by its cursor alone: an address in an answer is never followed.
 */
import { z } from 'zod';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';

const token = z.object({
  access_token: boundedText(1, 16_384).refine((text) => /^[\x21-\x7e]+$/.test(text)),
  expires_in: z.coerce.number().min(1).max(31_536_000).catch(600),
});

export interface WireToken {
  readonly text: string;
  readonly lifeMs: number;
}

export function tokenFrom(body: string): WireToken | undefined {
  const read = readWith(token, jsonFrom(body));
  return read && { text: read.access_token, lifeMs: read.expires_in * 1_000 };
}

const pageSchema = z.object({
  data: z.array(z.unknown()).optional().catch(undefined),
  items: z.array(z.unknown()).optional().catch(undefined),
  paging: z
    .object({
      next: boundedText(1, 8_192).nullish().catch(undefined),
      pageCursor: boundedText(1, 4_096).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

interface WirePage {
  readonly rows: readonly unknown[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

const ROWS_MAX = 1_000;

/** Undefined when it is no page. */
export function pageFrom(body: string): WirePage | undefined {
  const read = readWith(pageSchema, jsonFrom(body));
  const rows = read?.data ?? read?.items;
  if (rows === undefined) return undefined;
  const cursor = cursorIn(read?.paging?.next) ?? read?.paging?.pageCursor ?? undefined;
  return { rows: rows.slice(0, ROWS_MAX), ...(cursor === undefined ? {} : { cursor }) };
}

/** From an address, whole or relative; a text without a query is taken for the cursor itself. */
function cursorIn(next: string | null | undefined): string | undefined {
  if (next === undefined || next === null) return undefined;
  const mark = next.indexOf('?');
  if (mark === -1) return next.includes('/') ? undefined : next;
  const cursor = new URLSearchParams(next.slice(mark + 1)).get('pageCursor');
  return cursor === null || cursor === '' ? undefined : cursor;
}

const errorSchema = z.object({
  details: z.array(z.object({ code: z.coerce.string().catch(''), message: z.string().catch('') })),
});

const WORDS_MAX = 200;

/** What a refusal says, short and plain; the status where it says nothing. */
export function refusalWords(status: number, body: string): string {
  const first = readWith(errorSchema, jsonFrom(body))?.details[0];
  const words = `${first?.code ?? ''} ${first?.message ?? ''}`
    .replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);
  return words === '' ? `HTTP ${status}` : `${words} (HTTP ${status})`;
}

const userSchema = z.object({
  userUID: boundedText(1, 64),
  username: boundedText(0, 256).catch(''),
  email: boundedText(0, 256).catch(''),
  firstName: boundedText(0, 256).catch(''),
  lastName: boundedText(0, 256).catch(''),
  status: boundedText(0, 64).catch(''),
});

export type CloudUser = z.output<typeof userSchema>;

export function usersFrom(rows: readonly unknown[]): readonly CloudUser[] {
  return rows.flatMap((row) => readWith(userSchema, row) ?? []);
}

const subscriptionSchema = z.object({
  status: boundedText(0, 64).optional().catch(undefined),
  state: boundedText(0, 64).optional().catch(undefined),
  delivery: z.object({ http: z.object({ url: boundedText(1, 2_048) }) }),
});

export interface WireSubscription {
  readonly url: string;
  /** As the vendor writes it, in capitals; empty where it says none. */
  readonly status: string;
}

export function subscriptionsFrom(rows: readonly unknown[]): readonly WireSubscription[] {
  return rows.flatMap((row) => {
    const read = readWith(subscriptionSchema, row);
    if (read === undefined) return [];
    const status = (read.status ?? read.state ?? '').toUpperCase();
    return [{ url: read.delivery.http.url, status: status.replace(/[^A-Z_]/g, '') }];
  });
}

/** Undefined when it is no JSON. */
export function jsonFrom(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
