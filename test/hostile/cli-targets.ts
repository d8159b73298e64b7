/** The words of the command line. No verb gets as far as a platform or a listening server. */
import { summarySchema } from '../../src/api/contract/board.ts';
import { ask } from '../../src/cli/client.ts';
import { CliError, EXIT, readArgs, readNumber, readWhole } from '../../src/cli/cli.ts';
import { main } from '../../src/cli/verbs.ts';
import type { Random } from '../../src/lib/random.ts';
import { below, damaged, hostileWord, pick } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { Broken, check } from './trial.ts';

const OPTIONS = [
  '-c',
  '--config',
  '--json',
  '--at',
  '--confirm',
  '--export',
  '--port',
  '--learn',
  '--',
  '-',
];

function words(random: Random): string[] {
  const list: string[] = [];
  for (let i = below(random, 5); i > 0; i -= 1) {
    // Arguments come as UTF-8, so that no half of a surrogate pair reaches a verb.
    list.push(random.next() < 0.5 ? pick(random, OPTIONS) : wellFormed(hostileWord(random)));
  }
  return list;
}

/** These end before they reach out, because their file is not there. */
const QUIET_VERBS = [
  'config',
  'start',
  'doctor',
  'people',
  'subscriber',
  'replay',
  'explain',
  'emulate',
];

const verbs: Target = {
  name: 'cli/verbs',
  covers: [
    'verbs.ts',
    'cli.ts',
    'config.ts',
    'start.ts',
    'doctor/doctor.ts',
    'doctor/learn.ts',
    'doctor/plan.ts',
    'people.ts',
    'subscriber.ts',
    'replay.ts',
    'explain.ts',
    'emulate.ts',
    'status.ts',
  ].map((file) => `src/cli/${file}`),
  inputs: 3_000,
  text(random): string {
    const verb = random.next() < 0.9 ? pick(random, QUIET_VERBS) : wellFormed(hostileWord(random));
    // Nobody listens on port 9, so that nothing is asked and no agent is found.
    const url = verb === 'explain' ? ['--url', 'http://127.0.0.1:9'] : [];
    return JSON.stringify([verb, ...words(random), ...url]);
  },
  async read(text): Promise<void> {
    const args = listOf(text);
    const told: string[] = [];
    const code = await main(args, {
      out: (line) => void told.push(line),
      err: (line) => void told.push(line),
      stopped: () => Promise.resolve(),
    });
    if (code === EXIT.internal) throw new Broken(`exit code 1: ${told.join(' ').slice(0, 200)}`);
    check(told.length > 0, 'something is said');
  },
};

function listOf(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}

const numbers: Target = {
  name: 'cli/numbers',
  covers: ['src/cli/cli.ts', 'src/cli/sandbox/sandbox.ts', 'src/cli/emulate.ts'],
  inputs: 50_000,
  refuses: (error) => error instanceof CliError,
  text: (random) => damaged(random, ['8430', '0', '65535', '1e3', '2.5', ' 7 ']),
  read(text): void {
    const range = { min: 0, max: 65_535, fallback: 0 };
    const value = readNumber('speed', text, range);
    check(text.trim() !== '' && value >= 0 && value <= 65_535, 'a number within its range');
    check(Number.isInteger(readWhole('port', text, range)), 'a port is a whole number');
    const { positionals } = readArgs([text], { port: { type: 'string' } }, 'x [--port N]');
    check(positionals.length <= 1, 'one word is one word');
  },
};

/** Only addresses that cannot be read, or that name a port of this machine where nobody listens. */
const urls: Target = {
  name: 'cli/urls',
  covers: ['src/cli/client.ts'],
  inputs: 1_500,
  refuses: (error) => error instanceof CliError,
  text: (random) => damaged(random, ['http://127.0.0.1:9', 'http://[::1]:9/', 'not a url']),
  async read(text): Promise<void> {
    const isHere = URL.canParse('/x', text) && new URL('/x', text).host === '127.0.0.1:9';
    if (URL.canParse('/x', text) && !isHere) return;
    await ask(text, '/v1/summary', summarySchema);
  },
};

export const CLI_TARGETS: readonly Target[] = [verbs, numbers, urls];

function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8');
}
