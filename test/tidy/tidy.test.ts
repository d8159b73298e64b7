import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');

/** What git would carry: tracked files and new ones that are not ignored. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

const texts = files
  .filter((path) => /\.(ts|tsx|mjs|json|md|yml|yaml|html|css)$/.test(path) || path === '.ci/run')
  .filter((path) => !path.startsWith('test/tidy/'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Words in pieces, so that this file does not find itself. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(['\\b(it|test|describe)\\.(only|to', 'do)\\b'].join('')),
    'a test that is focused or missing',
  ],
  [new RegExp(['\\b(TO', 'DO|FIX', 'ME|XX', 'X)\\b'].join('')), 'an unfinished place'],
  [new RegExp(['@ts-(ig', 'nore|expect-error|nocheck)'].join('')), 'a silenced compiler'],
  [new RegExp(['(ox|es)lint-dis', 'able'].join('')), 'a silenced linter'],
  [new RegExp(['regis', 'try\\.npmjs'].join('')), 'the host of a package registry'],
  [new RegExp(['"resol', 'ved": "http'].join('')), 'a download address'],
  [
    new RegExp(['(^|[^\\w.])/(wo', 'rk|ro', 'ot|ho', 'me)/[A-Za-z0-9]'].join(''), 'm'),
    'a path of one machine',
  ],
];

describe('the repository', () => {
  it('is seen by this test', () => {
    assert.ok(texts.length > 300, `only ${texts.length} files`);
  });

  for (const [pattern, what] of BANNED) {
    it(`holds no ${what.replace(/^an? /, '')}`, () => {
      const found = texts
        .filter(
          ({ path }) =>
            path !== 'package-lock.json' || what.includes('address') || what.includes('host'),
        )
        .filter(({ path }) => path !== 'STYLE.md' || !what.includes('unfinished'))
        .filter(({ text }) => pattern.test(text))
        .map(({ path }) => path);
      assert.deepEqual(found, []);
    });
  }

  it('links only to files that exist', () => {
    const broken = texts
      .filter(({ path }) => path.endsWith('.md'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].flatMap((match) => {
          const target = join(ROOT, path, '..', match[1] ?? '');
          return existsSync(target) ? [] : [`${path} -> ${match[1] ?? ''}`];
        }),
      );
    assert.deepEqual(broken, []);
  });

  it('names every source file in kebab case and keeps no drawer for leftovers', () => {
    const odd = files
      .filter((path) => /^(src|emulators|simulation|web\/src|test)\//.test(path))
      .filter((path) =>
        /(^|\/)(utils?|helpers?|managers?|services|types|misc)(\/|\.tsx?$)/.test(path),
      );
    assert.deepEqual(odd, []);
  });
});
