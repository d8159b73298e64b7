/**
 * The same promises over structured values, where a counterexample is shrunk to the smallest one:
 * whatever is printed here goes into `test/corpus/hostile` as a case.
 */
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ALL_TARGETS } from './all-targets.ts';
import { knownDefects } from './known-defects.ts';
import type { Target } from './trial.ts';
import { tryOne } from './trial.ts';

const RUNS = 300;
const SEED = 20_260_105;

/** Targets whose input is JSON of a known shape: values of other types are put into its places. */
const SHAPED: ReadonlySet<string> = new Set([
  'five9/frames',
  'five9/rows',
  'five9/replies',
  'five9/hosts',
  'five9/notices',
  'five9/lists',
  'teams/presences',
  'teams/reads',
  'teams/errors',
  'teams/people',
  'teams/tokens',
  'config/settings',
  'directory/listings',
  'directory/identities',
  'journal/rows',
  'engine/records',
  'engine/snapshots',
]);

/** Keys that the readers look for, among them those that every object has. */
const KEYS = [
  'id',
  'value',
  'state',
  'presence',
  'currentState',
  'readyChannels',
  'context',
  'eventId',
  'payLoad',
  'dataSource',
  'dataCenters',
  'apiUrls',
  'host',
  'port',
  'error',
  'error_codes',
  'access_token',
  'expires_in',
  'kind',
  'body',
  'platform',
  'states',
  'policy',
  'live',
  'epoch',
  'name',
  'upn',
  '__proto__',
  'constructor',
  'toString',
];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('5000', '5012', 'READY', 'AGENT_STATE', 'five9', '\ud800'),
);

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('tree'), { maxLength: 4 }),
    // By way of text, so that `__proto__` becomes a key of its own, as from a wire.
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('tree')), { maxLength: 6 })
      .map((pairs): unknown => JSON.parse(objectText(pairs))),
  ),
}));

function objectText(pairs: readonly (readonly [string, unknown])[]): string {
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

function isShaped({ name }: Target): boolean {
  return SHAPED.has(name);
}

describe('structured hostile input', () => {
  for (const target of ALL_TARGETS.filter(isShaped)) {
    it(`${target.name} keeps its promises for JSON of any shape`, async () => {
      const known = knownDefects(target.name);

      await fc.assert(
        fc.asyncProperty(tree, async (value) => {
          const tried = await tryOne(target, JSON.stringify(value), known);
          if (tried.kind === 'wrong') throw new Error(tried.why);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  }

  for (const name of [
    'lib/duration',
    'kit/retry-after',
    'kit/egress',
    'five9/cookies',
    'directory/csv',
  ]) {
    it(`${name} keeps its promises for any text`, async () => {
      const target = ALL_TARGETS.find((one) => one.name === name);
      if (target === undefined) throw new Error(`no target ${name}`);

      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (value) => {
          const tried = await tryOne(target, value, []);
          if (tried.kind === 'wrong') throw new Error(tried.why);
        }),
        { numRuns: RUNS * 3, seed: SEED },
      );
    });
  }
});
