/**
 * Everybody in the tenant whom the application may list, for matching people.
 * https://learn.microsoft.com/en-us/graph/api/user-list?view=graph-rest-1.0
 *
 * U1  Pages are followed below our own base address only, whatever the answer names.
 */
import { ExchangeError, type HttpResponse } from '../../lib/exchange.ts';
import { ConnectorError, type Account } from '../connector.ts';
import type { GraphClient } from './client.ts';
import { parseUsers, type WireUser } from './wire.ts';

const FIELDS = 'id,displayName,userPrincipalName,mail';
const PAGE_SIZE = 999;
const PAGES_MAX = 200;

export interface ListParts {
  readonly client: GraphClient;
  readonly timeoutMs: number;
}

/** Rejects with `ConnectorError`. */
export async function listAccounts(parts: ListParts): Promise<readonly Account[]> {
  // A basic permission may not cover `accountEnabled`; without it everybody counts as active.
  const full = await page(parts, `/users?$top=${PAGE_SIZE}&$select=${FIELDS},accountEnabled`);
  const first =
    full.status === 403 ? await page(parts, `/users?$top=${PAGE_SIZE}&$select=${FIELDS}`) : full;
  const accounts: Account[] = [];
  let answer = first;
  for (let pages = 1; ; pages += 1) {
    const list = answer.status === 200 ? parseUsers(answer.body) : undefined;
    if (list === undefined) throw refusal(answer);
    accounts.push(...list.items.map(accountOf));
    const next = list.next === undefined ? undefined : pathOf(list.next);
    if (next === undefined) return accounts;
    if (pages >= PAGES_MAX) throw tooMany();
    answer = await page(parts, next);
  }
}

async function page(parts: ListParts, path: string): Promise<HttpResponse> {
  try {
    return await parts.client.call({ method: 'GET', path, timeoutMs: parts.timeoutMs });
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    const kind = error instanceof ExchangeError ? error.kind : 'unexpected error';
    throw new ConnectorError(
      'retry',
      'TEAMS_LIST_UNREACHABLE',
      `people cannot be listed: no answer (${kind})`,
      'Try again; check that this machine may connect to the Graph host of the cloud.',
    );
  }
}

/** The part of a page link below the version. */
function pathOf(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  const below = /^.*?\/v1\.0(\/users)\/?$/.exec(url.pathname)?.[1];
  return below === undefined ? undefined : below + url.search;
}

function accountOf(user: WireUser): Account {
  return {
    id: user.id,
    name: user.displayName ?? user.userPrincipalName ?? user.id,
    ...(user.userPrincipalName === undefined ? {} : { upn: user.userPrincipalName }),
    ...(user.mail === undefined ? {} : { email: user.mail }),
    active: user.accountEnabled ?? true,
  };
}

function refusal(answer: HttpResponse): ConnectorError {
  const { status } = answer;
  if (status === 403 || status === 401) {
    return new ConnectorError(
      'ask_admin',
      'TEAMS_LIST_DENIED',
      `people cannot be listed: HTTP ${status}`,
      'Grant the application permission User.ReadBasic.All, or upload the mapping of people.',
    );
  }
  return new ConnectorError(
    'retry',
    'TEAMS_LIST_FAILED',
    `people cannot be listed: HTTP ${status}`,
    'Try again in a minute.',
  );
}

function tooMany(): ConnectorError {
  return new ConnectorError(
    'ask_admin',
    'TEAMS_LIST_TOO_LONG',
    `more than ${PAGES_MAX * PAGE_SIZE} people are in the tenant`,
    'Upload the mapping of people instead.',
  );
}
