/**
 * Takes an agent's active skills and gives them back: one replacing request, right after a read that
 * showed what it rests on.
 *
 * T1  What is taken has been written down before: the command carries it, and the journal holds the
 *     command. If another list stands there now, nothing is sent and all is decided anew.
 * T2  What is given back is exactly what was taken, in its order, and only while our own list still
 *     stands there. What somebody else has put meanwhile is theirs.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { Presence } from '../../model/presence.ts';
import type { Outcome } from '../connector.ts';
import type { Settings } from './options.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import type { Refusals } from './refusals.ts';
import { isOk } from './reply.ts';
import type { Rest } from './rest.ts';
import type { Skills, SkillsPlan } from './skills.ts';
import { sameSkills, skillsFrom, skillsPlanOf } from './skills.ts';
import { unreadable } from './trouble.ts';

export interface SkillsParts {
  readonly rest: Rest;
  readonly settings: Settings;
  readonly refusals: Refusals;
  /** Epoch ms. */
  readonly now: () => number;
  /** What a live feed showed last, skills aside. */
  readonly latest: (account: AccountId) => Presence | undefined;
}

/** The request speaks of no readiness. */
const NO_READINESS = { channels: [], code: '0' };

type Send = Extract<SkillsPlan, { kind: 'send' }>;

/** Rejects with `Trouble`. */
export async function readSkills(
  rest: Rest,
  settings: Settings,
  account: AccountId,
): Promise<Skills> {
  const what = 'read the active skills of an agent';
  const path = settings.skillsPath.replaceAll('{agent}', account);
  const skills = skillsFrom(await rest.read(what, { method: 'GET', path }));
  if (skills === undefined) throw unreadable(what);
  return skills;
}

/** Never throws. */
export async function writeSkills(
  command: Command,
  account: AccountId,
  parts: SkillsParts,
): Promise<Outcome> {
  const { rest, settings } = parts;
  const plan = skillsPlanOf(command, settings.parkingSkill);
  if (plan.kind === 'refuse') return { ...plan, kind: 'refused', reason: 'refused' };
  const hindrance = command.kind === 'put' ? notToBeStopped(parts.latest(account)) : undefined;
  if (hindrance !== undefined) return { kind: 'failed', detail: hindrance };
  try {
    const standing = await readSkills(rest, settings, account);
    return against(standing, plan, command.kind) ?? (await replace(plan.wanted, account, parts));
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

function notToBeStopped(presence: Presence | undefined): string | undefined {
  if (presence === undefined) return 'the agent’s readiness is not known at this moment';
  if (presence.acd === 'not_ready') return 'the agent is Not Ready by themselves';
  return presence.acd === 'logged_out' ? 'the agent has signed out' : undefined;
}

/** Why nothing has to be sent, or must not be; undefined: send it. */
function against(standing: Skills, plan: Send, kind: Command['kind']): Outcome | undefined {
  if (sameSkills(standing, plan.expected)) return undefined;
  if (kind === 'put') return { kind: 'failed', detail: 'the agent’s active skills have changed' };
  // An earlier attempt has arrived after all.
  if (sameSkills(standing, plan.wanted)) return { kind: 'accepted' };
  const detail = 'somebody has changed the agent’s active skills since; they are left as they are';
  return { kind: 'refused', reason: 'may_be_chosen', detail };
}

async function replace(
  wanted: Skills,
  account: AccountId,
  { rest, settings, refusals, now }: SkillsParts,
): Promise<Outcome> {
  const path = settings.skillsPath.replaceAll('{agent}', account);
  const reply = await rest.send({ method: 'PUT', path, body: JSON.stringify(wanted) });
  const outcome: Outcome = isOk(reply)
    ? { kind: 'accepted' }
    : outcomeOf(reply, NO_READINESS, now());
  return refusals.judge(account, reply.status, outcome);
}
