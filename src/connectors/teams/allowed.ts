/**
 * The requests that may go to Graph at all, and whom they may concern (I15). Graph cannot narrow
 * `Presence.ReadWrite.All` to some people, so Lockstep narrows it itself, in one place.
 *
 * A1  What is on no line of this list is not sent, whatever asked for it.
 * A2  What names people names mapped people alone, or the consenting test user of an examination.
 */
import { ConnectorError } from '../connector.ts';
import type { AccountId } from '../../model/ids.ts';
import type { GraphClient, GraphRequest } from './client.ts';

interface Line {
  readonly method: GraphRequest['method'];
  /** Below the version, without the query. Its first group is the person whom it concerns. */
  readonly path: RegExp;
}

const ID = '([0-9A-Fa-f-]{36})';

const LINES: readonly Line[] = [
  { method: 'POST', path: /^\/communications\/getPresencesByUserId$/ },
  {
    method: 'POST',
    path: new RegExp(`^/users/${ID}/presence/(?:set|clear)(?:UserPreferred)?Presence$`),
  },
  { method: 'GET', path: /^\/users$/ },
  { method: 'GET', path: new RegExp(`^/users/${ID}/(?:licenseDetails|mailboxSettings)$`) },
  { method: 'GET', path: new RegExp(`^/admin/teams/userConfigurations/${ID}$`) },
  { method: 'GET', path: /^\/servicePrincipals$/ },
  { method: 'GET', path: /^\/servicePrincipals\/[\w.-]{1,128}\/appRoleAssignments$/ },
  { method: 'GET', path: /^\/subscriptions$/ },
  { method: 'POST', path: /^\/subscriptions$/ },
  { method: 'PATCH', path: /^\/subscriptions\/[\w-]{1,128}$/ },
  { method: 'DELETE', path: /^\/subscriptions\/[\w-]{1,128}$/ },
];

/** `isMapped` takes ids as they are written in the mapping. */
export function onlyAllowed(
  client: GraphClient,
  isMapped: (account: AccountId) => boolean,
): GraphClient {
  return {
    async call(request) {
      const people = peopleIn(request);
      if (people === undefined) throw refused('is on no line of the list of requests');
      if (!people.every(isMapped)) throw refused('concerns somebody who is not mapped');
      return client.call(request);
    },
  };
}

/** Whom it concerns; undefined when it is on no line. */
function peopleIn({ method, path, body }: GraphRequest): readonly AccountId[] | undefined {
  const [plain = ''] = path.split('?', 1);
  for (const line of LINES) {
    const match = line.method === method ? line.path.exec(plain) : null;
    if (match === null) continue;
    const [, person] = match;
    if (person !== undefined) return [person];
    return method === 'POST' ? idsOf(body) : [];
  }
  return undefined;
}

function idsOf(body: string | undefined): readonly AccountId[] | undefined {
  const parsed: unknown = JSON.parse(body ?? '{}');
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  if ('resource' in parsed) return idsIn(parsed.resource);
  if (!('ids' in parsed)) return undefined;
  const { ids } = parsed;
  if (!Array.isArray(ids)) return undefined;
  const texts = ids.filter((id): id is string => typeof id === 'string');
  return texts.length === ids.length ? texts : undefined;
}

/** Those of a subscription; undefined when it is about anything else than the presence of people. */
function idsIn(resource: unknown): readonly AccountId[] | undefined {
  const prefix = "/communications/presences?$filter=id in ('";
  if (typeof resource !== 'string' || !resource.startsWith(prefix)) return undefined;
  const ids = resource.slice(prefix.length, -"')".length).split("','");
  const isWhole = resource === `${prefix}${ids.join("','")}')`;
  return isWhole && ids.every((id) => /^[0-9a-f-]{36}$/i.test(id)) ? ids : undefined;
}

/** Without the request: it may name a person. */
function refused(why: string): ConnectorError {
  return new ConnectorError(
    'bug',
    'TEAMS_REQUEST_NOT_ALLOWED',
    `a request to Graph was not sent: it ${why}`,
    'This is a bug of ours; report it with the log.',
  );
}
