/**
 * The same world with the milliseconds of its times spread out again. Every length of time is a
 * multiple of half a second and an action takes one millisecond, so the milliseconds say only what
 * came first; spread out, no number of actions makes one moment catch up with another. Worlds of
 * one text (`canonical.ts`) then have one future.
 */
import type { System } from './system.ts';
import { START_MS } from './system.ts';

const CLUSTER_MS = 500;

export function respaced(system: System): System {
  const phases = new Set<number>();
  collect(system, phases);
  const order = [...phases].sort((a, b) => a - b);
  const step = Math.max(2, Math.floor(CLUSTER_MS / (order.length + 2)));
  const place = new Map(order.map((phase, index) => [phase, index * step]));
  if (order.length * step >= CLUSTER_MS) throw new Error('too many moments in one world');
  const moved = withTimes(system, (time) => {
    const phase = time % CLUSTER_MS;
    return time - phase + (place.get(phase) ?? 0);
  });
  return isSystem(moved) ? moved : system;
}

/** Counters and stamps are small numbers; lengths of time are below the start of the clock. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= START_MS;
}

function collect(value: unknown, phases: Set<number>): void {
  if (isTime(value)) phases.add(value % CLUSTER_MS);
  else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collect(each, phases);
  }
}

/** What holds no time stays the same object. */
function withTimes(value: unknown, move: (time: number) => number): unknown {
  if (isTime(value)) return move(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    const next = list.map((each) => withTimes(each, move));
    return next.some((each, index) => each !== list[index]) ? next : list;
  }
  const next: Record<string, unknown> = {};
  let isMoved = false;
  for (const [key, each] of Object.entries(value)) {
    next[key] = withTimes(each, move);
    isMoved ||= next[key] !== each;
  }
  return isMoved ? next : value;
}

/** Times were moved and nothing else; the guard only tells the compiler. */
function isSystem(value: unknown): value is System {
  return typeof value === 'object' && value !== null;
}
