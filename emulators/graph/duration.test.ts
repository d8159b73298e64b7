import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDuration } from './duration.ts';

describe('Edm.Duration', () => {
  it('reads days, hours, minutes and seconds', () => {
    assert.equal(parseDuration('PT5M'), 300_000);
    assert.equal(parseDuration('PT4H'), 14_400_000);
    assert.equal(parseDuration('P1DT1H1M1.5S'), 90_061_500);
    assert.equal(parseDuration('-PT5M'), -300_000);
  });

  it('takes nothing else', () => {
    for (const text of ['', 'P', 'PT', 'P1', 'P1M', 'P1W', '5M', 'pt5m', 'PT5M ', 'P1DT']) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });
});
