/** The trial itself: each thing that must not happen is planted once, and must be noticed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report, Target } from './trial.ts';
import { check, runTrial } from './trial.ts';

function planted(read: (text: string) => unknown, more: Partial<Target> = {}): Target {
  return {
    name: 'planted/parser',
    covers: [],
    inputs: 200,
    text: (random) => String(Math.floor(random.next() * 1_000)),
    read,
    ...more,
  };
}

function run(target: Target): Promise<Report> {
  return runTrial(target, 'planted');
}

describe('a trial', () => {
  it('lets pass what says no by its own error, and what gives an answer', async () => {
    const refuses = (error: unknown): boolean => error instanceof RangeError;
    const target = planted(
      (text) => {
        if (text.endsWith('7')) throw new RangeError('not a seven');
      },
      { refuses },
    );

    assert.deepEqual((await run(target)).failures, []);
  });

  it('notices an error of another kind, thrown or rejected, and gives the input', async () => {
    for (const read of [thrower, rejecter]) {
      const { failures } = await run(planted(read));

      assert.match(failures[0]?.why ?? '', /^TypeError: a seven/);
      assert.match(failures[0]?.input ?? '', /^"\d*7"/);
    }
  });

  it('notices a promise that is broken', async () => {
    const { failures } = await run(planted((text) => check(!text.endsWith('7'), 'never a seven')));

    assert.match(failures[0]?.why ?? '', /^Broken: never a seven/);
  });

  it('notices a shared prototype that was changed', async () => {
    const read = (): void => void Reflect.set(Object.prototype, 'polluted', true);
    try {
      const { failures } = await run(planted(read));

      assert.match(failures[0]?.why ?? '', /a shared prototype was changed: polluted/);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  it('notices an input that takes too long', async () => {
    const read = (): void => {
      const end = performance.now() + 20;
      while (performance.now() < end);
    };
    const { failures } = await run(planted(read, { inputs: 2, inputMsMax: 10 }));

    assert.match(failures[0]?.why ?? '', /^it took \d+ ms/);
  });

  it('notices a heap that grows', async () => {
    const kept: string[][] = [];
    const read = (text: string): void => void kept.push(Array.from({ length: 1_000 }, () => text));
    const { grownBytes } = await run(planted(read, { inputs: 4_000 }));

    assert.ok(grownBytes > 6 * 1024 * 1024, `${grownBytes} bytes`);
    assert.equal(kept.length, 4_000);
  });

  it('gives the same inputs for the same seed', async () => {
    const seen: string[][] = [[], []];
    for (const list of seen) await run(planted((text) => void list.push(text)));

    assert.deepEqual(seen[0], seen[1]);
    assert.ok(new Set(seen[0]).size > 100);
  });
});

function thrower(text: string): void {
  if (text.endsWith('7')) throw new TypeError('a seven');
}

function rejecter(text: string): Promise<void> {
  return text.endsWith('7') ? Promise.reject(new TypeError('a seven')) : Promise.resolve();
}
