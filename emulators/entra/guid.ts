/** GUIDs drawn from the given randomness, so that a seeded run always makes the same ids. */
import type { Random } from '../../src/lib/random.ts';

export function guid(random: Random): string {
  const first = four(random) + four(random);
  const second = four(random);
  const version = `4${four(random).slice(1)}`;
  const variant = `a${four(random).slice(1)}`;
  const last = four(random) + four(random) + four(random);
  return `${first}-${second}-${version}-${variant}-${last}`;
}

/** Four hexadecimal digits. */
function four(random: Random): string {
  return Math.floor(random.next() * 0x10000)
    .toString(16)
    .padStart(4, '0');
}
