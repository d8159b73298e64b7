/**
 * What Lockstep asks of Five9: writes of readiness, the list of users, the reason codes.
 *
 * L1  One effective request for each write. It is sent twice only when the first one met a fault
 *     of the session, and so surely had no effect.
 * L2  An account id is put into a path only when it has the form of one.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import { readWith } from '../../lib/read-with.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { Account, Outcome, ReasonCode } from '../connector.ts';
import type { AskResult } from './feed.ts';
import type { Settings } from './options.ts';
import type { Outlet } from './outlet.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import { createPacing } from './pacing.ts';
import { isOk, waitOf } from './reply.ts';
import type { Rest } from './rest.ts';
import { ORGANISATION, SUPERVISOR } from './transport.ts';
import { Trouble, unreadable } from './trouble.ts';
import { reasonCodeSchema, listSchema, userSchema, type Readiness, type User } from './wire.ts';
import { guardAgainst, planOf } from './write.ts';

export interface Client {
  write(command: Command, account: AccountId): Promise<Outcome>;
  /** The users of the domain, ourselves included. Rejects with `Trouble`. */
  users(): Promise<readonly User[]>;
  reasonCodes(): Promise<readonly ReasonCode[]>;
  /** Asks for full statistics on the socket. Never rejects. */
  requestFull(): Promise<AskResult>;
}

export interface ClientParts {
  readonly clock: Clock;
  readonly rest: Rest;
  readonly settings: Settings;
  readonly outlet: Outlet;
  /** The readiness that a live feed showed last, for guarded writes. */
  readonly standing: (account: AccountId) => Readiness | undefined;
}

/** The whole domain comes in one reply: up to 20 MB for 10,000 users. */
const USERS_TIMEOUT_MS = 60_000;
const MAX_USERS = 100_000;
const MAX_REASON_CODES = 10_000;

export function createClient(parts: ClientParts): Client {
  const { rest, settings, outlet, clock } = parts;
  const pacing = createPacing(clock, settings.writesPerSecond, settings.writeBurst);
  return {
    async write(command, account): Promise<Outcome> {
      const plan = planOf(command, settings.presenceBody);
      if (plan.kind === 'refuse') return { ...plan, kind: 'refused' };
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(account)) {
        return { kind: 'refused', reason: 'not_found', detail: 'this is no id of a Five9 user' };
      }
      const place = pacing.take();
      if (!place.isTaken) return { kind: 'throttled', retryAfterMs: place.waitMs };
      if (place.waitMs > 0) await pause(clock, place.waitMs);
      // After the wait: the state may have changed meanwhile.
      const stop = guarded(command, account, parts);
      if (stop !== undefined) return stop;
      const path = settings.presencePath.replaceAll('{agent}', account);
      const outcome = await rest.send({ method: 'PUT', path, body: plan.body }).then(
        (reply) => outcomeOf(reply, plan.wanted, clock.now()),
        (error: unknown) => outcomeOfFailure(error),
      );
      outlet.count(`write_${outcome.kind}`);
      return outcome;
    },
    users: () => readUsers(rest),
    reasonCodes: () => readReasonCodes(rest),
    requestFull: () => requestFull(parts),
  };
}

async function readUsers(rest: Rest): Promise<readonly User[]> {
  const what = 'list the users';
  const path = `${ORGANISATION}/users`;
  const json = await rest.read(what, { method: 'GET', path, timeoutMs: USERS_TIMEOUT_MS });
  const list = readWith(listSchema, json);
  if (list === undefined) throw unreadable(what);
  return list.slice(0, MAX_USERS).flatMap((value) => readWith(userSchema, value) ?? []);
}

async function readReasonCodes(rest: Rest): Promise<readonly ReasonCode[]> {
  const what = 'list the reason codes';
  const path = `${ORGANISATION}/not_ready_reason_codes`;
  const list = readWith(listSchema, await rest.read(what, { method: 'GET', path }));
  if (list === undefined) throw unreadable(what);
  return list.slice(0, MAX_REASON_CODES).flatMap((value) => {
    const code = readWith(reasonCodeSchema, value);
    if (code === undefined) return [];
    return [{ code: code.id, label: code.name, selectable: code.selectable }];
  });
}

async function requestFull({ rest, outlet, clock, settings }: ClientParts): Promise<AskResult> {
  try {
    const reply = await rest.send({ method: 'PUT', path: `${SUPERVISOR}/request_full_statistics` });
    if (isOk(reply)) return { kind: 'taken' };
    if (reply.status !== 429) return { kind: 'refused', waitMs: undefined };
    const wait = waitOf(reply, clock.now());
    outlet.budget().throttled(wait);
    return { kind: 'refused', waitMs: wait ?? settings.quietMs };
  } catch (error) {
    return { kind: 'refused', waitMs: error instanceof Trouble ? error.retryMs : undefined };
  }
}

/** A user as the platform-neutral account that people are matched with. */
export function accountOf(user: User): Account {
  // The list is empty or missing in some domains; then nothing says that the user is switched off.
  const flags = user.permissions ?? [];
  return {
    id: user.id,
    name: user.fullName === '' ? user.userName : user.fullName,
    ...(user.userName === '' ? {} : { upn: user.userName }),
    ...(user.email === '' ? {} : { email: user.email }),
    active: flags.length === 0 || flags.includes('IS_ACTIVE_FLAG'),
    groups: [],
  };
}

/** Why a guarded command must not be sent now, as an outcome. */
function guarded(command: Command, account: AccountId, parts: ClientParts): Outcome | undefined {
  if (command.guarded !== true) return undefined;
  const standing = parts.standing(account);
  if (standing === undefined) {
    return { kind: 'failed', detail: 'the agent’s readiness is not known at this moment' };
  }
  const why = guardAgainst(command, standing, parts.settings.reservedReasonCodes);
  if (why === undefined) return undefined;
  parts.outlet.count('guard_stopped');
  // Nothing was sent; what the feed shows now reaches the core too, which then decides anew.
  return { kind: 'failed', detail: why };
}
