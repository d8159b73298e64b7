/**
 * What a seed stands for, as plain data: how many agents, which settings and readings of the
 * vendors' contracts, and which faults happen when. A plan can be printed, cut down and run again.
 *
 * S1  Swarm testing: every seed draws its own mix of faults and their intensity, not only their
 *     times, so that faults meet in combinations that no mix of everything would give.
 */
import type { Random } from '../src/lib/random.ts';
import { seededRandom } from '../src/lib/random.ts';
import { FAULTS } from './faults/catalogue.ts';
import { drawSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export const MINUTE_MS = 60_000;

export interface FaultEvent {
  /** An id of the catalogue. */
  readonly fault: string;
  /** Ms after the start. */
  readonly at: number;
  readonly lastsMs: number;
  /** Seed of whatever the fault draws itself. */
  readonly draw: number;
}

export interface Plan extends Settings {
  readonly seed: number;
  readonly minutes: number;
  readonly events: readonly FaultEvent[];
}

/** Share of the faults that a seed of full intensity switches on. */
const CHOSEN = 0.3;
const FAULTLESS = 0.08;
/** The last faults begin this long before the end of the first phase. */
const QUIET_MS = 3 * MINUTE_MS;
const FIRST_MS = 2 * MINUTE_MS;

/** With the rest that follows, which lasts at least seven minutes, a seed is an hour. */
const MINUTES = 53;

export function planOf(seed: number, minutes = MINUTES): Plan {
  const random = seededRandom(`plan/${seed}`);
  const settings = drawSettings(random.fork('settings'));
  const events =
    random.next() < FAULTLESS ? [] : drawEvents(random.fork('faults'), settings, minutes);
  return { seed, minutes, ...settings, events };
}

function drawEvents(random: Random, settings: Settings, minutes: number): FaultEvent[] {
  const intensity = random.next();
  const span = minutes * MINUTE_MS - FIRST_MS - QUIET_MS;
  const events = FAULTS.flatMap((fault) => {
    const isOn = random.next() < CHOSEN * (0.2 + intensity) * (fault.weight ?? 1);
    const times = 1 + Math.floor(random.next() * 2.5 * intensity);
    const own = random.fork(fault.id);
    if (!isOn || !(fault.fits?.(settings) ?? true)) return [];
    return Array.from({ length: times }, () => eventOf(fault, own, span));
  });
  return events.sort((a, b) => a.at - b.at);
}

function eventOf(fault: (typeof FAULTS)[number], random: Random, span: number): FaultEvent {
  const [least, most] = fault.lastsMs ?? [0, 0];
  return {
    fault: fault.id,
    at: Math.round(FIRST_MS + random.next() * span),
    lastsMs: Math.round(least + random.next() ** 2 * (most - least)),
    draw: Math.floor(random.next() * 2 ** 31),
  };
}
