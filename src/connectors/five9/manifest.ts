/** What the Five9 connector is, needs and can do, as data. */
import type { PlatformId } from '../../model/ids.ts';
import type { Manifest } from '../connector.ts';

export const PLATFORM_ID: PlatformId = 'five9';

/** The one place on Five9 that is written to: whether the agent takes contacts. */
export const READINESS_SLOT = 'readiness';

export const NOT_READY = 'not_ready';

export const STARTER_KIT =
  'https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Starter-Kit';
const STATISTICS_GUIDE = 'https://github.com/orangeplus/Five9ClientLibrary/tree/master/docs';
const CONFIGURATION_GUIDE = 'https://github.com/Cloverhound/five9-cli/tree/main/docs';
export const PYTHON_PACK =
  'https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Python-Pack';

/** With stops by readiness, which is the default. `manifestFor` has the others. */
export const manifest: Manifest = {
  id: PLATFORM_ID,
  label: 'Five9',
  traits: {
    id: PLATFORM_ID,
    label: 'Five9',
    kind: 'contact_centre',
    express: {
      // Ready is not listed: it is only ever the restoring of what our Not Ready replaced.
      not_ready: [{ slot: READINESS_SLOT, kind: 'shared', value: NOT_READY, shows: ['not_ready'] }],
    },
    life: {},
  },
  capabilities: { push: true, sweep: true, reasonCodes: true, pending: true },
  scopes: [
    { name: 'Supervisor role', why: 'Opens the supervisor session and its socket.' },
    { name: 'CAN_RUN_SUPERVISOR', why: 'Lets the account use the supervisor interface at all.' },
    { name: 'CAN_RUN_WEB_AGENT', why: 'Lets the session start with an empty station.' },
    { name: 'CAN_VIEW_AGENTS_DATA', why: 'Shows the states of the agents.' },
    {
      name: 'ViewDataForAllAgentGroups',
      why: 'Without it only agents of the account’s own groups are seen.',
    },
    { name: 'CAN_VIEW_USERS_DATA', why: 'Lists the users, so that people can be matched.' },
  ],
  limits: [
    {
      name: 'Sockets of one user; the next one closes the oldest',
      value: 3,
      unit: 'sockets',
      source: STARTER_KIT,
    },
    { name: 'Ping of the socket', value: 15, unit: 'seconds', source: STARTER_KIT },
    {
      name: 'Longest batching of supervisor statistics',
      value: 6,
      unit: 'seconds',
      source: STATISTICS_GUIDE,
    },
    {
      name: 'Shortest batching of supervisor statistics',
      value: 1,
      unit: 'seconds',
      source: STATISTICS_GUIDE,
    },
    {
      name: 'Default limit of configuration queries, for comparison: none is published for REST',
      value: 450,
      unit: 'requests a minute',
      source: CONFIGURATION_GUIDE,
    },
    {
      name: 'Longest text frame that is accepted here',
      value: 64,
      unit: 'MiB',
      source: PYTHON_PACK,
    },
  ],
  prerequisites: [
    'A supervisor seat and a user that only Lockstep uses; nobody else may sign in with it.',
    'The user sees all agent groups.',
    'Not Ready reason codes are switched on, and one that agents never choose is reserved for Lockstep.',
    'The reserved code is selectable for every agent who is kept in step.',
    'Port 443 is open to the sign-in host and to the data-centre hosts below five9.com and five9.net.',
  ],
};

const SKILLS_SCOPE = {
  name: 'CAN_EDIT_AGENT_SKILLS',
  why: 'Lets active skills be taken and given back, where routing is stopped by skill.',
} as const;

/** https://github.com/ryanshatz/five9-mcp, which cites the API documentation. */
const CLOUD_GUIDE = 'https://github.com/ryanshatz/five9-mcp';

/** States from the New Platform alone. */
const cloudManifest: Manifest = {
  ...manifest,
  traits: { ...manifest.traits, express: {} },
  // What is pushed is a hint; whoever was not told of is not confirmed by it.
  capabilities: { push: false, sweep: true, reasonCodes: false, pending: false },
  scopes: [
    { name: 'API key, family All APIs', why: 'Reads the states of the agents and the users.' },
  ],
  limits: [
    {
      name: 'Requests of one API user',
      value: 5,
      unit: 'requests a second',
      source: CLOUD_GUIDE,
    },
    {
      name: 'Agents on a page',
      value: 100,
      unit: 'agents',
      source: 'https://github.com/James-Smart/five9-stats',
    },
  ],
  prerequisites: [
    'The domain is on the New Platform and API Access Control is switched on for it.',
    'The ids that the New Platform shows are the ids in the mapping.',
    'For events: an address that Five9 can reach over https.',
  ],
};

/** What can be shown depends on how routing is stopped; `none`: nothing, so nothing is ever written. */
export function manifestFor(writes: 'presence' | 'skills' | 'none' | 'cloud'): Manifest {
  if (writes === 'cloud') return cloudManifest;
  if (writes === 'none') return { ...manifest, traits: { ...manifest.traits, express: {} } };
  if (writes === 'presence') return manifest;
  return { ...manifest, scopes: [...manifest.scopes, SKILLS_SCOPE] };
}
