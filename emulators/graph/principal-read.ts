/**
 * What an administrator sees of the tenant's applications: service principals and the application
 * permissions that they were granted. All of it follows from the registrations of the Entra double.
 * https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list
 * https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-approleassignments
 */
import { createHash } from 'node:crypto';
import { GRAPH_APP_ID } from '../entra/entra-routes.ts';
import { guidFrom } from '../entra/guid.ts';
import { principalOf, type App } from '../entra/registration.ts';
import type { Call, GraphDesk } from './desk.ts';
import { noResource } from './problem.ts';
import { selectedFields, strangeOption, unsupportedQuery } from './query-options.ts';

type Registration = Pick<
  App,
  'clientId' | 'displayName' | 'disabled' | 'appRoleAssignmentRequired' | 'roles'
>;

const FIELDS = [
  'id',
  'appId',
  'displayName',
  'accountEnabled',
  'appRoleAssignmentRequired',
  'servicePrincipalType',
] as const;

const PRINCIPAL_FIELDS = {
  type: 'microsoft.graph.servicePrincipal',
  known: FIELDS,
  unasked: FIELDS,
};

/** Graph itself has a principal too: the resource of every assignment. */
const GRAPH: Registration = {
  clientId: GRAPH_APP_ID,
  displayName: 'Microsoft Graph',
  disabled: false,
  appRoleAssignmentRequired: false,
  roles: [],
};

/** https://learn.microsoft.com/en-us/graph/permissions-reference; other permissions get made-up ids. */
const APP_ROLE_IDS: ReadonlyMap<string, string> = new Map([
  ['Presence.Read.All', 'a70e0c2d-e793-494c-94c4-118fa0a67f42'],
  ['Presence.ReadWrite.All', '83cded22-8297-4ff6-a7fa-e97e9545a259'],
  ['Calendars.Read', '798ee544-9d2d-430c-a058-570e29e34338'],
  ['Calendars.ReadBasic.All', '8ba4a692-bc31-4128-9094-475872af8a53'],
  ['MailboxSettings.Read', '40f97065-369a-49f4-947c-6a255697ae91'],
  ['User.ReadBasic.All', '97235f07-e226-4f63-ace3-39588e11d3a1'],
  ['User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'],
  ['Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'],
  ['Organization.Read.All', '498476ce-e0fe-48b0-b801-37ba7e2685c6'],
  ['TeamsUserConfiguration.Read.All', 'a91eadaf-2c3c-4362-908b-fb172d208fc6'],
]);

/** Registrations do not know when they were made. */
const GRANTED_AT = '2026-01-01T00:00:00Z';

export function listServicePrincipals(desk: GraphDesk, call: Call): unknown {
  const query = call.url.searchParams;
  const strange = strangeOption(query, ['$filter', '$select']);
  if (strange !== undefined) return strange;
  const filter = query.get('$filter') ?? '';
  const appId = /^appId eq '([^']+)'$/u.exec(filter.trim())?.[1]?.toLowerCase();
  if (appId === undefined) {
    return unsupportedQuery(`The filter '${filter}' is not supported; ask for one appId.`);
  }
  const fields = selectedFields(query, PRINCIPAL_FIELDS);
  if ('status' in fields) return fields;
  const value = registrations(desk)
    .filter((app) => app.clientId.toLowerCase() === appId)
    .map((app) => principalBody(app, fields));
  return { '@odata.context': `${desk.baseUrl}/v1.0/$metadata#servicePrincipals`, value };
}

export function getAppRoleAssignments(desk: GraphDesk, call: Call): unknown {
  const id = call.route.id?.toLowerCase();
  const app = registrations(desk).find(({ clientId }) => principalOf(clientId) === id);
  if (app === undefined) return noResource(call.route.id);
  const collection = `servicePrincipals('${principalOf(app.clientId)}')/appRoleAssignments`;
  const value = app.roles.map((role) => assignment(app, role));
  return { '@odata.context': `${desk.baseUrl}/v1.0/$metadata#${collection}`, value };
}

function registrations(desk: GraphDesk): readonly Registration[] {
  return [GRAPH, ...desk.entra.control.apps.list()];
}

function principalBody(
  app: Registration,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  const all: Readonly<Record<(typeof FIELDS)[number], unknown>> = {
    id: principalOf(app.clientId),
    appId: app.clientId,
    displayName: app.displayName,
    accountEnabled: !app.disabled,
    appRoleAssignmentRequired: app.appRoleAssignmentRequired,
    servicePrincipalType: 'Application',
  };
  return Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)));
}

function assignment(app: Registration, role: string): unknown {
  const principalId = principalOf(app.clientId);
  const appRoleId = APP_ROLE_IDS.get(role) ?? guidFrom(`app role ${role}`);
  return {
    id: createHash('sha256').update(`${principalId} ${appRoleId}`).digest('base64url'),
    appRoleId,
    createdDateTime: GRANTED_AT,
    principalId,
    principalDisplayName: app.displayName,
    principalType: 'ServicePrincipal',
    resourceId: principalOf(GRAPH.clientId),
    resourceDisplayName: GRAPH.displayName,
  };
}
