/** The doctor's look at what the tenant has recorded about our registrations. Nothing is written. */
import type { Check } from '../connector.ts';
import { parseAssignments, parsePrincipals, type WirePrincipal } from './directory-wire.ts';
import { idOf, titleOf, unseen } from './doctor-parts.ts';
import { PAGES } from './manifest.ts';
import { PERMISSIONS, needs } from './permissions.ts';
import type { Registration } from './registrations.ts';
import { look, type Looked, type TenantParts } from './survey.ts';
import { consentFix } from './write-outcome.ts';

/** Of each registration the consent, of the one that reads whether it takes notifications. */
export async function registrationChecks(parts: TenantParts): Promise<readonly Check[]> {
  const checks: Check[] = [];
  let principal: Looked<WirePrincipal> = { kind: 'absent' };
  for (const registration of parts.registrations) {
    principal = await principalOf(parts, registration);
    checks.push(await consentCheck(parts, registration, principal));
  }
  return [...checks, assignmentCheck(principal)];
}

async function principalOf(
  parts: TenantParts,
  { clientId }: Registration,
): Promise<Looked<WirePrincipal>> {
  const filter = encodeURIComponent(`appId eq '${clientId}'`);
  const list = await look(parts, `/servicePrincipals?$filter=${filter}`, parsePrincipals);
  if (list.kind !== 'found') return list;
  const [first] = list.value;
  return first === undefined ? { kind: 'absent' } : { kind: 'found', value: first };
}

async function consentCheck(
  parts: TenantParts,
  { duty }: Registration,
  principal: Looked<WirePrincipal>,
): Promise<Check> {
  const base = {
    id: idOf('consent', duty),
    title: titleOf('Admin consent on record', duty),
    link: PAGES.consent,
  };
  const where = 'see Entra admin centre, Enterprise applications, the application, Permissions';
  if (principal.kind === 'absent') {
    const evidence = 'the tenant has no enterprise application for this client id';
    const fix = 'Grant admin consent: lockstep doctor --plan prints the address for it.';
    return { ...base, status: 'fail', evidence, fix };
  }
  if (principal.kind !== 'found') return unseen(base, principal, 'Application.Read.All', where);
  if (principal.value.accountEnabled === false) {
    const evidence = 'users and applications may not sign in to it: the application is disabled';
    const fix =
      'In Enterprise applications, Properties, set "Enabled for users to sign-in" to Yes.';
    return { ...base, status: 'fail', evidence, fix };
  }
  const path = `/servicePrincipals/${principal.value.id}/appRoleAssignments`;
  const granted = await look(parts, path, parseAssignments);
  if (granted.kind !== 'found') return unseen(base, granted, 'Application.Read.All', where);
  const names = PERMISSIONS.filter(({ id }) => granted.value.includes(id)).map(({ name }) => name);
  const evidence = names.length === 0 ? 'no permission that is known' : names.join(', ');
  const missing = needs(duty, false).filter(({ name }) => !names.includes(name));
  // It covers reading too.
  const isEnough = missing.length === 0 || names.includes('Presence.ReadWrite.All');
  if (isEnough) return { ...base, status: 'pass', evidence };
  return { ...base, status: 'fail', evidence, fix: consentFix(missing.map(({ name }) => name)) };
}

function assignmentCheck(principal: Looked<WirePrincipal>): Check {
  const base = {
    id: 'teams.assignment',
    title: 'Notifications with content can be checked',
    link: PAGES.richNotifications,
  };
  const fix =
    'In Enterprise applications, Properties, set "Assignment required?" to No before notifications are switched on.';
  if (principal.kind !== 'found' || principal.value.appRoleAssignmentRequired === undefined) {
    return { ...base, status: 'unknown', evidence: 'the application may not be looked at', fix };
  }
  return principal.value.appRoleAssignmentRequired
    ? { ...base, status: 'warn', evidence: 'user assignment is required', fix }
    : { ...base, status: 'pass', evidence: 'user assignment is not required' };
}
