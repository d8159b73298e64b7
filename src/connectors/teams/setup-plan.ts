/** What an administrator of the Microsoft tenant has to do, and the exact texts for it. Pure. */
import type { SetupStep } from '../connector.ts';
import type { Cloud } from './clouds.ts';
import { PAGES } from './manifest.ts';
import { PERMISSIONS, requiredResourceAccess } from './permissions.ts';

export interface TeamsSetupFacts {
  readonly cloud: Pick<Cloud, 'login' | 'graph'>;
  /** Absent until the application is registered. */
  readonly tenantId?: string;
  readonly clientId?: string;
}

const NAME = 'Lockstep';

/**
 * The body of `POST /applications`, which the manifest editor of the Entra admin centre shows too.
 * https://learn.microsoft.com/en-us/graph/api/application-post-applications
 */
export function appManifest({ cloud }: TeamsSetupFacts, withOptional: boolean): object {
  const asked = PERMISSIONS.filter(({ optional }) => withOptional || !optional);
  return {
    displayName: NAME,
    signInAudience: 'AzureADMyOrg',
    requiredResourceAccess: [requiredResourceAccess(asked)],
    web: { redirectUris: [afterConsent(cloud)] },
  };
}

/** Where an administrator grants what the manifest asks for; a blank page follows. */
export function consentUrl({ cloud, tenantId, clientId }: TeamsSetupFacts): string {
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
  const { cloud } = facts;
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
      todo: 'Make a certificate, upload its public part and name both files in teams.credential.',
      proof: 'teams.credential',
      link: PAGES.credentials,
    },
    {
      where: 'A browser, signed in as an administrator',
      todo: `Grant consent: ${consentUrl(facts)}`,
      proof: 'teams.consent',
      link: PAGES.consent,
    },
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

function hostOf(base: string): string {
  return new URL(base).host;
}
