/**
 * Checks of everything that has to be in place between this machine and Teams, each with the fix
 * in words and the vendor's own page. Writes only for a probe account, and takes it back.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Check } from '../connector.ts';
import type { DoctorParts, Rest } from './doctor-parts.ts';
import { subscriberChecks } from './doctor-push.ts';
import { readEverybody } from './doctor-read.ts';
import { cloudCheck, credentialChecks, policyCheck, quotaCheck } from './doctor-setup.ts';
import { NO_TOKEN, signIns } from './doctor-sign-in.ts';
import { tenantChecks } from './doctor-tenant.ts';
import { writeProbe } from './doctor-write.ts';
import { PAGES } from './manifest.ts';
import { registrationsOf } from './registrations.ts';

export async function examine(parts: DoctorParts, probe?: AccountId): Promise<readonly Check[]> {
  const { setup, seams } = parts;
  const { checks, tokens } = await signIns(parts);
  const before = [cloudCheck(setup), ...credentialChecks(setup, seams.clock.now()), ...checks];
  const { read: reader } = tokens;
  if (reader === undefined) return [...before, ...withoutReading(), quotaCheck(setup)];
  const read = await readEverybody(parts, reader);
  return [
    ...before,
    check('read', read.whole),
    check('outranked', read.outranked),
    check('write', await writeProbe(parts, tokens, probe)),
    check('directory', await directoryProbe(parts)),
    ...(await tenantChecks({
      client: parts.client,
      timeoutMs: setup.readTimeoutMs,
      registrations: registrationsOf(setup),
      accounts: [...new Set([...read.doubtful, ...parts.accounts])],
    })),
    ...(await subscriberChecks(parts.subscribers)),
    policyCheck(),
    quotaCheck(setup),
  ];
}

const TITLES = {
  read: 'Reading presence',
  outranked: 'Statuses that would hide ours',
  write: 'Writing presence',
  directory: 'Listing people',
} as const;

function check(name: keyof typeof TITLES, rest: Rest): Check {
  return { id: `teams.${name}`, title: TITLES[name], ...rest };
}

function withoutReading(): readonly Check[] {
  return (['read', 'write', 'directory'] as const).map((name) => check(name, NO_TOKEN));
}

async function directoryProbe(parts: DoctorParts): Promise<Rest> {
  const link = PAGES.users;
  const fix = 'Grant User.ReadBasic.All to list people, or upload the mapping: it is optional.';
  try {
    const answer = await parts.client.call({
      method: 'GET',
      path: '/users?$top=1&$select=id',
      timeoutMs: parts.setup.readTimeoutMs,
    });
    const evidence = `HTTP ${answer.status}`;
    if (answer.status !== 200) return { status: 'warn', evidence, fix, link };
    return { status: 'pass', evidence: 'people can be listed for matching', link };
  } catch {
    return { status: 'warn', evidence: 'no answer', fix, link };
  }
}
