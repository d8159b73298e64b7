/**
 * The examination of a Five9 connection: everything that must be in place, with the fix in words.
 * It reads; it writes only to the probe account, and only what already stands there.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import { readWith } from '../../lib/read-with.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Check } from '../connector.ts';
import type { Assembly } from './assembly.ts';
import { editionCheck, gracefulCheck } from './doctor-domain.ts';
import { probeWrite } from './doctor-write.ts';
import { READ_LOGIN_STATE } from './login-state.ts';
import { PYTHON_PACK, STARTER_KIT } from './manifest.ts';
import { SUPERVISOR } from './transport.ts';
import { listSchema, visibleAgentSchema, type User } from './wire.ts';

const NEEDED = ['CAN_RUN_SUPERVISOR', 'CAN_RUN_WEB_AGENT', 'CAN_VIEW_AGENTS_DATA'] as const;
const EDIT_SKILLS = 'CAN_EDIT_AGENT_SKILLS';
/** How long the examination waits for a feed that is on its way. */
const LIVE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

export async function examine(
  assembly: Assembly,
  clock: Clock,
  probeAccount: AccountId | undefined,
): Promise<readonly Check[]> {
  await waitForLife(assembly, clock);
  const login = loginCheck(assembly);
  if (login.status !== 'pass') return [login];
  const users = await assembly.client.users().catch(() => undefined);
  return [
    login,
    await stateCheck(assembly),
    await editionCheck(assembly),
    feedCheck(assembly),
    gracefulCheck(assembly),
    socketsCheck(assembly, clock),
    permissionCheck(assembly, users),
    await visibilityCheck(assembly, users),
    await reasonCodeCheck(assembly),
    await probeWrite(assembly, clock, probeAccount),
  ];
}

export async function waitForLife({ watcher, outlet }: Assembly, clock: Clock): Promise<void> {
  const end = clock.monotonic() + LIVE_WITHIN_MS;
  while (!watcher.isLive() && clock.monotonic() < end) {
    if (outlet.lastHealth()?.state === 'auth_blocked') return;
    await pause(clock, LOOK_EVERY_MS);
  }
}

function loginCheck({ session, outlet, settings }: Assembly): Check {
  const base = { id: 'five9.login', title: 'Sign-in', link: PYTHON_PACK };
  const login = session.current();
  const health = outlet.lastHealth();
  if (login !== undefined && health?.state !== 'auth_blocked') {
    const evidence = `Signed in at ${login.origin}, organisation ${login.orgId}, authorised by ${login.variant}.`;
    return { ...base, status: 'pass', evidence };
  }
  return {
    ...base,
    status: 'fail',
    evidence: health?.detail ?? `No session at ${new URL(settings.loginUrl).origin}.`,
    fix: health?.action ?? 'Check that the sign-in host is reachable on port 443, then try again.',
  };
}

async function stateCheck({ rest }: Assembly): Promise<Check> {
  const base = { id: 'five9.login_state', title: 'Login state', link: STARTER_KIT };
  const state = await rest.read('read the login state', READ_LOGIN_STATE).catch(() => undefined);
  if (state === 'WORKING') return { ...base, status: 'pass', evidence: 'Five9 says WORKING.' };
  const said = typeof state === 'string' ? state.replace(/\W/g, '?').slice(0, 40) : 'nothing';
  return {
    ...base,
    status: 'fail',
    evidence: `Five9 says ${said}; WORKING is needed.`,
    fix: 'Sign in to Five9 as the bridge account and finish what it asks for.',
  };
}

function feedCheck({ watcher, intake, outlet }: Assembly): Check {
  const base = { id: 'five9.feed', title: 'Supervisor feed', link: STARTER_KIT };
  if (watcher.isLive()) {
    return { ...base, status: 'pass', evidence: `Live, ${intake.agents()} agents read.` };
  }
  return {
    ...base,
    status: 'fail',
    evidence: outlet.lastHealth()?.detail ?? 'Not connected.',
    fix: 'Let WebSocket connections to the data-centre hosts through the firewall and any proxy.',
  };
}

