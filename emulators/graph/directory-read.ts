/**
 * The little of the directory that is needed to match people: users by pages, one user, licences,
 * the organisation.
 * https://learn.microsoft.com/en-us/graph/api/user-list
 */
import type { Call, GraphDesk } from './desk.ts';
import { badRequest, noResource } from './problem.ts';
import { selectedFields, strangeOption } from './query-options.ts';
import type { User } from './users.ts';

/** Readable with `User.ReadBasic.All`; the rest needs `User.Read.All`. */
const BASIC = ['id', 'displayName', 'givenName', 'surname', 'mail', 'userPrincipalName'] as const;
const FULL = ['jobTitle', 'department', 'employeeId', 'accountEnabled', 'userType'] as const;

const USER_FIELDS = {
  type: 'microsoft.graph.user',
  known: [...BASIC, ...FULL],
  unasked: [...BASIC, 'jobTitle'],
};

const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;
const KNOWN_OPTIONS = ['$select', '$top', '$skiptoken'];

/** https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference */
const TEAMS_PLAN = '57ff2da0-773e-42df-b2af-ffb7a2317929';

export function listUsers(desk: GraphDesk, call: Call): unknown {
  const query = call.url.searchParams;
  const strange = strangeOption(query, KNOWN_OPTIONS);
  if (strange !== undefined) return strange;
  const fields = selectedFields(query, USER_FIELDS);
  if ('status' in fields) return fields;
  const top = Number(query.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(top) || top < 1 || top > MAX_PAGE) {
    return badRequest(`Invalid page size specified: '${query.get('$top') ?? ''}'.`);
  }
  const from = readToken(query.get('$skiptoken'));
  if (from === undefined) return badRequest('The skip token is not valid.');
  const all = desk.users.list();
  const value = all.slice(from, from + top).map((user) => userBody(user, fields, call.roles));
  const context = `${desk.baseUrl}/v1.0/$metadata#users`;
  if (from + top >= all.length) return { '@odata.context': context, value };
  const next = new URL(`${desk.baseUrl}${call.url.pathname}`);
  for (const name of ['$select', '$top']) {
    const text = query.get(name);
    if (text !== null) next.searchParams.set(name, text);
  }
  next.searchParams.set('$skiptoken', writeToken(from + top));
  return { '@odata.context': context, '@odata.nextLink': next.href, value };
}

export function getUser(desk: GraphDesk, call: Call): unknown {
  const fields = selectedFields(call.url.searchParams, USER_FIELDS);
  if ('status' in fields) return fields;
  const user = desk.users.byIdOrName(call.route.id ?? '');
  if (user === undefined) return noResource(call.route.id);
  const context = `${desk.baseUrl}/v1.0/$metadata#users/$entity`;
  return { '@odata.context': context, ...userBody(user, fields, call.roles) };
}

export function getLicenses(desk: GraphDesk, call: Call): unknown {
  const user = desk.users.byIdOrName(call.route.id ?? '');
  if (user === undefined) return noResource(call.route.id);
  const plan = {
    servicePlanId: TEAMS_PLAN,
    servicePlanName: 'TEAMS1',
    provisioningStatus: 'Success',
    appliesTo: 'User',
  };
  const licence = { id: `licence-${user.id}`, skuPartNumber: 'EMULATED', servicePlans: [plan] };
  return { value: user.licensed ? [licence] : [] };
}

export function getOrganization(desk: GraphDesk): unknown {
  const organization = { id: desk.tenantId, displayName: 'Emulated tenant', tenantType: 'AAD' };
  return { '@odata.context': `${desk.baseUrl}/v1.0/$metadata#organization`, value: [organization] };
}

function userBody(
  user: User,
  fields: readonly string[],
  roles: readonly string[],
): Readonly<Record<string, unknown>> {
  const { enabled, licensed: _licensed, ...rest } = user;
  const all: Readonly<Record<string, unknown>> = {
    ...rest,
    accountEnabled: enabled,
    userType: 'Member',
  };
  const basic: readonly string[] = BASIC;
  const visible = (field: string): boolean =>
    roles.includes('User.Read.All') || basic.includes(field);
  return Object.fromEntries(
    fields.filter(visible).map((field): [string, unknown] => [field, all[field] ?? null]),
  );
}

function writeToken(from: number): string {
  return Buffer.from(`page:${from}`).toString('base64url');
}

function readToken(token: string | null): number | undefined {
  if (token === null) return 0;
  const match = /^page:(\d+)$/u.exec(Buffer.from(token, 'base64url').toString());
  return match === null ? undefined : Number(match[1]);
}
