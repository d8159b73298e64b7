/** What an administrator of the Five9 domain has to do. Pure. */
import type { SetupStep } from '../connector.ts';
import { manifest, STARTER_KIT } from './manifest.ts';

export interface Five9SetupFacts {
  readonly loginUrl: string;
  /** Hosts, or `*.` and a domain. */
  readonly allowedHosts: readonly string[];
  readonly username?: string;
  /** The New Platform, where it is a source; `isAlone`: without the supervisor's feed. */
  readonly cloud?: { readonly url: string; readonly eventsUrl?: string; readonly isAlone: boolean };
  /** What each reserved reason code is for, and the code where the configuration has one. */
  readonly reasonCodes: Readonly<Record<string, string | undefined>>;
}

export function five9Steps(facts: Five9SetupFacts): readonly SetupStep[] {
  const { cloud } = facts;
  if (cloud === undefined) return feedSteps(facts);
  return cloud.isAlone ? cloudSteps(cloud) : [...feedSteps(facts), ...cloudSteps(cloud)];
}

/** https://docs.acqueon.com/docs/api-access-control, https://docs.acqueon.com/v1/docs/configure-ess */
function cloudSteps({
  url,
  eventsUrl,
}: NonNullable<Five9SetupFacts['cloud']>): readonly SetupStep[] {
  const steps: SetupStep[] = [
    {
      where: 'Firewall',
      todo: `Let this machine connect to ${new URL(url).host}, port 443.`,
      proof: 'five9.cloud.token',
    },
    {
      where: 'Five9 Admin Console, API Access Control',
      todo: 'Make an application with a key of the family All APIs, and write its key and its secret, which is shown once, into five9.cloud.',
      proof: 'five9.cloud.token',
      link: 'https://docs.acqueon.com/docs/api-access-control',
    },
    {
      where: 'Agents',
      todo: 'See that the ids which the New Platform shows are those in the mapping.',
      proof: 'five9.cloud.ids',
    },
  ];
  if (eventsUrl === undefined) return steps;
  return [
    ...steps,
    {
      where: 'Five9 Admin Console, Event Subscription Service',
      todo: `Make a BASIC profile with five9.cloud.events.username and its password, and a subscription to AgentEvent with all its fields and events that posts to ${eventsUrl}; then start it.`,
      proof: 'five9.cloud.subscription',
      link: 'https://docs.acqueon.com/v1/docs/configure-ess',
    },
  ];
}

function feedSteps(facts: Five9SetupFacts): readonly SetupStep[] {
  const rights = manifest.scopes.map(({ name }) => name).join(', ');
  const user = facts.username ?? 'a user made for Lockstep';
  const open = Object.keys(facts.reasonCodes).filter((use) => facts.reasonCodes[use] === undefined);
  return [
    {
      where: 'Firewall',
      todo: `Let this machine connect to ${new URL(facts.loginUrl).host} and ${facts.allowedHosts.join(', ')}, port 443, HTTPS and WebSocket.`,
      proof: 'five9.feed',
    },
    {
      where: 'Five9 administrator, Users',
      todo: `Give ${user} a supervisor seat and: ${rights}. Nobody else may sign in with it.`,
      proof: 'five9.permissions',
      link: STARTER_KIT,
    },
    {
      where: 'Five9, signed in as that user',
      todo: 'Sign in once and accept what it asks for, then sign out.',
      proof: 'five9.login_state',
    },
    {
      where: 'Five9 administrator, Reason codes',
      todo:
        open.length === 0
          ? `See that ${codesOf(facts)} exist, are selectable for every agent and are chosen by nobody.`
          : `Switch Not Ready reason codes on, create one each for ${open.join(', ')} that agents never choose, and write their ids into sync.reasonCodes.`,
      proof: 'five9.reason_codes',
    },
    {
      where: 'Five9, signed in as a test agent',
      todo: 'Choose Not Ready with a reason, and run: lockstep doctor --probe-five9 <id of that agent>',
      proof: 'five9.write',
    },
  ];
}

function codesOf({ reasonCodes }: Five9SetupFacts): string {
  return Object.values(reasonCodes).join(', ');
}
