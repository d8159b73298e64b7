import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 5, 8, 0, 0);

describe('retryAfterMs', () => {
  const cases: readonly (readonly [string | undefined, number | undefined])[] = [
    ['7', 7_000],
    [' 7 ', 7_000],
    ['2.128', 2_128],
    ['0', 1_000],
    ['0.2', 1_000],
    ['3600', 3_600_000],
    ['86400', 3_600_000],
    ['1e9', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Mon, 05 Jan 2026 08:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 07:00:00 GMT', 1_000],
    ['Tue, 06 Jan 2026 08:00:00 GMT', 3_600_000],
    ['-5', undefined],
    ['NaN', undefined],
    ['soon', undefined],
    ['1 minute', undefined],
    ['2026-01-05T08:00:30Z', undefined],
    ['Xyz, 99 Foo 2026 99:99:99 GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [header, wait] of cases) {
    it(`reads ${String(header).slice(0, 40)} as ${wait ?? 'no wait'}`, () => {
      assert.equal(retryAfterMs(header, NOW), wait);
    });
  }

  it('stays between a second and an hour for any text', () => {
    check(
      property(string(), (text) => {
        const wait = retryAfterMs(text, NOW);
        return wait === undefined || (wait >= 1_000 && wait <= 3_600_000);
      }),
    );
  });
});
