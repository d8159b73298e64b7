/**
 * Checks of everything that has to be in place between this machine and Teams, each with the fix
 * in words and the vendor's own page. Writes only for a probe account, and takes it back.
 */
import { pause } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import { ConnectorError, type Check, type Seams } from '../connector.ts';
import type { GraphClient } from './client.ts';
import { cloudCheck, credentialChecks, quotaCheck, rolesCheck } from './doctor-setup.ts';
import { PAGES } from './manifest.ts';
import type { TeamsSetup } from './options.ts';
import { readPresence } from './read.ts';
import { readPresences } from './reader.ts';
import type { AccessToken, Tokens } from './token.ts';
import { isObjectId } from './write.ts';
import { outcomeOfWrite } from './write-outcome.ts';

export interface DoctorParts {
  readonly setup: TeamsSetup;
  readonly seams: Pick<Seams, 'clock'>;
  /** Not the one in use: its token may be older than the fault. */
  readonly tokens: Tokens;
  readonly client: GraphClient;
  readonly accounts: readonly AccountId[];
  /** Counts a request against the quota. */
  readonly spend: () => void;
}

const READS_MAX = 20;
const PROBE = { availability: 'Busy', activity: 'InACall', expirationDuration: 'PT5M' } as const;
const ECHO_READS = 8;
const ECHO_PAUSE_MS = 1_500;

type Rest = Omit<Check, 'id' | 'title'>;

export async function examine(parts: DoctorParts, probe?: AccountId): Promise<readonly Check[]> {
  const { setup, seams } = parts;
  const before = [cloudCheck(setup), ...credentialChecks(setup, seams.clock.now())];
  const token = await parts.tokens.get().catch((error: unknown) => error);
  if (!isToken(token)) {
    return [...before, tokenFailed(token), ...afterToken(), quotaCheck(setup)];
  }
  return [
    ...before,
    tokenCheck(setup, token, seams.clock.monotonic()),
    rolesCheck(token.roles),
    check('read', await readProbe(parts, token)),
    check('write', await writeProbe(parts, token, probe)),
    check('directory', await directoryProbe(parts)),
    quotaCheck(setup),
  ];
}

