import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as holds, nat, property } from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

void describe('parseDuration', () => {
  void it('reads each unit and sums of them', () => {
    assert.equal(parseDuration('500ms'), 500);
    assert.equal(parseDuration('90s'), 90_000);
    assert.equal(parseDuration('0.29s'), 290);
    assert.equal(parseDuration('5m'), 300_000);
    assert.equal(parseDuration('1h30m'), 5_400_000);
    assert.equal(parseDuration('1d2h3m4s5ms'), 93_784_005);
    assert.equal(parseDuration('0s'), 0);
  });

  void it('refuses what is no duration', () => {
    const wrong = [
      '',
      '90',
      's',
      '5 m',
      '-5s',
      '5M',
      '1m1h',
      '5s5s',
      '1.5m',
      '1e3s',
      '5sec',
      ' 5s',
      'd1',
    ];
    for (const text of wrong) assert.equal(parseDuration(text), undefined, JSON.stringify(text));
  });

  void it('refuses more than a year and a day', () => {
    assert.equal(parseDuration('366d'), 366 * 86_400_000);
    assert.equal(parseDuration('366d1ms'), undefined);
    assert.equal(parseDuration('999999999d'), undefined);
  });

  void it('reads back what formatDuration writes', () => {
    holds(property(nat(366 * 86_400_000), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

void describe('formatDuration', () => {
  void it('is short', () => {
    assert.equal(formatDuration(0), '0s');
    assert.equal(formatDuration(90_000), '1m30s');
    assert.equal(formatDuration(7_200_000), '2h');
    assert.equal(formatDuration(1_500), '1s500ms');
  });
});
