/** Everyone whom the New Platform lists, by the ids under which it tells of them. */
import type { Account } from '../../connector.ts';
import { unreadable } from '../trouble.ts';
import type { CloudClient } from './client.ts';
import { PAGE_LIMIT } from './options.ts';
import { snapshotRows } from './snapshot.ts';
import { AGENT_STATES } from './sweep.ts';
import { usersFrom, type CloudUser } from './wire.ts';

/** https://github.com/justingray82/PSFive9CloudAPI */
const USERS = '/users/v1/domains/{domain}/users';
const USERS_PAGE = '200';
const PAGES_MAX = 1_000;

/**
 * Agents are told of by the ids of the snapshot. Where those are the ids of the list of users, names
 * stand beside them; else there are ids alone, and people are matched by a mapping file. Rejects with
 * `Trouble`.
 */
export async function accountsOf(client: Pick<CloudClient, 'page'>): Promise<readonly Account[]> {
  const query = { mediaTypes: 'VOICE,CHAT,EMAIL', pageLimit: String(PAGE_LIMIT) };
  const states = await wholeList(client, 'list the agents', AGENT_STATES, query);
  const users = await wholeList(client, 'list the users', USERS, { pageLimit: USERS_PAGE }).then(
    usersFrom,
    () => [],
  );
  const named = new Map(users.map((user) => [user.userUID, user]));
  const ids = new Set(snapshotRows(states).rows.map((row) => row.id));
  return [...ids].map((id) => accountOf(id, named.get(id)));
}

function accountOf(id: string, user: CloudUser | undefined): Account {
  if (user === undefined) return { id, name: id, active: true, groups: [] };
  const { username, email, firstName, lastName, status } = user;
  const name = `${firstName} ${lastName}`.trim();
  return {
    id,
    name: [name, username, id].find((each) => each !== '') ?? id,
    ...(username === '' ? {} : { upn: username }),
    ...(email === '' ? {} : { email }),
    active: status === '' || status.toUpperCase() === 'ACTIVE',
    groups: [],
  };
}

async function wholeList(
  client: Pick<CloudClient, 'page'>,
  what: string,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let more: Readonly<Record<string, string>> = query;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await client.page(what, path, more);
    rows.push(...page.rows);
    if (page.cursor === undefined) return rows;
    if (page.cursor === more['pageCursor']) break;
    more = { ...query, pageCursor: page.cursor };
  }
  throw unreadable(what);
}
