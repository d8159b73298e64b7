/** GUIDs drawn from the given randomness or from a text, so that every run makes the same ids. */
import { createHash } from 'node:crypto';
import type { Random } from '../../src/lib/random.ts';

export function guid(random: Random): string {
  const first = four(random) + four(random);
  const second = four(random);
  const version = `4${four(random).slice(1)}`;
  const variant = `a${four(random).slice(1)}`;
  const last = four(random) + four(random) + four(random);
  return `${first}-${second}-${version}-${variant}-${last}`;
}

/** Always the same for the same text, and never two alike. */
export function guidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, at, ends) => hex.slice(at === 0 ? 0 : ends[at - 1], end))
    .join('-');
}

/** Four hexadecimal digits. */
function four(random: Random): string {
  return Math.floor(random.next() * 0x10000)
    .toString(16)
    .padStart(4, '0');
}
