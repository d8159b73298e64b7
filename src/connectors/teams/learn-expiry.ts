/** Whether what is written ends when its expiry says so. Takes over five minutes for each of the two. */
import type { AccountId } from '../../model/ids.ts';
import { BUSY, IN_CALL, isOk, type Lab } from './learn-lab.ts';

const LIFE_MS = 300_000;
const GRACE_MS = 180_000;
const SHOWN_WITHIN_MS = 60_000;
const EVERY_MS = 2_000;
const MET_MS = 15_000;

const LEAST = { expirationDuration: 'PT5M' } as const;

export async function learnSessionExpiry(lab: Lab, probe: AccountId): Promise<void> {
  const { options } = lab.parts;
  options.progress('Teams: waiting up to 8 minutes for a session to end');
  const body = { availability: 'Busy', activity: 'InACall', ...LEAST };
  const isOurs = (pair: string): boolean => pair === IN_CALL || pair === BUSY;
  await timed(lab, { probe, question: 'teams.session_expiry', slot: 'session', body, isOurs });
}

/** A session of ours lies below it, because a preferred presence shows only beside one. */
export async function learnPreferredExpiry(lab: Lab, probe: AccountId): Promise<void> {
  const { options } = lab.parts;
  options.progress('Teams: waiting up to 8 minutes for a preferred presence to end');
  const below = { availability: 'Away', activity: 'Away', expirationDuration: 'PT15M' };
  await lab.act(probe, 'setPresence', below);
  const body = { availability: 'Busy', activity: 'Busy', ...LEAST };
  const isOurs = (pair: string): boolean => pair === BUSY;
  await timed(lab, { probe, question: 'teams.preferred_expiry', slot: 'preferred', body, isOurs });
}

interface Try {
  readonly probe: AccountId;
  readonly question: 'teams.session_expiry' | 'teams.preferred_expiry';
  readonly slot: 'session' | 'preferred';
  readonly body: object;
  readonly isOurs: (pair: string) => boolean;
}

async function timed(lab: Lab, { probe, question, slot, body, isOurs }: Try): Promise<void> {
  const { book } = lab.parts;
  const action = slot === 'session' ? 'setPresence' : 'setUserPreferredPresence';
  const status = await lab.act(probe, action, body);
  const from = lab.now();
  if (!isOk(status)) {
    book.missed(question, `the write was answered with HTTP ${status}`, 'See lockstep doctor.');
    return;
  }
  const every = { everyMs: EVERY_MS };
  const shown = await lab.until(probe, { withinMs: SHOWN_WITHIN_MS, ...every }, ({ pair }) =>
    isOurs(pair),
  );
  if (shown === undefined) {
    const needed = 'Let the test user choose Reset status in Teams, then run it again.';
    book.missed(question, 'the write was not shown within a minute', needed);
    return;
  }
  const withinMs = LIFE_MS + GRACE_MS - (lab.now() - from);
  const gone = await lab.until(probe, { withinMs, ...every }, ({ pair }) => !isOurs(pair));
  const how =
    'written for PT5M; from the accepted write to the first read that no longer showed it';
  if (gone === undefined) {
    book.measured(question, { value: { honoured: false, endedAfterS: 'not within 480 s' }, how });
    return;
  }
  lab.ended(slot);
  const ms = gone.at - from;
  const honoured = Math.abs(ms - LIFE_MS) <= MET_MS;
  const endedAfterS = Math.round(ms / 1_000);
  const samples = [endedAfterS];
  book.measured(question, { value: { honoured, endedAfterS }, unit: 's', how, samples });
}
