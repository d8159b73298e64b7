/** What the measurements of a live tenant make of what it says: counts, times and words of closed lists. */
import { cleaned, reportText } from '../../src/cli/doctor/learn-report.ts';
import type { Finding, LearnOptions, Seams } from '../../src/connectors/connector.ts';
import { digestOf } from '../../src/connectors/five9/learn-frame.ts';
import { Tap } from '../../src/connectors/five9/learn-tap.ts';
import { T0 } from '../../src/connectors/five9/scripted-five9.test.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import { COOKIE_SEEDS, FRAME_SEEDS } from './five9-payloads.ts';
import { damaged, damagedJson } from './hostile-text.ts';
import { isPlainLine } from './promises.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

/** As short as it can be. */
export const LEARNING: LearnOptions = {
  rounds: 1,
  watchMs: 2_000,
  idleMs: 1_000,
  beyondQuota: 0,
  expiry: false,
  progress: (text) => isPlainLine(text, 200),
  isStopped: () => false,
};

/** A finding holds words of a plain form alone, so that nothing of anybody can be in it. */
export function areFindings(findings: readonly Finding[] | undefined): void {
  check(findings !== undefined && findings.length > 0, 'something is said of every question');
  for (const { id, how, value, samples = [] } of findings ?? []) {
    isPlainLine(how, 300);
    const pairs = typeof value === 'object' ? Object.entries(value).flat() : [value];
    for (const each of [...pairs, ...samples]) {
      const isPlain = typeof each !== 'string' || /^[\w=:()., -]{0,80}$/.test(each);
      check(isPlain, `${id} tells ${String(each).slice(0, 80)}`);
      check(typeof each !== 'number' || Number.isFinite(each), `${id} has a number`);
    }
  }
}

const tap: Target = {
  name: 'five9/learn',
  covers: [
    'src/connectors/five9/learn-frame.ts',
    'src/connectors/five9/learn-tap.ts',
    'src/cli/doctor/learn-report.ts',
  ],
  inputs: 20_000,
  text: (random) => damagedJson(random, FRAME_SEEDS),
  async read(text): Promise<void> {
    const random = seededRandom(text);
    const body = random.next() < 0.5 ? text : damagedJson(random, FRAME_SEEDS);
    const seams: Seams = {
      clock: virtualClock(T0),
      random,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      exchange: () =>
        Promise.resolve({
          status: 200,
          headers: { 'set-cookie': damaged(random, COOKIE_SEEDS) },
          body,
        }),
      openSocket: (_request, handlers) => {
        handlers.onText(text);
        return { send: () => undefined, close: () => undefined };
      },
    };
    const listener = new Tap(seams);
    const { exchange, openSocket } = listener.tapped();
    const url = 'https://app.five9.com/supsvcs/sws/key';
    const heard: string[] = [];
    openSocket(
      { url, headers: {}, maxPayloadBytes: 1 },
      {
        onOpen: () => undefined,
        onText: (one) => void heard.push(one),
        onClose: () => undefined,
      },
    );
    await exchange({ method: 'PUT', url, headers: {} });
    check(heard[0] === text, 'what is listened in on is passed on');
    check(/^(\d{1,6}|other)$/.test(digestOf(text).event), 'an event is a number');
    const words: Finding = {
      id: 'five9.values',
      question: 'Which?',
      status: 'measured',
      how: 'listening',
      value: Object.fromEntries(listener.words),
      samples: listener.frames.map(({ event }) => event),
    };
    areFindings([words]);
    const findings = cleaned([words], [text, body.slice(0, 20)]);
    reportText({
      report: 'lockstep doctor --learn',
      version: 1,
      release: '0',
      madeAt: '',
      cloud: 'global',
      quota: { requests: 1, windowMs: 1 },
      findings,
    });
  },
};

export const LEARN_TARGETS: readonly Target[] = [tap];
