/** Odd values that a platform might report: every JSON type, deep, long, and with loaded names. */
import type { Random } from '../../../lib/random.ts';

const NAMES = ['__proto__', 'constructor', 'toString', 'id', 'value', '', '\u202e', 'a'] as const;
const TEXTS = [
  '',
  'null',
  '[object Object]',
  '__proto__',
  '\u0000\ud800',
  '<script>',
  '=1+1',
  'x'.repeat(10_000),
] as const;
const NUMBERS = [0, -0, -1, 1e308, 2 ** 53, 0.1, -1e-320] as const;

/** A JSON value, nested at most `depth` times. */
export function hostileValue(random: Random, depth = 3): unknown {
  const kind = Math.floor(random.next() * (depth > 0 ? 7 : 5));
  const length = Math.floor(random.next() * 4);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random.next() < 0.5;
    case 2:
      return pick(random, NUMBERS);
    case 3:
    case 4:
      return pick(random, TEXTS);
    case 5:
      return Array.from({ length }, () => hostileValue(random, depth - 1));
    default:
      // By way of text, so that `__proto__` becomes a property of its own, as from a wire.
      return JSON.parse(
        `{${Array.from({ length }, () => {
          const name = JSON.stringify(pick(random, NAMES));
          return `${name}:${JSON.stringify(hostileValue(random, depth - 1))}`;
        }).join(',')}}`,
      );
  }
}

function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[Math.floor(random.next() * list.length)];
}
