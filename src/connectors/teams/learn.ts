/**
 * Measures on a live tenant what Microsoft's pages leave open. Writes to the consenting test user alone,
 * and takes everything back, whatever happens.
 */
import type { AccountId } from '../../model/ids.ts';
import { ConnectorError, type Finding } from '../connector.ts';
import { FindingBook, LearningStopped } from '../kit/learning.ts';
import { learnPreferredExpiry, learnSessionExpiry } from './learn-expiry.ts';
import { judgeRounds } from './learn-judge.ts';
import { BUSY, IN_CALL, Lab, isOk, type LabParts } from './learn-lab.ts';
import { TEAMS_QUESTIONS, type TeamsQuestion } from './learn-questions.ts';
import { learnQuota } from './learn-quota.ts';
import { learnBadIds, learnReads } from './learn-reads.ts';
import { playRounds } from './learn-rounds.ts';
import { isObjectId } from './write.ts';

const AGAIN = 'Run it again.';
const ROUNDS = [
  'teams.freshness',
  'teams.call_echo',
  'teams.sequence',
  'teams.pair_rejection',
  'teams.session_expiry',
  'teams.preferred_expiry',
  'teams.clean_up',
] as const satisfies readonly TeamsQuestion[];

/** Never rejects. */
export async function learnTeams(parts: Omit<LabParts, 'book'>): Promise<readonly Finding[]> {
  const book = new FindingBook(TEAMS_QUESTIONS);
  const lab = new Lab({ ...parts, book });
  try {
    await learnToken(lab);
    await learnReads(lab);
    await learnBadIds(lab);
    await learnTestUser(lab);
    await learnLimits(lab);
    book.missedRest(
      'a read was not answered as expected',
      'Mend what lockstep doctor names first.',
    );
  } catch (error) {
    book.missedRest(whyOf(error), AGAIN);
  }
  return book.list();
}

function whyOf(error: unknown): string {
  if (error instanceof LearningStopped) return 'the measurements were stopped';
  return error instanceof ConnectorError ? `there was no token (${error.code})` : 'no answer came';
}

async function learnToken({ parts }: Lab): Promise<void> {
  parts.options.progress('Teams: signing in');
  const { expiresAt } = await parts.tokens.read.get();
  parts.book.measured('teams.token_life', {
    value: Math.round((expiresAt - parts.clock.monotonic()) / 1_000),
    unit: 's',
    how: 'what a new token says of itself, with what is left of it when it was already there',
  });
}

async function learnTestUser(lab: Lab): Promise<void> {
  const { options, book } = lab.parts;
  const probe = options.probeAccount;
  if (probe === undefined || !isObjectId(probe)) {
    const needed = 'Name with --probe-teams the object id of a consenting test user.';
    book.missedRest('no usable test user was named', needed, ROUNDS);
    return;
  }
  const before = await lab.look(probe);
  const hides = before === undefined ? 'is not returned' : hidesOurs(before.pair);
  if (before === undefined || hides !== undefined) {
    const needed =
      'Let the test user choose Reset status in Teams and be in no call, then run it again.';
    book.missedRest(`the test user ${hides}`, needed, ROUNDS);
    return;
  }
  try {
    await played(lab, probe);
  } finally {
    const isUndone = await lab.undo(probe);
    const isGone = await lab.isGone(probe, before.pair);
    book.measured('teams.clean_up', {
      value: isUndone && isGone,
      how: 'what was written was cleared, and the test user read until nothing of it was shown; where it is false, it ends by itself within 15 minutes',
    });
  }
}

function hidesOurs(pair: string): string | undefined {
  if (pair === IN_CALL || pair === BUSY) return 'is busy already';
  return /^(busy|donotdisturb)/.test(pair) ? 'shows a status that hides ours' : undefined;
}

async function played(lab: Lab, probe: AccountId): Promise<void> {
  const { options, book } = lab.parts;
  const trace = await playRounds(lab, probe);
  if (typeof trace === 'number') {
    const needed = 'See the check teams.write of lockstep doctor --probe-teams.';
    const ids = ROUNDS.filter((id) => id !== 'teams.clean_up');
    book.missedRest(`setPresence was answered with HTTP ${trace}`, needed, ids);
    return;
  }
  judgeRounds(book, trace);
  await learnRejection(lab, probe);
  if (!options.expiry) {
    const ids = ['teams.session_expiry', 'teams.preferred_expiry'] as const;
    book.missedRest('it takes over ten minutes', 'Run it with --learn-expiry.', ids);
    return;
  }
  await learnSessionExpiry(lab, probe);
  await learnPreferredExpiry(lab, probe);
}

/** Busy/Busy is for the preferred slot alone, so a session must not take it. */
async function learnRejection(lab: Lab, probe: AccountId): Promise<void> {
  const pair = { availability: 'Busy', activity: 'Busy', expirationDuration: 'PT5M' };
  const httpStatus = await lab.act(probe, 'setPresence', pair);
  let shown = false;
  if (isOk(httpStatus)) {
    const look = await lab.until(
      probe,
      { withinMs: 10_000, everyMs: 500 },
      (one) => one.pair === BUSY,
    );
    shown = look !== undefined;
  }
  await lab.undo(probe);
  lab.parts.book.measured('teams.pair_rejection', {
    value: { httpStatus, shown },
    how: 'setPresence with Busy/Busy, which the vendor’s list for sessions does not have; cleared at once',
  });
}

async function learnLimits(lab: Lab): Promise<void> {
  const { options, book, accounts } = lab.parts;
  const ids = ['teams.quota', 'teams.retry_after'] as const;
  const probe = options.probeAccount ?? accounts[0];
  if (options.beyondQuota === undefined) {
    const needed = 'Run it with --learn-quota, outside business hours.';
    book.missedRest('it spends the quota of one window', needed, ids);
  } else if (probe === undefined) {
    book.missedRest('there is nobody to be read', 'Map somebody.', ids);
  } else {
    await learnQuota(lab, probe, options.beyondQuota);
  }
}
