/**
 * Nobody forgets a parser: each file of the product is read by a trial, or stands in the table of
 * those that take no outside input, with the reason.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { API_PATHS } from './api-targets.ts';
import { openApi } from './api-bench.ts';
import { ALL_TARGETS } from './all-targets.ts';
import { NO_OUTSIDE_INPUT } from './no-outside-input.ts';

const ROOT = join(import.meta.dirname, '..', '..');

function productFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !/\.test\.ts$|\.test-kit\.ts$|\/fixtures\/|\/conformance\//.test(path));
}

const covered = new Set(ALL_TARGETS.flatMap(({ covers }) => covers));

/** A line of the table stands for a file, or for a folder when it ends with a slash. */
function forgotten(files: readonly string[]): string[] {
  const lines = Object.keys(NO_OUTSIDE_INPUT);
  return files.filter(
    (file) =>
      !covered.has(file) &&
      !lines.some((line) => file === line || (line.endsWith('/') && file.startsWith(line))),
  );
}

describe('the boundary', () => {
  it('has a trial for every file, or the reason why there is none', () => {
    const files = productFiles();

    assert.ok(files.length > 150, `${files.length} files were seen`);
    assert.deepEqual(forgotten(files), []);
  });

  it('notices a file that nobody has thought of', () => {
    const planted = ['src/connectors/five9/new-parser.ts', 'src/api/routes/new-route.ts'];

    assert.deepEqual(forgotten([...planted, 'src/connectors/five9/frame.ts']), planted);
  });

  it('names only files that are there, each in one place', () => {
    const lines = Object.keys(NO_OUTSIDE_INPUT);

    assert.deepEqual(
      [...covered, ...lines].filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
    assert.deepEqual(
      lines.filter((path) => covered.has(path)),
      [],
    );
  });

  it('asks for every route that the server has, and describes no other', async () => {
    const bench = await openApi();

    const tree = bench.server.printRoutes({ commonPrefix: false });
    const missing = API_PATHS.filter(
      (path) =>
        !bench.server.hasRoute({ method: 'GET', url: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    );
    await bench.close();

    assert.deepEqual(missing, []);
    const leaves = tree.split('\n').filter((line) => /\(.*\)/.test(line));
    // Beside them stand the console: its page and its files.
    assert.equal(leaves.length, API_PATHS.length + 2, tree);
    const acts = leaves.filter((line) => /POST|PUT|PATCH|DELETE/.test(line));
    assert.equal(acts.length, 1, tree);
    assert.match(acts[0] ?? '', /v1\/checks \(.*POST/, 'all else is read-only');
  });

  it('has names that are not given twice', () => {
    const names = ALL_TARGETS.map(({ name }) => name);

    assert.equal(new Set(names).size, names.length);
  });
});
