import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTree, violations } from './imports.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('architecture', () => {
  it('has no import, package or impurity that the rules forbid', () => {
    const files = readTree(ROOT, ['src', 'emulators', 'web/src']);

    assert.ok(files.length >= 150, `only ${files.length} files were seen`);
    assert.deepEqual(violations(files), []);
  });

  it('lets no product code import the simulation, and the emulators only from their doors', () => {
    const files = readTree(ROOT, ['src']);

    const strays = files.flatMap(({ path, imports, dynamicImports }) =>
      [...imports, ...dynamicImports]
        .filter((target) => target.includes('simulation/'))
        .map((target) => `${path} imports ${target}`),
    );
    assert.deepEqual(strays, []);
  });

  it('finds a planted violation of each kind', () => {
    const planted = readTree(join(import.meta.dirname, 'fixtures', 'planted'), ['src']);

    const found = violations(planted).join('\n');
    assert.match(found, /src\/core\/bad\.ts uses the package node:fs/);
    assert.match(found, /src\/core\/bad\.ts imports src\/connectors\/teams\/index\.ts/);
    assert.match(found, /src\/core\/bad\.ts is pure but has \\bDate/);
  });
});
