/** The doctor's checks that need no request. Pure. */
import { ConnectorError, type Check } from '../connector.ts';
import { CLOUDS } from './clouds.ts';
import { CERTIFICATE_FIX } from './expiry.ts';
import { readAssertion } from './federated.ts';
import { idOf, titleOf } from './doctor-parts.ts';
import { PAGES } from './manifest.ts';
import type { FederatedCredential, ReadyCredential, TeamsSetup } from './options.ts';
import { needs } from './permissions.ts';
import { registrationsOf, type Registration } from './registrations.ts';
import { READ_ROLES, WRITE_ROLES, consentFix } from './write-outcome.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

export function cloudCheck(setup: TeamsSetup): Check {
  const cloud = CLOUDS[setup.cloud];
  const head = { id: 'teams.cloud', title: 'Cloud of the tenant', link: PAGES.clouds };
  if (cloud.presence) return { ...head, status: 'pass', evidence: cloud.label };
  return {
    ...head,
    status: 'fail',
    evidence: `${cloud.label}: Graph has no presence there`,
    fix: 'There is no way to read or write Teams presence in this cloud.',
  };
}

/** `now` is epoch ms. */
export function credentialChecks(setup: TeamsSetup, now: number): readonly Check[] {
  return registrationsOf(setup).flatMap(({ duty, credentials }) =>
    credentials.map((credential, index) => ({
      id: idOf(index === 0 ? 'credential' : 'next_credential', duty),
      title: titleOf(index === 0 ? 'Credential' : 'Next credential', duty),
      link: PAGES.credentials,
      ...judgeCredential(credential, now),
    })),
  );
}

function judgeCredential(
  credential: ReadyCredential,
  now: number,
): Pick<Check, 'status' | 'evidence'> & { readonly fix?: string } {
  if (credential.kind === 'secret') {
    return {
      status: 'unknown',
      evidence:
        'a client secret, whose end the service does not tell; a certificate or federated credential is safer',
      fix: 'Note the end of the secret in a calendar, or change to a certificate or a federated credential.',
    };
  }
  if (credential.kind === 'assertion') return judgeAssertion(credential, now);
  const { certificate } = credential;
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  const fix = CERTIFICATE_FIX;
  if (days < 0) return { status: 'fail', evidence: `expired ${-days} days ago`, fix };
  if (Date.parse(certificate.validFrom) > now) {
    const clock = 'Check the clock of this machine and the beginning of the certificate.';
    return { status: 'fail', evidence: 'the certificate is not valid yet', fix: clock };
  }
  const evidence = `a certificate, valid for ${days} more days`;
  return days < WARN_DAYS ? { status: 'warn', evidence, fix } : { status: 'pass', evidence };
}

/** The platform renews it by itself, so a short rest is no warning. */
function judgeAssertion(
  credential: FederatedCredential,
  now: number,
): Pick<Check, 'status' | 'evidence'> & { readonly fix?: string } {
  try {
    const minutes = Math.floor((readAssertion(credential, now).endsAt - now) / 60_000);
    const evidence = `a federated credential, whose token in ${credential.file} is valid for ${minutes} more minutes`;
    return { status: 'pass', evidence };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { status: 'fail', evidence: error.message, fix: error.fix };
  }
}

/** `roles` of the token, where it tells. */
export function rolesCheck(
  roles: readonly string[] | undefined,
  duty: Registration['duty'],
): Check {
  const head = {
    id: idOf('roles', duty),
    title: titleOf('Permissions of the application', duty),
    link: PAGES.permissions,
  };
  if (roles === undefined) {
    const fix = 'Compare the granted permissions in the Entra admin centre with the manifest.';
    return { ...head, status: 'unknown', evidence: 'the token does not tell', fix };
  }
  const evidence = roles.length === 0 ? 'none' : roles.slice(0, 20).join(', ');
  const lacks = (needed: readonly string[]): boolean => !needed.some((one) => roles.includes(one));
  if (duty !== 'write' && lacks(READ_ROLES)) {
    return { ...head, status: 'fail', evidence, fix: consentFix(READ_ROLES.slice(0, 1)) };
  }
  if (duty !== 'read' && lacks(WRITE_ROLES)) {
    return { ...head, status: 'fail', evidence, fix: consentFix(WRITE_ROLES) };
  }
  return { ...head, status: 'pass', evidence };
}

/** Whether a registration that has one duty may do more; one that has both is not asked. */
export function privilegeCheck(
  roles: readonly string[] | undefined,
  duty: Registration['duty'],
): readonly Check[] {
  if (duty === 'both' || roles === undefined) return [];
  const head = {
    id: idOf('privilege', duty),
    title: titleOf('No more permissions than needed', duty),
    link: PAGES.permissions,
  };
  const wanted = new Set(needs(duty, true).map(({ name }) => name));
  const excess = roles.filter((role) => !wanted.has(role));
  if (excess.length === 0) {
    return [{ ...head, status: 'pass', evidence: 'none beyond what it is for' }];
  }
  const named = excess.slice(0, 20).join(', ');
  const job = duty === 'read' ? 'reading' : 'writing presence';
  return [
    {
      ...head,
      status: 'warn',
      evidence: `${named}: more than ${job} needs`,
      fix: 'In the Entra admin centre take these away from this registration: API permissions, Remove permission and Revoke admin consent.',
    },
  ];
}

/** What Graph does not tell: settings of Teams that change what our writes do. */
export function policyCheck(): Check {
  return {
    id: 'teams.policies',
    title: 'Teams policies that meet our writes',
    status: 'unknown',
    evidence:
      'Graph does not show them: call queues with presence-based routing skip whoever we show as ' +
      'busy, and busy-on-busy does not count our In a call as a call',
    fix: 'Run Get-CsCallQueue and see that no agent of Five9 serves a queue whose PresenceBasedRouting is on.',
    link: PAGES.callQueues,
  };
}

export function quotaCheck(setup: TeamsSetup): Check {
  const { quota } = setup;
  const reads = Math.round(setup.cadence.quotaShare * 100);
  return {
    id: 'teams.quota',
    title: 'Request quota',
    status: 'pass',
    evidence:
      `planned for ${quota.requests} requests in ${quota.windowMs / 1_000} s, ` +
      `at most ${reads} % of them for the sweep; one page of the vendor states 10,000`,
    link: PAGES.throttling,
  };
}
