/**
 * The login states of a Five9 session and the way from each to WORKING. Order and bodies follow
 * https://github.com/equalsgibson/five9-go (five9/authentication.go).
 */
import type { HttpResponse } from '../../lib/exchange.ts';
import { readWith } from '../../lib/read-with.ts';
import { isOk, jsonOf, sessionFault, vendorError } from './reply.ts';
import { SUPERVISOR, type Call } from './transport.ts';
import { noticeWaits, stuckState, unexpected } from './trouble.ts';
import { listSchema, loginStateSchema, noticeSchema } from './wire.ts';

interface StateDriver {
  send(call: Call): Promise<HttpResponse>;
  now(): number;
  readonly acceptNotices: boolean;
}

export type Driven = 'working' | 'unauthorised';

const MAX_STEPS = 6;
const MAX_NOTICES = 20;

export const READ_LOGIN_STATE: Call = { method: 'GET', path: `${SUPERVISOR}/login_state` };

/** The state in a reply, or undefined when it holds none. */
function loginStateOf(response: HttpResponse): string | undefined {
  return isOk(response) ? readWith(loginStateSchema, jsonOf(response)) : undefined;
}

/** Leads the session to WORKING. Rejects with `Trouble` when it does not get there. */
export async function driveToWorking(driver: StateDriver, from: HttpResponse): Promise<Driven> {
  let reply = from;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (reply.status === 401) return 'unauthorised';
    const state = loginStateOf(reply);
    if (state === undefined) throw unexpected('reading the login state', reply, driver.now());
    if (state === 'WORKING') return 'working';
    const refused = await leave(driver, state);
    if (refused === 'unauthorised') return 'unauthorised';
    reply = await driver.send(READ_LOGIN_STATE);
  }
  throw stuckState(loginStateOf(reply) ?? 'nothing');
}

async function leave(driver: StateDriver, state: string): Promise<Driven> {
  if (state === 'SELECT_STATION') return startSession(driver);
  if (state === 'RELOGIN') {
    return done(driver, 'restarting the session', await put(driver, '/session_restart'));
  }
  if (state === 'ACCEPT_NOTICE') return acceptNotices(driver);
  throw stuckState(state);
}

async function startSession(driver: StateDriver): Promise<Driven> {
  const station = JSON.stringify({ stationId: '', stationType: 'EMPTY' });
  const reply = await put(driver, '/session_start?force=true', station);
  // Somebody, perhaps our own earlier self, has started it already: the next reading will tell.
  if (vendorError(reply)?.contextCode === 'DUPLICATE_LOGIN') return 'working';
  return done(driver, 'starting the session', reply);
}

async function acceptNotices(driver: StateDriver): Promise<Driven> {
  const reply = await driver.send({ method: 'GET', path: `${SUPERVISOR}/maintenance_notices` });
  if (reply.status === 401) return 'unauthorised';
  const notices = (readWith(listSchema, jsonOf(reply)) ?? []).flatMap(
    (value) => readWith(noticeSchema, value) ?? [],
  );
  if (!driver.acceptNotices) throw noticeWaits(notices.map((notice) => notice.annotation));
  for (const notice of notices.slice(0, MAX_NOTICES)) {
    if (notice.accepted) continue;
    // The reply still says `accepted: false`, so it proves nothing; the login state does.
    const accepted = await put(
      driver,
      `/maintenance_notices/${encodeURIComponent(notice.id)}/accept`,
    );
    if (done(driver, 'accepting a notice', accepted) === 'unauthorised') return 'unauthorised';
  }
  return 'working';
}

function put(driver: StateDriver, path: string, body?: string): Promise<HttpResponse> {
  return driver.send({
    method: 'PUT',
    path: SUPERVISOR + path,
    ...(body === undefined ? {} : { body }),
  });
}

function done(driver: StateDriver, what: string, reply: HttpResponse): Driven {
  if (reply.status === 401) return 'unauthorised';
  // A wrong state in between is what this machine is for: the next reading decides.
  if (isOk(reply) || sessionFault(reply) !== undefined) return 'working';
  throw unexpected(what, reply, driver.now());
}
