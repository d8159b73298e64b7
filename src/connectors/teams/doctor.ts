/**
 * Checks of everything that has to be in place between this machine and Teams, each with the fix
 * in words and the vendor's own page. Writes only for a probe account, and takes it back.
 */
import type { AccountId } from '../../model/ids.ts';
import { ConnectorError, type Check } from '../connector.ts';
import type { DoctorParts, Rest } from './doctor-parts.ts';
import { readEverybody } from './doctor-read.ts';
import {
  cloudCheck,
  credentialChecks,
  policyCheck,
  quotaCheck,
  rolesCheck,
} from './doctor-setup.ts';
import { tenantChecks } from './doctor-tenant.ts';
import { writeProbe } from './doctor-write.ts';
import { PAGES } from './manifest.ts';
import type { TeamsSetup } from './options.ts';
import type { AccessToken } from './token.ts';

export async function examine(parts: DoctorParts, probe?: AccountId): Promise<readonly Check[]> {
  const { setup, seams } = parts;
  const before = [cloudCheck(setup), ...credentialChecks(setup, seams.clock.now())];
  const token = await parts.tokens.get().catch((error: unknown) => error);
  if (!isToken(token)) {
    return [...before, tokenFailed(token), ...afterToken(), quotaCheck(setup)];
  }
  const read = await readEverybody(parts, token);
  return [
    ...before,
    tokenCheck(setup, token, seams.clock.monotonic()),
    rolesCheck(token.roles),
    check('read', read.whole),
    check('outranked', read.outranked),
    check('write', await writeProbe(parts, token, probe)),
    check('directory', await directoryProbe(parts)),
    ...(await tenantChecks({
      client: parts.client,
      timeoutMs: setup.readTimeoutMs,
      clientId: setup.clientId,
      accounts: [...new Set([...read.doubtful, ...parts.accounts])],
    })),
    policyCheck(),
    quotaCheck(setup),
  ];
}

const TITLES = {
  token: 'Sign-in to Microsoft Entra',
  roles: 'Permissions of the application',
  read: 'Reading presence',
  outranked: 'Statuses that would hide ours',
  write: 'Writing presence',
  directory: 'Listing people',
} as const;

function check(name: keyof typeof TITLES, rest: Rest): Check {
  return { id: `teams.${name}`, title: TITLES[name], ...rest };
}

function isToken(value: unknown): value is AccessToken {
  return typeof value === 'object' && value !== null && 'renewAt' in value;
}

function tokenFailed(error: unknown): Check {
  const known = error instanceof ConnectorError;
  return check('token', {
    status: 'fail',
    evidence: known ? `${error.code}: ${error.message}` : 'unexpected error',
    fix: known ? error.fix : 'Try again; if it lasts, report it with the log.',
    link: PAGES.token,
  });
}

function afterToken(): readonly Check[] {
  return (['roles', 'read', 'write', 'directory'] as const).map((name) =>
    check(name, {
      status: 'skipped',
      evidence: 'there is no token',
      fix: 'Mend the sign-in first, then run the checks again.',
    }),
  );
}

function tokenCheck(setup: TeamsSetup, token: AccessToken, now: number): Check {
  const minutes = Math.round((token.expiresAt - now) / 60_000);
  const isId = /^[0-9a-f]{8}-/i.test(setup.tenantId);
  if (isId && token.tenant !== undefined && !sameText(token.tenant, setup.tenantId)) {
    return check('token', {
      status: 'fail',
      evidence: `the token is for tenant ${token.tenant}`,
      fix: 'Check tenantId: the sign-in leads to another tenant.',
      link: PAGES.token,
    });
  }
  const evidence = `a token for ${minutes} minutes`;
  return check('token', { status: 'pass', evidence, link: PAGES.token });
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

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
