/** One way in which the world goes wrong: how it is brought about, and how the product shows that it noticed. */
import type { Random } from '../../src/lib/random.ts';
import type { Settings } from '../settings.ts';
import type { Person } from '../truths.ts';
import type { World } from '../world.ts';

export interface Scene {
  readonly world: World;
  readonly draw: Random;
  readonly lastsMs: number;
}

export interface Fault {
  /** Its number in the catalogue, with a letter where one number has several faces. */
  readonly id: string;
  readonly name: string;
  /** Shortest and longest, ms; absent: it happens once. */
  readonly lastsMs?: readonly [least: number, most: number];
  /** How often beside the others; default 1. */
  readonly weight?: number;
  /** The vendor then answers what is not so, which nobody can know. */
  readonly lies?: boolean;
  /** It concerns one person, whom it names in `world.afflicted`; all others must not feel it. */
  readonly isPersonal?: boolean;
  readonly fits?: (settings: Settings) => boolean;
  /** Brings it about; the answer undoes it at its end. */
  begin(scene: Scene): (() => void) | undefined;
  /** A count that grows when the product, or the double that it met, noticed. */
  noticed(world: World): number;
}

export function pickFrom<T>(draw: Random, list: readonly T[]): T | undefined {
  return list[Math.floor(draw.next() * list.length)];
}

export function anybody({ world, draw }: Scene): Person | undefined {
  return pickFrom(draw, world.mapped());
}

/** Somebody of whom this holds now, else anybody. */
export function somebody(scene: Scene, holds: (person: Person) => boolean): Person | undefined {
  const fitting = scene.world.mapped().filter(holds);
  return pickFrom(scene.draw, fitting) ?? anybody(scene);
}

export function between(draw: Random, least: number, most: number): number {
  return Math.round(least + draw.next() * (most - least));
}

/** An act that may be impossible just now, as in life. */
export function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** What a momentary fault leaves armed (the next three writes fail) lasts at most this long. */
export const LINGERS_MS = 300_000;

export function notes(world: World, ...names: readonly string[]): number {
  return world.evidence.sum(names);
}
