/** GUIDs drawn from the given randomness, so that a seeded run always makes the same ids. */
import type { Random } from '../../src/lib/random.ts';

export function guid(random: Random): string {
  const hex = Array.from({ length: 8 }, () =>
    Math.floor(random.next() * 0x10000)
      .toString(16)
      .padStart(4, '0'),
  );
  const version = `4${(hex[3] ?? '').slice(1)}`;
  const variant = `a${(hex[4] ?? '').slice(1)}`;
  return `${hex[0]}${hex[1]}-${hex[2]}-${version}-${variant}-${hex[5]}${hex[6]}${hex[7]}`;
}
