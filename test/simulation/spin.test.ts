/**
 * Spin searches the model of ownership and single flight (simulation/models) exhaustively: what is
 * claimed of it must hold in every state, and each version broken on purpose must be refuted by
 * the property that it breaks.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { tell } from '../../simulation/trust/facts.ts';

const run = promisify(execFile);
const MODELS = join(import.meta.dirname, '..', '..', 'simulation', 'models');
const MODEL = 'ownership.pml';

/** Two values are enough to tell what is wished from what is not. */
const VALUES = '-DVALUES=2';

/** Bounds of one search. Reaching one of them makes it incomplete, which fails the test. */
const MAX_DEPTH = 500_000;
const MAX_MEGABYTES = 2_000;
/** A guard against hanging only: on an idle machine the longest search takes about ten seconds. */
const MAX_MS = 300_000;

const PROPERTIES = {
  one_on_its_way: /assertion violated .*request\[0\]\.left==0/,
  epochs_in_order: /assertion violated .*\.age<=newest/,
  recorded_first: /assertion violated recorded\[/,
  settles: /acceptance cycle/,
  no_dead_end: /invalid end state \(/,
  one_astray: /assertion violated .*strayed/,
} as const;

type Property = keyof typeof PROPERTIES;

/** `safety`: the assertions and dead ends; `settles`: the LTL formula under weak fairness. */
type Search = 'safety' | 'settles';

interface Verdict {
  readonly isComplete: boolean;
  readonly errors: number;
  readonly broken: readonly Property[];
  /** States and transitions, for people. */
  readonly size: string;
}

/** The protocol, and what holds of it where something that it rests on is taken away. */
const PROVED: readonly (readonly [title: string, search: Search, ...switches: string[]])[] = [
  ['one on its way, epochs in order, recorded first and no dead end, whatever fails', 'safety'],
  ['the account shows the wish for good once wishes and faults have stopped', 'settles'],
  [
    'with an exclusive lock and early loss: all of it, if reads wait',
    'safety',
    'EXCLUSIVE_LOCK',
    'EARLY_LOSS',
    'SETTLE',
  ],
  [
    'with an exclusive lock and early loss: it settles, if reads wait',
    'settles',
    'EXCLUSIVE_LOCK',
    'EARLY_LOSS',
    'SETTLE',
  ],
  [
    'with an exclusive lock and early loss: it settles even so',
    'settles',
    'EXCLUSIVE_LOCK',
    'EARLY_LOSS',
    'ALLOW_TWO',
    'ALLOW_OLD',
  ],
];

const REFUTED: readonly (readonly [broken: Property, ...switches: string[]])[] = [
  // Rules of the protocol.
  ['one_on_its_way', 'NO_FENCE'],
  ['one_on_its_way', 'NO_LEASE_MARGIN'],
  ['epochs_in_order', 'NO_LEASE_MARGIN', 'ALLOW_TWO'],
  ['settles', 'NO_READ_AFTER_TAKEOVER'],
  ['one_on_its_way', 'TWO_IN_FLIGHT'],
  ['recorded_first', 'SEND_FIRST'],
  ['no_dead_end', 'NO_RENEWAL'],
  // What it rests on.
  ['one_on_its_way', 'PAUSE_AFTER_CHECK', 'ALLOW_OLD'],
  ['epochs_in_order', 'PAUSE_AFTER_CHECK', 'ALLOW_TWO'],
  ['one_astray', 'PAUSE_AFTER_CHECK', 'NO_FENCE', 'ALLOW_TWO', 'ALLOW_OLD'],
  ['epochs_in_order', 'CLOCK_STOPS', 'ALLOW_TWO'],
  ['one_on_its_way', 'EARLY_LOSS'],
  ['one_on_its_way', 'EXCLUSIVE_LOCK'],
  ['epochs_in_order', 'EXCLUSIVE_LOCK', 'ALLOW_TWO'],
];

describe('the model of ownership and single flight', { skip: missing() }, () => {
  for (const [title, search, ...switches] of PROVED) {
    it(title, async (t) => {
      const { size, ...verdict } = await check({ search, switches, isLong: switches.length === 0 });

      t.diagnostic(size);
      tell('spin', title, { title, size });
      assert.deepEqual(verdict, { isComplete: true, errors: 0, broken: [] });
    });
  }

  for (const [broken, ...switches] of REFUTED) {
    it(`is refuted by ${broken} with ${switches.join(', ')}`, async (t) => {
      const search = broken === 'settles' ? 'settles' : 'safety';

      const { size, ...verdict } = await check({ search, switches, isLong: false });

      t.diagnostic(size);
      const title = `${broken} with ${switches.join(', ')}`;
      tell('spin', title, { title, size });
      assert.deepEqual(verdict, { isComplete: false, errors: 1, broken: [broken] });
    });
  }
});

describe('reading a verdict of Spin', () => {
  const WHOLE = 'State-vector 100 byte, depth reached 9, errors: 0\n  12 states, stored\n';

  it('takes no search for complete that met a bound', () => {
    assert.equal(verdictOf(WHOLE).isComplete, true);
    for (const bound of [
      'error: max search depth too small',
      'pan: reached -DMEMLIM bound',
      'pan: out of memory',
      'Warning: Search not completed',
    ]) {
      assert.equal(verdictOf(`${bound}\n${WHOLE}`).isComplete, false, bound);
    }
  });

  it('does not read a verdict into output without one', () => {
    assert.throws(() => verdictOf('pan: syntax error'), /no verdict/);
  });
});

interface Question {
  readonly search: Search;
  readonly switches: readonly string[];
  /** Worth compiling well. */
  readonly isLong: boolean;
}

async function check({ search, switches, isLong }: Question): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-spin-'));
  try {
    await cp(MODELS, folder, { recursive: true });
    const options = { cwd: folder, timeout: MAX_MS, maxBuffer: 16 * 1024 * 1024 };
    const defines = switches.map((name) => `-D${name}`);
    await run('spin', [VALUES, ...defines, '-a', MODEL], options);
    // With seven processes the fairness algorithm needs three words.
    const kind = search === 'safety' ? ['-DSAFETY', '-DNOCLAIM'] : ['-DNFAIR=3'];
    const flags = [...kind, `-DMEMLIM=${MAX_MEGABYTES}`, isLong ? '-O1' : '-O0'];
    await run('gcc', ['-w', ...flags, '-o', 'pan', 'pan.c'], options);
    const ask = search === 'safety' ? [] : ['-a', '-f'];
    const { stdout } = await run(join(folder, 'pan'), [...ask, `-m${MAX_DEPTH}`, '-w22'], options);
    assert.match(stdout, search === 'safety' ? /invalid end states\t\+/ : /fairness enabled/);
    return verdictOf(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function verdictOf(output: string): Verdict {
  const errors = /errors: (\d+)/.exec(output)?.[1];
  if (errors === undefined) throw new Error(`no verdict in: ${output.slice(0, 500)}`);
  const bounds = /not completed|depth too small|MEMLIM|out of memory|truncated/i;
  const count = (what: RegExp): string => what.exec(output)?.[1] ?? '?';
  return {
    isComplete: !bounds.test(output),
    errors: Number(errors),
    broken: keys(PROPERTIES).filter((name) => PROPERTIES[name].test(output)),
    size: `${count(/(\S+) states, stored/)} states, ${count(/(\S+) transitions/)} transitions, depth ${count(/depth reached (\d+)/)}`,
  };
}

function keys<T extends object>(of: T): (keyof T & string)[] {
  return Object.keys(of).filter((key): key is keyof T & string => key in of);
}

function missing(): string | false {
  const works = (tool: string, ...args: string[]): boolean =>
    spawnSync(tool, args, { stdio: 'ignore' }).status === 0;
  const tools = [
    ...(works('spin', '-V') ? [] : ['spin']),
    // Also looks for the headers of C.
    ...(works('gcc', '-E', '-include', 'stdio.h', '-x', 'c', '/dev/null')
      ? []
      : ['gcc or libc6-dev']),
  ];
  if (tools.length === 0) return false;
  return `${tools.join(', ')} is not installed: apt-get install -y spin gcc libc6-dev`;
}
