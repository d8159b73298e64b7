/**
 * The doctor's look into the tenant: what was consented to, and who of the mapped people can have
 * a presence at all. Each check needs a read permission that Lockstep works without; where it is
 * not granted, the check says so and where to look instead. Nothing is written.
 */
import type { Check } from '../connector.ts';
import { parseAccountType, parseTeamsLicence } from './directory-wire.ts';
import { registrationChecks } from './doctor-consent.ts';
import { unseen } from './doctor-parts.ts';
import { PAGES } from './manifest.ts';
import { surveyed, type Done, type Person, type Survey, type TenantParts } from './survey.ts';

const NAMED_MAX = 3;

export async function tenantChecks(parts: TenantParts): Promise<readonly Check[]> {
  return [...(await registrationChecks(parts)), ...(await peopleChecks(parts))];
}

async function peopleChecks(parts: TenantParts): Promise<readonly Check[]> {
  return [
    await licenceCheck(parts),
    ...(await accountTypeChecks(parts)),
    await mailboxCheck(parts),
  ];
}

async function licenceCheck(parts: TenantParts): Promise<Check> {
  const base = { id: 'teams.licence', title: 'Teams licences', link: PAGES.licences };
  const where = 'see Microsoft 365 admin centre, Users, Active users, Licences and apps';
  const survey = await surveyed(parts, (id) => `/users/${id}/licenseDetails`, parseTeamsLicence);
  if (survey.kind !== 'done') return notSurveyed(base, survey, 'User.Read.All', where);
  const without = survey.people.filter(({ seen }) => seen.kind === 'found' && !seen.value);
  return judged(base, survey, {
    bad: [...without, ...survey.people.filter(({ seen }) => seen.kind === 'absent')],
    words: 'without a Teams licence, or gone',
    fix: 'Give these a licence with Teams, or take them out of the mapping',
  });
}

async function accountTypeChecks(parts: TenantParts): Promise<readonly Check[]> {
  const base = {
    id: 'teams.account_type',
    title: 'Kinds of Teams account',
    link: PAGES.accountType,
  };
  const mode = { id: 'teams.coexistence', title: 'Coexistence mode', link: PAGES.coexistence };
  const where = 'run Get-CsOnlineUser <user> and look at AccountType';
  const modeWhere =
    'run Get-CsOnlineUser <user> and see that TeamsUpgradeEffectiveMode is TeamsOnly';
  const survey = await surveyed(
    parts,
    (id) => `/admin/teams/userConfigurations/${id}`,
    parseAccountType,
  );
  if (survey.kind !== 'done') {
    const name = 'TeamsUserConfiguration.Read.All';
    return [notSurveyed(base, survey, name, where), notSurveyed(mode, survey, name, modeWhere)];
  }
  const kindOf = ({ seen }: Person<string>): string =>
    seen.kind === 'found' ? seen.value : 'none';
  const onPremises = survey.people.filter((person) => kindOf(person) === 'sfbOnPremUser');
  return [
    judged(base, survey, {
      bad: survey.people.filter((person) => !['user', 'sfbOnPremUser'].includes(kindOf(person))),
      words: 'of another kind than user',
      fix: 'Map people with an ordinary Teams account instead of guests and resource accounts',
    }),
    judged(mode, survey, {
      bad: onPremises,
      words: 'still homed on Skype for Business, whose presence may be the one that is shown',
      fix: `Move these to Teams Only; to check, ${modeWhere}`,
    }),
  ];
}

async function mailboxCheck(parts: TenantParts): Promise<Check> {
  const base = { id: 'teams.mailbox', title: 'Mailboxes', link: PAGES.mailbox };
  const where = 'see Exchange admin centre, Recipients, Mailboxes';
  const survey = await surveyed(
    parts,
    (id) => `/users/${id}/mailboxSettings`,
    () => true,
  );
  if (survey.kind !== 'done') return notSurveyed(base, survey, 'MailboxSettings.Read', where);
  return judged(base, survey, {
    bad: survey.people.filter(({ seen }) => seen.kind === 'absent'),
    words: 'without a mailbox in the cloud, so that Teams shows no meetings for them',
    fix: 'Give these an Exchange Online mailbox, or do without meetings',
  });
}

type Base = Pick<Check, 'id' | 'title' | 'link'>;

interface Verdict<T> {
  readonly bad: readonly Person<T>[];
  readonly words: string;
  readonly fix: string;
}

function judged<T>(base: Base, survey: Done<T>, { bad, words, fix }: Verdict<T>): Check {
  const { people, total } = survey;
  const failed = people.filter(({ seen }) => seen.kind === 'failed' || seen.kind === 'denied');
  const asked =
    people.length === total ? `${total} asked for` : `${people.length} of ${total} asked for`;
  const doubt = failed.length === 0 ? '' : `, ${failed.length} not answered`;
  if (bad.length === 0) {
    const evidence = `${asked}${doubt}, none ${words}`;
    if (failed.length === 0) return { ...base, status: 'pass', evidence };
    return { ...base, status: 'unknown', evidence, fix: 'Run the checks again in some minutes.' };
  }
  const named = bad.slice(0, NAMED_MAX).map(({ account }) => account);
  const evidence = `${asked}${doubt}, ${bad.length} ${words}`;
  const rest = bad.length > named.length ? ' and the others' : '';
  return { ...base, status: 'warn', evidence, fix: `${fix}: ${named.join(', ')}${rest}.` };
}

function notSurveyed<T>(
  base: Base,
  survey: Exclude<Survey<T>, Done<T>>,
  permission: string,
  where: string,
): Check {
  if (survey.kind !== 'nobody') return unseen(base, survey, permission, where);
  const fix = 'Map at least one person, then run the checks again.';
  return { ...base, status: 'skipped', evidence: 'nobody is mapped', fix };
}
