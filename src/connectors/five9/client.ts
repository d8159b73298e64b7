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
import { PRESENCE_REFUSED, Refusals, SKILLS_REFUSED } from './refusals.ts';
import { isOk, waitOf } from './reply.ts';
import type { Rest } from './rest.ts';
import type { Entry } from './roster.ts';
import { isOfSkills, type Skills } from './skills.ts';
import type { SkillsBook } from './skills-book.ts';
import { readSkills, writeSkills, type SkillsParts } from './skills-write.ts';
import { ORGANISATION, SUPERVISOR } from './transport.ts';
import { Trouble, unreadable } from './trouble.ts';
import { reasonCodeSchema, listSchema, userSchema, type User } from './wire.ts';
import { guardAgainst, misfitOf, planOf } from './write.ts';

export interface Client {
  write(command: Command, account: AccountId): Promise<Outcome>;
  /** The users of the domain, ourselves included. Rejects with `Trouble`. */
  users(): Promise<readonly User[]>;
  reasonCodes(): Promise<readonly ReasonCode[]>;
  /** The active skills of an agent. Rejects with `Trouble`. */
  skills(account: AccountId): Promise<Skills>;
  /** Asks for full statistics on the socket. Never rejects. */
  requestFull(): Promise<AskResult>;
}

export interface ClientParts {
  readonly clock: Clock;
  readonly rest: Rest;
  readonly settings: Settings;
  readonly outlet: Outlet;
  /** What a live feed showed last, skills aside, for guarded writes. */
  readonly latest: (account: AccountId) => Entry | undefined;
  /** What is known of active skills, which a write makes uncertain. */
  readonly book: Pick<SkillsBook, 'hold' | 'release'>;
}

/** The whole domain comes in one reply: up to 20 MB for 10,000 users. */
const USERS_TIMEOUT_MS = 60_000;
const MAX_USERS = 100_000;
const MAX_REASON_CODES = 10_000;

export function createClient(parts: ClientParts): Client {
  const { rest, settings, outlet, clock } = parts;
  const pacing = createPacing(clock, settings.writesPerSecond, settings.writeBurst);
  const write = { presence: presenceWriter(parts), skills: skillsWriter(parts) };
  return {
    async write(command, account): Promise<Outcome> {
      const way = wayOf(command, settings);
      if (typeof way !== 'string') return way;
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(account)) {
        return { kind: 'refused', reason: 'not_found', detail: 'this is no id of a Five9 user' };
      }
      const place = pacing.take();
      if (!place.isTaken) return { kind: 'throttled', retryAfterMs: place.waitMs };
      if (place.waitMs > 0) await pause(clock, place.waitMs);
      // After the wait: the state may have changed meanwhile.
      const outcome = await write[way](command, account);
      outlet.count(`write_${outcome.kind}`);
      return outcome;
    },
    users: () => readUsers(rest),
    reasonCodes: () => readReasonCodes(rest),
    skills: (account) => readSkills(rest, settings, account),
    requestFull: () => requestFull(parts),
  };
}

type Write = Client['write'];

/** Which of the two requests a command takes, never both; or why it takes none. */
function wayOf(command: Command, settings: Settings): 'presence' | 'skills' | Outcome {
  const misfit = misfitOf(command);
  if (misfit !== undefined) return { kind: 'refused', reason: 'cannot_express', detail: misfit };
  if (settings.writes === 'none') {
    return { kind: 'refused', reason: 'read_only', detail: 'five9.writes is none' };
  }
  if (isOfSkills(command)) {
    if (settings.writes === 'skills') return 'skills';
    return { kind: 'refused', reason: 'cannot_express', detail: 'five9.writes is not skills' };
  }
  if (settings.writes === 'skills' && command.kind === 'put') {
    const detail = 'five9.writes is skills, and the command names a reason code';
    return { kind: 'refused', reason: 'cannot_express', detail };
  }
  const plan = planOf(command, settings.presenceBody);
  return plan.kind === 'refuse' ? { ...plan, kind: 'refused' } : 'presence';
}

function presenceWriter(parts: ClientParts): Write {
  const { rest, settings, clock } = parts;
  const refusals = new Refusals(PRESENCE_REFUSED);
  return async (command, account) => {
    const plan = planOf(command, settings.presenceBody);
    if (plan.kind === 'refuse') return { ...plan, kind: 'refused' };
    const stop = guarded(command, account, parts);
    if (stop !== undefined) return stop;
    const path = settings.presencePath.replaceAll('{agent}', account);
    return rest.send({ method: 'PUT', path, body: plan.body }).then(
      (reply) => refusals.judge(account, reply.status, outcomeOf(reply, plan.wanted, clock.now())),
      (error: unknown) => outcomeOfFailure(error),
    );
  };
}

function skillsWriter({ rest, settings, clock, latest, book }: ClientParts): Write {
  const refusals = new Refusals(SKILLS_REFUSED);
  const parts: SkillsParts = {
    rest,
    settings,
    refusals,
    now: () => clock.now(),
    latest: (account) => latest(account)?.observation.presence,
  };
  return async (command, account) => {
    book.hold(account);
    const outcome = await writeSkills(command, account, parts);
    book.release(account);
    return outcome;
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
  const standing = parts.latest(account)?.standing;
  if (standing === undefined) {
    return { kind: 'failed', detail: 'the agent’s readiness is not known at this moment' };
  }
  const why = guardAgainst(command, standing, parts.settings.reservedReasonCodes);
  if (why === undefined) return undefined;
  parts.outlet.count('guard_stopped');
  // Nothing was sent; what the feed shows now reaches the core too, which then decides anew.
  return { kind: 'failed', detail: why };
}
