/**
 * The search from the command line, for scopes that are too large for a test:
 *
 *     node --import tsx simulation/small-scope/main.ts --changes 4 --faults 2 --pauses 1 --depth 9
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { step } from '../../src/core/core.ts';
import { ROOT_NAMES, rootNamed } from './roots.ts';
import type { Limits, Report } from './search.ts';
import { search } from './search.ts';
import type { Scope } from './system.ts';

/** The defaults of everything that a caller need not care about. */
export function scopeOf(given: Partial<Scope>): Scope {
  return {
    step,
    changes: 2,
    faults: 1,
    pauses: 2,
    stampRule: 'on_change',
    lateMs: 5_000,
    afterCallWork: 'busy',
    guard: 'recent_and_after_own_write',
    ...given,
  };
}

export function limitsOf(given: Partial<Limits>): Limits {
  return { states: 2_000_000, violations: 20, auditEvery: 500, ...given };
}

export function wordsOf(report: Report): string[] {
  const { violations, exceptions, ...counts } = report;
  const found = violations.flatMap(({ what, trace }) => ['', `VIOLATION ${what}`, ...trace]);
  return [JSON.stringify({ ...counts, exceptions }), ...found];
}

const USAGE = `Options, all with a value:
  --changes N  --faults N  --pauses N   budgets of one way (default 2, 1, 2)
  --depth N      actions in a row (default: no limit)
  --states N     worlds after which it ends (default 2000000)
  --violations N different ones after which it ends (default 20)
  --audit N      one of N merged worlds is compared (default 500)
  --late MS      how long an answer may be away (default 5000)
  --stamps on_change|every_write   --after-call-work busy|in_call
  --guard recent|recent_and_after_own_write
  --from NAME    one beginning instead of all: ${ROOT_NAMES.join('; ')}
`;

function oneOf<T extends string>(text: string | undefined, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new RangeError(`${text} is none of ${known.join(', ')}`);
  return found;
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new RangeError(`--${name}: ${text} is no count; give a whole number`);
  }
  return value;
}

function run(args: readonly string[]): Report {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      changes: { ...text, default: '2' },
      faults: { ...text, default: '1' },
      pauses: { ...text, default: '2' },
      depth: text,
      states: { ...text, default: '2000000' },
      violations: { ...text, default: '20' },
      audit: { ...text, default: '500' },
      late: { ...text, default: '5000' },
      stamps: { ...text, default: 'on_change' },
      'after-call-work': { ...text, default: 'busy' },
      guard: { ...text, default: 'recent' },
      from: text,
    },
  });
  const scope = scopeOf({
    changes: count('changes', values.changes),
    faults: count('faults', values.faults),
    pauses: count('pauses', values.pauses),
    lateMs: count('late', values.late),
    stampRule: oneOf(values.stamps, ['on_change', 'every_write']),
    afterCallWork: oneOf(values['after-call-work'], ['busy', 'in_call']),
    guard: oneOf(values.guard, ['recent', 'recent_and_after_own_write']),
  });
  const names = values.from === undefined ? ROOT_NAMES : [values.from];
  const roots = names.map((name) => rootNamed(name, scope));
  const limits = limitsOf({
    states: count('states', values.states),
    violations: count('violations', values.violations),
    auditEvery: Math.max(1, count('audit', values.audit)),
    ...(values.depth === undefined ? {} : { depth: count('depth', values.depth) }),
  });
  return search(scope, roots, limits);
}

function main(): void {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  const began = performance.now();
  const report = run(args);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const mebibytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  process.stdout.write(`${wordsOf(report).join('\n')}\n${seconds} s, ${mebibytes} MiB\n`);
  if (report.violations.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
