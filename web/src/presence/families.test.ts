/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { texts } from '../texts.ts';
import { lookOf } from './families.ts';
import { SIGN_PATHS, STEP_PATHS } from './signs.ts';
import { causeWords, presetWords } from './words.ts';

/** Presets that mean the same to the eye; their words tell them apart. */
const TWINS = [
  ['available', 'ready'],
  ['offline', 'off_work'],
  ['break', 'meal'],
];

describe('the language of presence', () => {
  it('tells any two presets apart without colour', () => {
    const seen = new Map<string, string>();
    for (const preset of Object.keys(texts.presets)) {
      const { sign } = lookOf(preset);
      const other = seen.get(sign);
      const twins = TWINS.some((pair) => pair.includes(preset) && pair.includes(other ?? ''));
      assert.ok(other === undefined || twins, `${preset} looks like ${String(other)}`);
      seen.set(sign, preset);
    }
  });

  it('shows a preset that it does not know as unknown, under its own name', () => {
    assert.deepEqual(lookOf('on_the_moon'), lookOf('unknown'));
    assert.deepEqual(lookOf('constructor'), lookOf('unknown'));
    assert.equal(presetWords('on_the_moon'), 'on_the_moon');
    assert.equal(causeWords('constructor'), 'constructor');
  });

  it('draws every sign', () => {
    for (const path of [...Object.values(SIGN_PATHS), ...Object.values(STEP_PATHS)]) {
      assert.match(path, /^M[\d .,a-zA-Z-]+$/u);
    }
  });
});
