/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatBytesPerSecond,
  formatDelay,
  formatMoment,
  formatShare,
  formatSpan,
} from './format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('figures for people', () => {
  it('gives a span in two units at most', () => {
    const cases: readonly [number, string][] = [
      [-5, '0 s'],
      [999, '0 s'],
      [2000, '2 s'],
      [59_999, '59 s'],
      [MINUTE, '1 min'],
      [59 * MINUTE + 59_999, '59 min'],
      [HOUR, '1 h'],
      [HOUR + 5 * MINUTE, '1 h 5 min'],
      [26 * HOUR, '1 d 2 h'],
      [48 * HOUR + 59 * MINUTE, '2 d'],
    ];
    for (const [ms, words] of cases) assert.equal(formatSpan(ms), words, String(ms));
  });

  it('gives a delay with the tenths that matter', () => {
    assert.equal(formatDelay(412.4), '412 ms');
    assert.equal(formatDelay(2350), '2.4 s');
    assert.equal(formatDelay(75_000), '1 min');
  });

  it('never rounds a part up to the whole', () => {
    assert.equal(formatShare(0.954), '95%');
    assert.equal(formatShare(0.9999), '99.9%');
    assert.equal(formatShare(1), '100%');
  });

  it('gives traffic in bytes or kilobytes', () => {
    assert.equal(formatBytesPerSecond(4.25), '4.3 B/s');
    assert.equal(formatBytesPerSecond(41.2), '41 B/s');
    assert.equal(formatBytesPerSecond(4960), '5 KB/s');
  });

  it('gives the date only when it is another day', () => {
    const noon = new Date(2026, 10, 24, 12, 0, 5).getTime();
    assert.equal(formatMoment(noon, noon + HOUR), '12:00:05');
    assert.equal(formatMoment(noon, noon + 30 * HOUR), '24 Nov 2026, 12:00:05');
  });
});
