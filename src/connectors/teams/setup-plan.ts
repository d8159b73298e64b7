/** What an administrator of the Microsoft tenant has to do, and the exact texts for it. Pure. */
import type { SetupStep } from '../connector.ts';
import type { Cloud } from './clouds.ts';
import { PAGES } from './manifest.ts';
import { needs, requiredResourceAccess } from './permissions.ts';
import type { Registration } from './registrations.ts';

export interface TeamsSetupFacts {
  readonly cloud: Pick<Cloud, 'login' | 'graph'>;
  /** Absent until the application is registered. */
  readonly tenantId?: string;
  readonly clientId?: string;
  /** The registration that reads, where it is another. */
  readonly read?: { readonly clientId: string };
  /** Names of the accounts that subscribe. */
  readonly subscribers?: readonly string[];
}

const NAME = 'Lockstep';
const READER_NAME = 'Lockstep reader';

export const SPLIT_ADVICE =
  'Recommended: two registrations. One that writes needs Presence.ReadWrite.All alone; another that ' +
  'reads, named in teams.read, has Presence.Read.All and the permissions to look. Neither can then ' +
  'do the work of the other, and each has a certificate or federated credential of its own. With ' +
  'teams.read in the configuration this plan prints both manifests.';

/**
 * The body of `POST /applications`, which the manifest editor of the Entra admin centre shows too.
 * https://learn.microsoft.com/en-us/graph/api/application-post-applications
 */
export function appManifest(
  { cloud }: TeamsSetupFacts,
  duty: Registration['duty'],
  withOptional: boolean,
): object {
  const asked = needs(duty, withOptional);
  return {
    displayName: duty === 'read' ? READER_NAME : NAME,
    signInAudience: 'AzureADMyOrg',
    requiredResourceAccess: [requiredResourceAccess(asked)],
    web: { redirectUris: [afterConsent(cloud)] },
  };
}

/** Where an administrator grants what a manifest asks for; a blank page follows. */
export function consentUrl({ cloud, tenantId }: TeamsSetupFacts, clientId?: string): string {
  const url = new URL(`${cloud.login}/${tenantId ?? 'TENANT_ID'}/adminconsent`);
  url.searchParams.set('client_id', clientId ?? 'CLIENT_ID');
  url.searchParams.set('redirect_uri', afterConsent(cloud));
  return url.href;
}

/** Microsoft's own blank page for applications without a web page. */
function afterConsent({ login }: TeamsSetupFacts['cloud']): string {
  return `${login}/common/oauth2/nativeclient`;
}

export function teamsSteps(facts: TeamsSetupFacts): readonly SetupStep[] {
  const { read } = facts;
  return [
    ...registrationSteps(facts),
    ...(read === undefined ? [] : readerSteps(facts, read.clientId)),
    ...subscriberSteps(facts.subscribers ?? []),
    {
      where: 'Microsoft 365 admin centre, Users',
      todo: 'See that every agent has a licence with Teams and an ordinary account.',
      proof: 'teams.licence',
      link: PAGES.licences,
    },
    {
      where: 'Teams PowerShell',
      todo: 'See with Get-CsCallQueue that no agent serves a queue with PresenceBasedRouting: our Busy would take them out of it.',
      proof: 'teams.policies',
      link: PAGES.callQueues,
    },
  ];
}

function registrationSteps(facts: TeamsSetupFacts): readonly SetupStep[] {
  const { cloud, clientId } = facts;
  return [
    {
      where: 'Firewall',
      todo: `Let this machine connect to ${hostOf(cloud.login)} and ${hostOf(cloud.graph)}, port 443.`,
      proof: 'teams.token',
    },
    {
      where: 'Entra admin centre, App registrations',
      todo: `Register an application named ${NAME} for this directory only, then paste the manifest below into its manifest editor, or send it to POST ${cloud.graph}/v1.0/applications.`,
      proof: 'teams.roles',
      link: PAGES.permissions,
    },
    {
      where: 'lockstep.yaml',
      todo: 'Copy the Directory (tenant) ID and the Application (client) ID into teams.tenantId and teams.clientId.',
      proof: 'teams.token',
    },
    {
      where: 'This machine, then Certificates & secrets of the registration',
      todo: 'Make a certificate, upload its public part and name both files in teams.credential; or trust the issuer of this workload under Federated credentials and name its token file. A client secret is the last choice.',
      proof: 'teams.credential',
      link: PAGES.credentials,
    },
    {
      where: 'A browser, signed in as an administrator',
      todo: `Grant consent: ${consentUrl(facts, clientId)}`,
      proof: 'teams.consent',
      link: PAGES.consent,
    },
  ];
}

/** Only where notifications are set up. */
function subscriberSteps(names: readonly string[]): readonly SetupStep[] {
  if (names.length === 0) return [];
  return [
    {
      where: 'Entra admin centre, the registration that reads',
      todo: 'Add the delegated permission Presence.Read.All and grant consent; allow public client flows only if your tenant asks for it. Leave assignment required switched off.',
      proof: 'teams.subscriber',
      link: PAGES.notifications,
    },
    {
      where: 'This machine',
      todo: `Sign each account in that subscribes: ${names.map((name) => `lockstep subscriber ${name}`).join('; ')}.`,
      proof: 'teams.subscriber',
      link: PAGES.notifications,
    },
    {
      where: 'Proxy or gateway that faces the internet',
      todo: 'Let it take https under teams.push.url and hand every path on to inbound.port; nothing else of Lockstep belongs there.',
      proof: 'teams.subscriber',
    },
  ];
}

/** The same for the registration that reads. */
function readerSteps(facts: TeamsSetupFacts, clientId: string): readonly SetupStep[] {
  return [
    {
      where: 'Entra admin centre, App registrations',
      todo: `Register another application named ${READER_NAME} with the manifest of the one that reads, and copy its Application (client) ID into teams.read.clientId.`,
      proof: 'teams.read_roles',
      link: PAGES.permissions,
    },
    {
      where: 'Certificates & secrets of that registration',
      todo: 'Give it a credential of its own and name it in teams.read.credential.',
      proof: 'teams.read_credential',
      link: PAGES.credentials,
    },
    {
      where: 'A browser, signed in as an administrator',
      todo: `Grant consent to it too: ${consentUrl(facts, clientId)}`,
      proof: 'teams.read_consent',
      link: PAGES.consent,
    },
  ];
}

function hostOf(base: string): string {
  return new URL(base).host;
}
