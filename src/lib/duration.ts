/** Durations as people write them: `500ms`, `90s`, `5m`, `1h30m`, `2d`. Whole milliseconds inside. */

/** Longest duration that is read, ms: a year and a day. Longer ones are slips of the pen. */
const LONGEST_MS = 366 * 86_400_000;

/** Largest unit first, each at most once; the text of a schema's `pattern` as well. */
export const DURATION_PATTERN =
  '^(?=\\d)(?:\\d{1,9}d)?(?:\\d{1,9}h)?(?:\\d{1,9}m(?!s))?(?:\\d{1,9}(?:\\.\\d{1,3})?s)?(?:\\d{1,9}ms)?$';

const SHAPE = new RegExp(DURATION_PATTERN);

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const UNIT_MS: ReadonlyMap<string, number> = new Map(UNITS);

/** Milliseconds, or undefined when the text is no duration or is longer than a year and a day. */
export function parseDuration(text: string): number | undefined {
  if (!SHAPE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-z]+)/g)) {
    // Rounded because 0.29 s is 290.00000000000006 in binary.
    total += Math.round(Number(amount) * (UNIT_MS.get(unit ?? '') ?? Number.NaN));
  }
  return total <= LONGEST_MS ? total : undefined;
}

/** The shortest text that reads back as the same number of milliseconds. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  if (rest === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text;
}
