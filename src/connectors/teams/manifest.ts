/**
 * What Microsoft Teams can show, what it asks for and where its limits are. Pure data; the
 * documentation, the settings form and the core read it.
 *
 * T1  Nothing here asserts Available: our session is cleared instead, so that the person's own
 *     devices speak for them again.
 * T2  The session belongs to the application alone; the preferred slot is the one that the person
 *     fills by hand, so it is shared.
 */
import type { Expression } from '../../model/mark.ts';
import type { Preset } from '../../model/preset.ts';
import type { Manifest } from '../connector.ts';
import { CADENCE } from './cadence.ts';
import { PERMISSIONS } from './permissions.ts';

export const PLATFORM_ID = 'teams';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const PAGES = {
  setPresence:
    'https://learn.microsoft.com/en-us/graph/api/presence-setpresence?view=graph-rest-1.0',
  setPreferred:
    'https://learn.microsoft.com/en-us/graph/api/presence-setuserpreferredpresence?view=graph-rest-1.0',
  read: 'https://learn.microsoft.com/en-us/graph/api/cloudcommunications-getpresencesbyuserid?view=graph-rest-1.0',
  users: 'https://learn.microsoft.com/en-us/graph/api/user-list?view=graph-rest-1.0',
  throttling: 'https://learn.microsoft.com/en-us/graph/throttling-limits',
  permissions: 'https://learn.microsoft.com/en-us/graph/permissions-reference',
  states: 'https://learn.microsoft.com/en-us/graph/cloud-communications-manage-presence-state',
  clouds: 'https://learn.microsoft.com/en-us/graph/deployments',
  token:
    'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow',
  consent: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-admin-consent',
  richNotifications:
    'https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data',
  notifications: 'https://learn.microsoft.com/en-us/graph/changenotifications-for-presence',
  licences: 'https://learn.microsoft.com/en-us/graph/api/user-list-licensedetails',
  accountType:
    'https://learn.microsoft.com/en-us/graph/api/teamsadministration-teamsuserconfiguration-get',
  coexistence: 'https://learn.microsoft.com/en-us/microsoftteams/coexistence-chat-calls-presence',
  mailbox: 'https://learn.microsoft.com/en-us/graph/api/user-get-mailboxsettings',
  callQueues: 'https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-cscallqueue',
  credentials: 'https://learn.microsoft.com/en-us/entra/identity-platform/how-to-add-credentials',
} as const;

/** What we ever put into the session: the vendor refuses other pairs, except Available. */
export const SESSION_VALUES = [
  'Busy/InACall',
  'Busy/InAConferenceCall',
  'Away/Away',
  'DoNotDisturb/Presenting',
] as const;

/** What we ever put into the preferred slot; the vendor would also take Available. */
export const PREFERRED_VALUES = [
  'Busy/Busy',
  'DoNotDisturb/DoNotDisturb',
  'BeRightBack/BeRightBack',
  'Away/Away',
  'Offline/OffWork',
] as const;

type SessionValue = (typeof SESSION_VALUES)[number];
type PreferredValue = (typeof PREFERRED_VALUES)[number];

function session(value: SessionValue, shows: readonly Preset[]): Expression {
  return { slot: 'session', kind: 'session', value, shows };
}

function preferred(value: PreferredValue, shows: readonly Preset[]): Expression {
  return { slot: 'preferred', kind: 'shared', value, shows };
}

// Our own InACall has been seen coming back as Busy/Busy first:
// https://learn.microsoft.com/en-us/answers/questions/2237086/what-is-the-actual-difference-between-activity-bus
const IN_CALL = session('Busy/InACall', ['in_call', 'busy']);
const IN_CONFERENCE = session('Busy/InAConferenceCall', ['in_conference', 'in_call', 'busy']);
const PRESENTING = session('DoNotDisturb/Presenting', ['presenting']);
const BUSY = preferred('Busy/Busy', ['busy']);
const DND = preferred('DoNotDisturb/DoNotDisturb', ['dnd']);
const BRB = preferred('BeRightBack/BeRightBack', ['brb']);
const AWAY = preferred('Away/Away', ['away']);
const OFF_WORK = preferred('Offline/OffWork', ['off_work', 'offline']);

export const TEAMS_MANIFEST: Manifest = {
  id: PLATFORM_ID,
  label: 'Teams',
  traits: {
    id: PLATFORM_ID,
    label: 'Teams',
    kind: 'collaboration',
    express: {
      in_call: [IN_CALL],
      in_conference: [IN_CONFERENCE],
      wrap_up: [BUSY],
      busy: [BUSY],
      in_meeting: [BUSY],
      training: [BUSY],
      not_ready: [BUSY],
      dnd: [DND],
      focus: [DND],
      presenting: [PRESENTING],
      away: [AWAY],
      brb: [BRB],
      break: [BRB],
      meal: [BRB],
      off_work: [OFF_WORK],
      offline: [OFF_WORK],
    },
    life: {
      session: { minMs: 5 * MINUTE_MS, maxMs: 4 * HOUR_MS },
      // The vendor states no range for the preferred slot; its default for Busy is one day.
      preferred: { minMs: 5 * MINUTE_MS, maxMs: 24 * HOUR_MS },
    },
  },
  capabilities: { push: false, sweep: true, reasonCodes: false, pending: false },
  scopes: PERMISSIONS.map(({ name, why, optional }) => ({
    name: optional ? `${name} (application, optional)` : `${name} (application)`,
    why,
  })),
  limits: [
    { name: 'people in one read', value: 650, unit: 'ids', source: PAGES.read },
    { name: 'presence requests', value: 1_500, unit: 'requests / 30 s', source: PAGES.read },
    {
      name: 'presence requests, by another page of the vendor',
      value: 10_000,
      unit: 'requests / 30 s',
      source: PAGES.throttling,
    },
    { name: 'shortest session', value: 5, unit: 'minutes', source: PAGES.setPresence },
    { name: 'longest session', value: 240, unit: 'minutes', source: PAGES.setPresence },
    {
      name: 'default life of a preferred Busy or Do not disturb',
      value: 1,
      unit: 'days',
      source: PAGES.setPreferred,
    },
  ],
  prerequisites: [
    'An application registration in the tenant, single-tenant, with a certificate or a secret.',
    'Admin consent for its application permissions.',
    'People have a Teams licence and are in Teams Only mode.',
    'The tenant is in a cloud whose Graph has presence: global, US Government L4 or L5.',
  ],
  quota: {
    requests: 1_500,
    windowMs: 30_000,
    readShare: CADENCE.quotaShare,
    source: PAGES.read,
  },
};
