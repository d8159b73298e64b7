/** The doctor's checks of the sign-in of each registration, and of what its token allows. */
import { ConnectorError, type Check } from '../connector.ts';
import { idOf, titleOf, type DoctorParts, type Rest } from './doctor-parts.ts';
import { privilegeCheck, rolesCheck } from './doctor-setup.ts';
import { PAGES } from './manifest.ts';
import type { TeamsSetup } from './options.ts';
import { registrationsOf, type Registration, type Side } from './registrations.ts';
import type { AccessToken } from './token.ts';

export interface SignIns {
  readonly checks: readonly Check[];
  /** The token of each side; absent where its registration got none. */
  readonly tokens: Readonly<Partial<Record<Side, AccessToken>>>;
}

export async function signIns(parts: DoctorParts): Promise<SignIns> {
  const { setup, seams } = parts;
  const signs: Check[] = [];
  const roles: Check[] = [];
  const tokens: Partial<Record<Side, AccessToken>> = {};
  for (const { duty } of registrationsOf(setup)) {
    const sides: readonly Side[] = duty === 'both' ? ['read', 'write'] : [duty];
    const [own = 'read'] = sides;
    const token = await parts.tokens[own].get().catch((error: unknown) => error);
    if (!isToken(token)) {
      signs.push(tokenFailed(duty, token));
      roles.push(skipped('roles', duty));
      continue;
    }
    for (const side of sides) tokens[side] = token;
    signs.push(tokenCheck(setup, duty, token, seams.clock.monotonic()));
    roles.push(rolesCheck(token.roles, duty), ...privilegeCheck(token.roles, duty));
  }
  return { checks: [...signs, ...roles], tokens };
}

const TITLES = {
  token: 'Sign-in to Microsoft Entra',
  roles: 'Permissions of the application',
} as const;

export const NO_TOKEN: Rest = {
  status: 'skipped',
  evidence: 'there is no token',
  fix: 'Mend the sign-in first, then run the checks again.',
};

type Duty = Registration['duty'];

function check(name: keyof typeof TITLES, duty: Duty, rest: Rest): Check {
  return { id: idOf(name, duty), title: titleOf(TITLES[name], duty), ...rest };
}

function skipped(name: keyof typeof TITLES, duty: Duty): Check {
  return check(name, duty, NO_TOKEN);
}

function isToken(value: unknown): value is AccessToken {
  return typeof value === 'object' && value !== null && 'renewAt' in value;
}

function tokenFailed(duty: Duty, error: unknown): Check {
  const known = error instanceof ConnectorError;
  return check('token', duty, {
    status: 'fail',
    evidence: known ? `${error.code}: ${error.message}` : 'unexpected error',
    fix: known ? error.fix : 'Try again; if it lasts, report it with the log.',
    link: PAGES.token,
  });
}

function tokenCheck(setup: TeamsSetup, duty: Duty, token: AccessToken, now: number): Check {
  const minutes = Math.round((token.expiresAt - now) / 60_000);
  const isId = /^[0-9a-f]{8}-/i.test(setup.tenantId);
  if (isId && token.tenant !== undefined && !sameText(token.tenant, setup.tenantId)) {
    return check('token', duty, {
      status: 'fail',
      evidence: `the token is for tenant ${token.tenant}`,
      fix: 'Check tenantId: the sign-in leads to another tenant.',
      link: PAGES.token,
    });
  }
  const evidence = `a token for ${minutes} minutes`;
  return check('token', duty, { status: 'pass', evidence, link: PAGES.token });
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