const TITLES = {
  token: 'Sign-in to Microsoft Entra',
  roles: 'Permissions of the application',
  read: 'Reading presence',
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

async function readProbe(parts: DoctorParts, token: AccessToken): Promise<Rest> {
  const link = PAGES.read;
  const accounts = parts.accounts.slice(0, READS_MAX * parts.setup.cadence.batch);
  if (accounts.length === 0) {
    const fix = 'Map at least one person, then run the checks again.';
    return { status: 'skipped', evidence: 'nobody is mapped', fix, link };
  }
  const returned = new Set<string>();
  const unknown = new Set<string>();
  for (let i = 0; i < accounts.length; i += parts.setup.cadence.batch) {
    const result = await probeRead(parts, token, accounts.slice(i, i + parts.setup.cadence.batch));
    if (result.kind !== 'answered') {
      const detail = 'detail' in result ? result.detail : result.kind;
      const fix = 'action' in result ? result.action : 'Try again; compare the permissions above.';
      return { status: 'fail', evidence: `the read failed: ${detail}`, fix, link };
    }
    for (const wire of result.presences) {
      returned.add(wire.id.toLowerCase());
      if (readPresence(wire).presence.reach === 'unknown') unknown.add(wire.id.toLowerCase());
    }
  }
  const missing = accounts.filter((account) => !returned.has(account.toLowerCase()));
  const evidence =
    `${accounts.length} asked for, ${missing.length} not returned, ` +
    `${unknown.size} shown as unknown`;
  if (missing.length === 0 && unknown.size === 0) return { status: 'pass', evidence, link };
  const some = [...missing, ...unknown].slice(0, 3).join(', ');
  const fix = `Check that these have a Teams licence and still exist: ${some}.`;
  return { status: 'warn', evidence, fix, link };
}

function probeRead(
  parts: DoctorParts,
  token: AccessToken,
  accounts: readonly AccountId[],
): ReturnType<typeof readPresences> {
  parts.spend();
  const { setup, seams, client } = parts;
  const granted = { ...rolesOf(token), worked: false };
  return readPresences(
    {
      client,
      timeoutMs: setup.readTimeoutMs,
      granted: () => granted,
      worked: () => {},
      now: () => seams.clock.now(),
    },
    accounts,
  );
}

async function writeProbe(
  parts: DoctorParts,
  token: AccessToken,
  account: AccountId | undefined,
): Promise<Rest> {
  const link = PAGES.setPresence;
  if (account === undefined || !isObjectId(account)) {
    const fix = 'Run the checks with a probe account: the object id of a consenting test user.';
    return { status: 'skipped', evidence: 'no usable probe account was named', fix, link };
  }
  const state = await shown(parts, token, account);
  if (state !== undefined && /call/i.test(state)) {
    const fix = 'Try again when the test user is not on a call.';
    return { status: 'skipped', evidence: 'the test user is on a call', fix, link };
  }
  const put = await act(parts, token, account, 'setPresence');
  if (put.kind !== 'accepted') {
    if (put.kind === 'ambiguous') await act(parts, token, account, 'clearPresence');
    const detail = 'detail' in put ? put.detail : put.kind;
    const fix = 'action' in put ? put.action : 'Check that the test user has a Teams licence.';
    return { status: 'fail', evidence: `setPresence: ${put.kind} (${detail})`, fix, link };
  }
  const seen = await echo(parts, token, account);
  const cleared = await act(parts, token, account, 'clearPresence');
  if (cleared.kind !== 'accepted') {
    const fix = 'Nothing to do: the test session ends by itself within five minutes.';
    return { status: 'warn', evidence: `clearPresence: ${cleared.kind}`, fix, link };
  }
  if (seen) return { status: 'pass', evidence: 'set, read back and cleared', link };
  const fix =
    'Let the test user choose Reset status in Teams: a status chosen by hand outranks ours. ' +
    'Otherwise run the checks once more, Graph may lag.';
  return { status: 'warn', evidence: 'accepted, but not seen when read back', fix, link };
}

async function echo(parts: DoctorParts, token: AccessToken, account: AccountId): Promise<boolean> {
  for (let i = 0; i < ECHO_READS; i += 1) {
    await pause(parts.seams.clock, ECHO_PAUSE_MS);
    const state = await shown(parts, token, account);
    if (state !== undefined && /^busy\/(inacall|busy)$/i.test(state)) return true;
  }
  return false;
}

async function shown(
  parts: DoctorParts,
  token: AccessToken,
  account: AccountId,
): Promise<string | undefined> {
  const result = await probeRead(parts, token, [account]);
  const wire = result.kind === 'answered' ? result.presences.at(0) : undefined;
  return wire === undefined ? undefined : readPresence(wire).presence.raw;
}

async function act(
  parts: DoctorParts,
  token: AccessToken,
  account: AccountId,
  action: 'setPresence' | 'clearPresence',
): Promise<ReturnType<typeof outcomeOfWrite>> {
  const { setup, seams, client, spend } = parts;
  spend();
  const pair = action === 'setPresence' ? PROBE : {};
  try {
    const response = await client.call({
      method: 'POST',
      path: `/users/${account}/presence/${action}`,
      body: JSON.stringify({ sessionId: setup.clientId, ...pair }),
      timeoutMs: setup.writeTimeoutMs,
    });
    return outcomeOfWrite({
      response,
      alsoDone: action === 'clearPresence' ? [404] : [],
      granted: { ...rolesOf(token), worked: false },
      now: seams.clock.now(),
    });
  } catch {
    return { kind: 'ambiguous', detail: 'no answer' };
  }
}

function rolesOf(token: AccessToken): { readonly roles?: readonly string[] } {
  return token.roles === undefined ? {} : { roles: token.roles };
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
