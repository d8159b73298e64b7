/**
 * Rounds of writing Busy/InACall into our own session of the test user and taking it away, with every
 * read in between. What they say is judged in `learn-judge.ts`.
 */
import type { AccountId } from '../../model/ids.ts';
import { BUSY, IN_CALL, isOk, type Lab, type Look } from './learn-lab.ts';

interface Round {
  /** From the accepted write to the answer of the first read that shows it, ms; absent: not in time. */
  readonly setMs?: number;
  readonly clearedMs?: number;
  readonly echo: 'exact' | 'busy_first' | 'busy_only' | 'not_shown';
  /** Until Busy/InACall itself was read, ms. */
  readonly exactMs?: number;
}

export interface Trace {
  readonly rounds: readonly Round[];
  /** Every read, in order. */
  readonly looks: readonly Look[];
  /** Of the same value, before and after it was written again; absent: not tried. */
  readonly again?: { readonly before: Look; readonly after: Look };
}

const LIFE = { availability: 'Busy', activity: 'InACall', expirationDuration: 'PT5M' } as const;
const EVERY_MS = 150;
const SHOWN_WITHIN_MS = 60_000;
const EXACT_WITHIN_MS = 10_000;
const SETTLE_MS = 500;

const isOurs = ({ pair }: Look): boolean => pair === IN_CALL || pair === BUSY;

/** A status, when the write was refused. Rejects with `LearningStopped`, or without an answer. */
export async function playRounds(lab: Lab, probe: AccountId): Promise<Trace | number> {
  const looks: Look[] = [];
  const rounds: Round[] = [];
  const { options } = lab.parts;
  let again: Trace['again'];
  for (let count = 1; count <= options.rounds; count += 1) {
    options.progress(`Teams: timing writes, round ${count} of ${options.rounds}`);
    const status = await lab.act(probe, 'setPresence', LIFE);
    if (!isOk(status)) return status;
    const shown = await echoOf(lab, probe, looks);
    if (count === options.rounds) again = await writtenAgain(lab, probe, shown.setMs ?? 0);
    const cleared = await lab.act(probe, 'clearPresence', {});
    const from = lab.now();
    const gone = isOk(cleared) ? await seen(lab, probe, looks, (look) => !isOurs(look)) : undefined;
    rounds.push({ ...shown, ...(gone === undefined ? {} : { clearedMs: gone.at - from }) });
  }
  return { rounds, looks, ...(again === undefined ? {} : { again }) };
}

async function echoOf(lab: Lab, probe: AccountId, looks: Look[]): Promise<Round> {
  const from = lab.now();
  const first = await seen(lab, probe, looks, isOurs);
  if (first === undefined) return { echo: 'not_shown' };
  const setMs = first.at - from;
  if (first.pair === IN_CALL) return { echo: 'exact', setMs, exactMs: setMs };
  const exact = await lab.until(probe, { withinMs: EXACT_WITHIN_MS, everyMs: EVERY_MS }, (look) => {
    looks.push(look);
    return look.pair === IN_CALL;
  });
  if (exact === undefined) return { echo: 'busy_only', setMs };
  return { echo: 'busy_first', setMs, exactMs: exact.at - from };
}

function seen(
  lab: Lab,
  probe: AccountId,
  looks: Look[],
  isIt: (look: Look) => boolean,
): Promise<Look | undefined> {
  return lab.until(probe, { withinMs: SHOWN_WITHIN_MS, everyMs: EVERY_MS }, (look) => {
    looks.push(look);
    return isIt(look);
  });
}

/** Waits each time for as long as a change takes to be shown, so that nothing else moves the number. */
async function writtenAgain(lab: Lab, probe: AccountId, lagMs: number): Promise<Trace['again']> {
  await lab.wait(2 * lagMs + SETTLE_MS);
  const before = await lab.look(probe);
  await lab.act(probe, 'setPresence', LIFE);
  await lab.wait(2 * lagMs + SETTLE_MS);
  const after = await lab.look(probe);
  return before === undefined || after === undefined ? undefined : { before, after };
}
