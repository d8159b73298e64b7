/**
 * The application permissions of Microsoft Graph that Lockstep knows, by their published ids, and
 * what each is for. Pure data; https://learn.microsoft.com/en-us/graph/permissions-reference
 */

import type { Side } from './registrations.ts';

/** The application id of Microsoft Graph itself, the same in every cloud. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

export interface Permission {
  readonly name: string;
  /** Id of the application role. */
  readonly id: string;
  readonly why: string;
  /** Works without it: it lets the doctor look, or people be listed. */
  readonly optional: boolean;
  /** Which registration has it, where reading and writing have one each. */
  readonly side: Side;
}

export const PERMISSIONS: readonly Permission[] = [
  {
    name: 'Presence.Read.All',
    id: 'a70e0c2d-e793-494c-94c4-118fa0a67f42',
    why: 'reads the presence of the mapped people, up to 650 in one request',
    optional: false,
    side: 'read',
  },
  {
    name: 'Presence.ReadWrite.All',
    id: '83cded22-8297-4ff6-a7fa-e97e9545a259',
    why: 'shows contact-centre states in Teams and takes them away again; it covers reading too',
    optional: false,
    side: 'write',
  },
  {
    name: 'User.ReadBasic.All',
    id: '97235f07-e226-4f63-ace3-39588e11d3a1',
    why: 'lists people for matching; not needed when the mapping is uploaded',
    optional: true,
    side: 'read',
  },
  {
    name: 'User.Read.All',
    id: 'df021288-bdef-4463-88db-98f22de89214',
    why: 'tells disabled accounts apart when people are listed, and lets the doctor see Teams licences',
    optional: true,
    side: 'read',
  },
  {
    name: 'Application.Read.All',
    id: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    why: 'lets the doctor see what was consented to',
    optional: true,
    side: 'read',
  },
  {
    name: 'TeamsUserConfiguration.Read.All',
    id: 'a91eadaf-2c3c-4362-908b-fb172d208fc6',
    why: 'lets the doctor see the kind of each Teams account',
    optional: true,
    side: 'read',
  },
  {
    name: 'MailboxSettings.Read',
    id: '40f97065-369a-49f4-947c-6a255697ae91',
    why: 'lets the doctor see who has no mailbox, and so no meetings in Teams',
    optional: true,
    side: 'read',
  },
];

/** What a registration with this duty asks for. */
export function needs(duty: Side | 'both', withOptional: boolean): readonly Permission[] {
  return PERMISSIONS.filter(
    ({ optional, side }) => (withOptional || !optional) && (duty === 'both' || duty === side),
  );
}

/** The entry of an app manifest that asks for these permissions. */
export function requiredResourceAccess(permissions: readonly Permission[]): object {
  return {
    resourceAppId: GRAPH_APP_ID,
    resourceAccess: permissions.map(({ id }) => ({ id, type: 'Role' })),
  };
}
