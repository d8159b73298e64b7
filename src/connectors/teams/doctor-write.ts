/** The doctor's write to a consenting test user: set, read back, and always taken away again. */
import { pause } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import { probeRead, rolesOf, type DoctorParts, type Rest } from './doctor-parts.ts';
import { NO_TOKEN, type SignIns } from './doctor-sign-in.ts';
import { PAGES } from './manifest.ts';
import { readPresence } from './read.ts';
import type { AccessToken } from './token.ts';
import { isObjectId } from './write.ts';
import { outcomeOfWrite } from './write-outcome.ts';

const PROBE = { availability: 'Busy', activity: 'InACall', expirationDuration: 'PT5M' } as const;
const ECHO_READS = 8;
const ECHO_PAUSE_MS = 1_500;

export async function writeProbe(
  parts: DoctorParts,
  { read, write }: SignIns['tokens'],
  account: AccountId | undefined,
): Promise<Rest> {
  if (read === undefined || write === undefined) return NO_TOKEN;
  if (account === undefined || !isObjectId(account)) {
    const fix = 'Run the checks with a probe account: the object id of a consenting test user.';
    const evidence = 'no usable probe account was named';
    return { status: 'skipped', evidence, fix, link: PAGES.setPresence };
  }
  return setAndClear(parts, { read, write }, account);
}

async function setAndClear(
  parts: DoctorParts,
  { read, write }: Required<SignIns['tokens']>,
  account: AccountId,
): Promise<Rest> {
  const link = PAGES.setPresence;
  const state = await shown(parts, read, account);
  if (state !== undefined && /call/i.test(state)) {
    const fix = 'Try again when the test user is not on a call.';
    return { status: 'skipped', evidence: 'the test user is on a call', fix, link };
  }
  const put = await act(parts, write, account, 'setPresence');
  if (put.kind !== 'accepted') {
    if (put.kind === 'ambiguous') await act(parts, write, account, 'clearPresence');
    const detail = 'detail' in put ? put.detail : put.kind;
    const fix = 'action' in put ? put.action : 'Check that the test user has a Teams licence.';
    return { status: 'fail', evidence: `setPresence: ${put.kind} (${detail})`, fix, link };
  }
  const seen = await echo(parts, read, account);
  const cleared = await act(parts, write, account, 'clearPresence');
  if (cleared.kind !== 'accepted') {
    const fix = 'Nothing to do: the test session ends by itself within five minutes.';
    return { status: 'warn', evidence: `clearPresence: ${cleared.kind}`, fix, link };
  }
  if (seen) return { status: 'pass', evidence: 'set, read back and cleared', link };
  const fix =
    'Let the test user choose Reset status in Teams: a status chosen by hand, or by a program in ' +
    'its place, outranks ours. Otherwise run the checks once more, Graph may lag.';
  const instead = state === undefined ? '' : `; ${state} was shown before`;
  return { status: 'warn', evidence: `accepted, but not seen when read back${instead}`, fix, link };
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
