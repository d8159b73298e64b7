import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CANARIES } from '../../simulation/canaries.ts';
import { CHECKERS } from '../../simulation/checkers/checkers.ts';
import { FAULTS } from '../../simulation/faults/catalogue.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('docs/trust.md', () => {
  it('tells of every promise, every fault and every canary that there is', () => {
    const page = readFileSync(join(ROOT, 'docs', 'trust.md'), 'utf8');
    const words = [
      ...CHECKERS.map(({ id, promise }) => `| ${id} | ${promise} |`),
      ...FAULTS.map(({ id, name }) => `| ${id} | ${name} |`),
      ...CANARIES.map(({ number, name }) => `| ${number} | ${name}`),
    ];

    const missing = words.filter((line) => !page.includes(line));

    assert.deepEqual(missing, [], 'npm test makes it anew, and npm run trust from its last run');
  });
});

describe('every canary', () => {
  it('finds the place where it is planted, once', () => {
    const lost = CANARIES.flatMap(({ number, patches }) =>
      patches
        .filter(({ file, find }) => readFileSync(join(ROOT, file), 'utf8').split(find).length !== 2)
        .map(({ file, find }) => `${number}: ${file}: ${find}`),
    );

    assert.deepEqual(lost, []);
  });

  it('has a number of its own, 1 to 25', () => {
    const numbers = CANARIES.map(({ number }) => number);

    assert.deepEqual(
      numbers,
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });
});
