/**
 * What both platforms should come to show, worked out from what people did alone. It shares no
 * code with the core; it is the plain reading of the promise:
 *
 * E1  Teams shows the person's own choice; below it In a call during a call, Busy in after-call
 *     work, Be right back during the agent's own Not Ready, and otherwise what it would show anyway.
 * E2  Five9 is Not Ready with our code as long as the person's choice in Teams asks for it, unless
 *     the agent is Not Ready by themselves or pressed Ready later.
 * E3  Nothing of ours stands where nothing is asked for.
 */
import type { BlockedReason } from '../../src/model/blocked.ts';
import type { Five9Truth } from './five9-truth.ts';
import { STOP_CODES, standing } from './five9-truth.ts';
import type { Side, System } from './system.ts';
import { choiceIn, shownInTeams } from './teams-truth.ts';

/** Reasons for which a platform may lawfully not show what is expected. */
const LAWFUL: Readonly<Record<Side, ReadonlySet<BlockedReason>>> = {
  teams: new Set(['outranked_by_human', 'may_be_chosen']),
  five9: new Set(['overridden_in_five9', 'may_be_chosen']),
};

export function shortfall(system: System): string | undefined {
  const found = teamsShortfall(system) ?? five9Shortfall(system);
  if (found === undefined) return undefined;
  const plan = system.plans[found.side];
  if (plan?.kind === 'blocked' && LAWFUL[found.side].has(plan.blocked.reason)) return undefined;
  const why = plan?.kind === 'blocked' ? `blocked: ${plan.blocked.reason}` : `plan: ${plan?.kind}`;
  return `${found.words} (${why})`;
}

interface Shortfall {
  readonly side: Side;
  readonly words: string;
}

type Asked = 'call' | 'after_call' | 'break' | 'nothing';

function askedOfTeams({ contact, current }: Five9Truth): Asked {
  if (contact === 'call') return 'call';
  if (contact === 'wrap_up') return 'after_call';
  return !current.ready && current.by === 'agent' ? 'break' : 'nothing';
}

const SHOWN: Readonly<Record<Asked, string>> = {
  call: 'Busy/InACall',
  after_call: 'Busy/Busy',
  break: 'BeRightBack/BeRightBack',
  nothing: 'Available/Available',
};

function teamsShortfall({ teams, five9 }: System): Shortfall | undefined {
  const choice = choiceIn(teams);
  const asked = askedOfTeams(five9);
  const shown = shownInTeams(teams);
  if (choice === undefined && shown !== SHOWN[asked]) {
    return { side: 'teams', words: `Teams shows ${shown} instead of ${SHOWN[asked]}` };
  }
  const mayHaveSession = asked === 'call' || asked === 'after_call';
  if (teams.session !== undefined && !mayHaveSession) {
    return { side: 'teams', words: 'a session of ours is left in Teams' };
  }
  const mayHavePreferred = asked === 'after_call' || asked === 'break';
  if (teams.preferred?.by === 'us' && !mayHavePreferred) {
    return { side: 'teams', words: 'a preferred presence of ours is left in Teams' };
  }
  return undefined;
}

function five9Shortfall({ teams, five9, memory }: System): Shortfall | undefined {
  const choice = choiceIn(teams);
  const stands = standing(five9);
  const isOurs = !stands.ready && stands.by === 'us';
  // Our code over the agent's own Not Ready (a race): they wanted it, and they have to end it.
  if (!stands.ready && five9.wish === 'not_ready') return undefined;
  if (choice === undefined) {
    return isOurs ? { side: 'five9', words: 'a Not Ready of ours is left in Five9' } : undefined;
  }
  if (!stands.ready && !isOurs) return undefined;
  if (isOurs && stands.code === STOP_CODES[choice]) return undefined;
  // A11: nobody can tell a Busy chosen on top of our own from ours, so that it stops nothing.
  if (memory.seen.teams === 'alike') return undefined;
  if (stands.ready && memory.order === 'open') return undefined;
  const is = stands.ready ? 'Ready' : `Not Ready with ${stands.code}`;
  return { side: 'five9', words: `Five9 is ${is} although ${choice} is chosen in Teams` };
}
