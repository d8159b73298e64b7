/** Draws from the distributions that a working day is made of. */
import type { Random } from '../../src/lib/random.ts';
import type { Spread } from './profiles.ts';

/** Standard normal, by Box and Muller. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

export function lognormal(random: Random, { mean, sigma, floor }: Spread): number {
  const mu = Math.log(mean) - (sigma * sigma) / 2;
  return Math.max(floor, Math.exp(mu + sigma * normal(random)));
}

export function uniform(random: Random, from: number, to: number): number {
  return from + random.next() * (to - from);
}

/** One of the items, each equally likely. */
export function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random.next() * items.length)] ?? items[0];
}

export function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