function socketsCheck({ crowding }: Assembly, clock: Clock): Check {
  const base = { id: 'five9.sockets', title: 'Sockets of the bridge account', link: STARTER_KIT };
  const taken = crowding.recent(clock.monotonic());
  if (taken === 0) {
    return { ...base, status: 'pass', evidence: 'None of ours was closed in favour of another.' };
  }
  return {
    ...base,
    status: 'warn',
    evidence: `Five9 closed ours ${taken} times in ten minutes although the session went on: more than three seem to be in use.`,
    fix: 'End the other programs that are connected as the bridge account; a fourth socket closes the oldest.',
  };
}

function permissionCheck(
  { session, settings }: Assembly,
  users: readonly User[] | undefined,
): Check {
  const base = { id: 'five9.permissions', title: 'Permissions of the bridge account' };
  const needed = settings.writes === 'skills' ? [...NEEDED, EDIT_SKILLS] : NEEDED;
  const own = users?.find((user) => user.id === session.current()?.userId);
  if (own?.permissions === undefined || own.permissions.length === 0) {
    return {
      ...base,
      status: 'unknown',
      evidence: 'The list of users does not show the permissions of the bridge account.',
      fix: `See in the Five9 administrator that it has ${needed.join(', ')}.`,
    };
  }
  const missing = needed.filter((name) => own.permissions?.includes(name) !== true);
  if (missing.length === 0) {
    return { ...base, status: 'pass', evidence: `It has ${needed.join(', ')}.` };
  }
  return {
    ...base,
    status: 'fail',
    evidence: `It lacks ${missing.join(', ')}.`,
    fix: 'Grant these permissions to the bridge account in the Five9 administrator.',
  };
}

async function visibilityCheck(
  { rest }: Assembly,
  users: readonly User[] | undefined,
): Promise<Check> {
  const base = { id: 'five9.visibility', title: 'Agents that can be seen' };
  const fix =
    'Give the bridge account the supervisor permission to view data of all agent groups, or add it to every group.';
  const agents = users?.filter((user) => user.roles.includes('Agent')).length ?? 0;
  const list = await rest
    .read('list the agents', { method: 'GET', path: `${SUPERVISOR}/agents` })
    .then((json) => readWith(listSchema, json))
    .catch(() => undefined);
  if (list === undefined || agents === 0) {
    const evidence = 'Five9 did not say which agents the bridge account may see.';
    return { ...base, status: 'unknown', evidence, fix };
  }
  const seen = list.filter((value) => readWith(visibleAgentSchema, value) !== undefined).length;
  const evidence = `${seen} of ${agents} agents.`;
  if (seen >= agents) return { ...base, status: 'pass', evidence };
  return { ...base, status: seen === 0 ? 'fail' : 'warn', evidence, fix };
}

async function reasonCodeCheck({ client, settings }: Assembly): Promise<Check> {
  const base = { id: 'five9.reason_codes', title: 'Reserved Not Ready reason codes' };
  const reserved = settings.reservedReasonCodes;
  if (reserved.length === 0) {
    return {
      ...base,
      status: 'warn',
      evidence: 'No reason code is reserved for Lockstep.',
      fix: 'Create a Not Ready reason code that agents never choose and enter it in the configuration.',
    };
  }
  const codes = await client.reasonCodes().catch(() => undefined);
  if (codes === undefined) {
    const evidence = 'The list of reason codes cannot be read.';
    const fix = 'Switch Not Ready reason codes on for the domain and check the supervisor role.';
    return { ...base, status: 'fail', evidence, fix };
  }
  const unusable = reserved.filter(
    (code) => codes.find((known) => known.code === code)?.selectable !== true,
  );
  if (unusable.length === 0) {
    return {
      ...base,
      status: 'pass',
      evidence: `All there and selectable: ${reserved.join(', ')}.`,
    };
  }
  return {
    ...base,
    status: 'fail',
    evidence: `Not there or not selectable: ${unusable.join(', ')}.`,
    fix: 'Create these codes in the Five9 administrator or make them selectable, or correct the configuration.',
  };
}
