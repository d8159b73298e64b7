/**
 * Measures on a live domain what Five9 has not published. It brings a connection of its own and takes
 * it away again; it joins a session that is there, and leaves it signed in.
 */
import type { Clock } from '../../lib/clock.ts';
import { readWith } from '../../lib/read-with.ts';
import type { Finding, LearnOptions, Seams } from '../connector.ts';
import { FindingBook, LearningStopped, spreadOf, waitUnlessStopped } from '../kit/learning.ts';
import { assemble, type Assembly, type Extras } from './assembly.ts';
import { waitForLife } from './doctor.ts';
import { isKnownWord } from './learn-frame.ts';
import { FIVE9_QUESTIONS, type Five9Question } from './learn-questions.ts';
import { DIFFERENCE, FULL, Tap } from './learn-tap.ts';
import { learnWrites } from './learn-write.ts';
import { READ_LOGIN_STATE } from './login-state.ts';
import type { Settings } from './options.ts';
import { isOk, jsonOf } from './reply.ts';
import { AUTH_VARIANTS } from './variants.ts';
import { loginStateSchema } from './wire.ts';

interface Lab {
  readonly assembly: Assembly;
  readonly clock: Clock;
  readonly tap: Tap;
  readonly book: FindingBook<Five9Question>;
  readonly options: LearnOptions;
}

const AGAIN = 'Run it again.';
const GAPS_MIN = 5;

/** Never rejects. */
export async function learnFive9(
  settings: Settings,
  seams: Seams,
  given: { readonly extras: Extras | undefined; readonly options: LearnOptions },
): Promise<readonly Finding[]> {
  const { extras, options } = given;
  const tap = new Tap(seams);
  const reread = extras?.reread;
  // Without the thread for large frames, so that each comes as a text that can be measured.
  const assembly = assemble(settings, tap.tapped(), reread === undefined ? {} : { reread });
  const book = new FindingBook(FIVE9_QUESTIONS);
  const lab: Lab = { assembly, clock: seams.clock, tap, book, options };
  void assembly.watcher.run();
  try {
    await learnAll(lab);
    book.missedRest('it was left out', AGAIN);
  } catch (error) {
    const isStopped = error instanceof LearningStopped;
    const why = isStopped ? 'the measurements were stopped' : 'a request got no usable answer';
    book.missedRest(why, AGAIN);
  } finally {
    assembly.watcher.stop();
    assembly.session.leave();
  }
  return book.list();
}

async function learnAll(lab: Lab): Promise<void> {
  const { assembly, clock, book, options } = lab;
  options.progress('Five9: signing in and reading all agents');
  await waitForLife(assembly, clock);
  if (!assembly.watcher.isLive() || assembly.session.current() === undefined) {
    book.missedRest('there was no live feed', 'Mend what lockstep doctor names first.');
    return;
  }
  await learnVariants(lab);
  await learnFrames(lab);
  await learnWrites(lab);
  tellWords(lab);
  await learnIdle(lab);
}

/** A wrong way is answered with 401 and changes nothing. */
async function learnVariants({ assembly, book }: Lab): Promise<void> {
  const login = assembly.session.current();
  if (login === undefined) return;
  const statuses: Record<string, number> = {};
  for (const variant of AUTH_VARIANTS) {
    const reply = await assembly.transport.send({ ...login, variant }, READ_LOGIN_STATE);
    statuses[variant] = reply.status;
  }
  book.measured('five9.auth', {
    value: { inUse: login.variant, ...statuses },
    unit: 'HTTP status',
    how: 'the login state was read in each way, with the cookies of the sign-in where the way has cookies',
  });
}

async function learnFrames({ clock, tap, book, options }: Lab): Promise<void> {
  const seconds = Math.round(options.watchMs / 1_000);
  options.progress(`Five9: listening to the supervisor feed for ${seconds} s`);
  await waitUnlessStopped(clock, options.watchMs, options);
  const full = tap.frames.filter(({ event }) => event === FULL);
  const bytes = Math.max(0, ...full.map((frame) => frame.bytes));
  const rows = Math.max(0, ...full.map((frame) => frame.rows));
  const perRow = rows === 0 ? 0 : Math.round(bytes / rows);
  book.measured('five9.full_frame', {
    value: { bytes, rows, bytesPerRow: perRow, frames: full.length },
    unit: 'bytes',
    how: 'the largest of the full frames that came; more frames than questions for them mean that they are split',
    samples: full.map((frame) => frame.bytes),
  });
  const times = tap.frames.filter(({ event }) => event === DIFFERENCE).map(({ at }) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const spread = spreadOf(gaps);
  if (spread === undefined || gaps.length < GAPS_MIN) {
    const needed = 'Run it while agents are at work; or listen for longer with --listen SECONDS.';
    book.missed('five9.batching', `${times.length} difference frames came in ${seconds} s`, needed);
    return;
  }
  book.measured('five9.batching', {
    value: { ...spread },
    unit: 'ms',
    how: 'gaps between difference frames; where little happens they are multiples of the interval',
    samples: gaps.map(Math.round),
  });
}

function tellWords({ tap, book }: Lab): void {
  const events = new Map<string, number>();
  const unknown: Record<string, number> = {};
  for (const { event, isKnown } of tap.frames) {
    const count = (events.get(event) ?? 0) + 1;
    events.set(event, count);
    if (!isKnown) unknown[event] = count;
  }
  book.measured('five9.events', {
    value: unknown,
    unit: 'frames',
    how: 'ids of the events that came on the supervisor socket; the samples are all of them',
    samples: [...events].map(([event, count]) => `${event}: ${count}`),
  });
  book.measured('five9.values', {
    value: Object.fromEntries([...tap.words].filter(([word]) => !isKnownWord(word))),
    unit: 'rows',
    how: 'words of enumerations in the rows of agents; the samples are all of them',
    samples: [...tap.words].map(([word, count]) => `${word}: ${count}`),
  });
}

/** The last thing that is done with the session: nothing is sent until it is asked. */
async function learnIdle({ assembly, clock, tap, book, options }: Lab): Promise<void> {
  const login = assembly.session.current();
  if (login === undefined || !assembly.watcher.isLive()) return;
  const seconds = Math.round(options.idleMs / 1_000);
  if (options.idleMs <= 0) {
    book.missed('five9.idle', 'it was not asked for', 'Give --idle SECONDS.');
  } else {
    options.progress(`Five9: leaving the session idle for ${seconds} s`);
  }
  assembly.watcher.stop();
  await waitUnlessStopped(clock, options.idleMs, options);
  const reply = await assembly.transport.send(login, READ_LOGIN_STATE);
  const state = isOk(reply) ? readWith(loginStateSchema, jsonOf(reply)) : undefined;
  const isAlive = state === 'WORKING';
  const how = 'while nobody else used the session; a running service keeps it alive';
  if (options.idleMs > 0) {
    const value = { survived: isAlive, seconds, httpStatus: reply.status };
    book.measured('five9.idle', { value, unit: 's', how });
  }
  const age = Math.round((clock.monotonic() - login.at) / 1_000);
  book.measured('five9.session_life', {
    value: {
      [isAlive ? 'atLeast' : 'endedBefore']: age,
      ...(tap.cookieLifeS === undefined ? {} : { cookies: tap.cookieLifeS }),
    },
    unit: 's',
    how: 'age of our sign-in when the session was asked last; it may have been joined and be older',
  });
}
