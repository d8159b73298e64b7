/**
 * A clock whose time passes only when told: tests and simulations run hours in milliseconds and
 * every run is the same.
 *
 * 1. Tasks run in order of their due time; equal times run in the order in which they were set.
 * 2. A task never runs before it is due, and never inside `after`.
 * 3. `now` and `monotonic` move together unless `stepWall` moves the wall clock alone.
 */
import type { Clock, Timer } from '../src/lib/clock.ts';

export interface VirtualClock extends Clock {
  /** Runs everything due within the next `ms` and leaves the clock there. Synchronous. */
  advance(ms: number): void;
  /** As `advance`, but lets promises settle after every task, so that asynchronous code keeps up. */
  run(ms: number): Promise<void>;
  /** Moves the wall clock alone, as a time-server step would. */
  stepWall(ms: number): void;
  /** Tasks that are set and not cancelled. */
  waiting(): number;
}

class Entry implements Timer {
  readonly due: number;
  readonly order: number;
  private readonly waiting: { live: number };
  private task: (() => void) | undefined;

  constructor(at: Pick<Entry, 'due' | 'order'>, waiting: { live: number }, task: () => void) {
    this.due = at.due;
    this.order = at.order;
    this.waiting = waiting;
    this.task = task;
    waiting.live += 1;
  }

  cancel(): void {
    this.take();
  }

  /** The task, for once; undefined when it was cancelled. */
  take(): (() => void) | undefined {
    const { task } = this;
    if (task !== undefined) this.waiting.live -= 1;
    this.task = undefined;
    return task;
  }
}

/** `startAt` is the wall-clock time at the beginning, epoch ms. */
export function virtualClock(startAt: number): VirtualClock {
  return new HeapClock(startAt);
}

class HeapClock implements VirtualClock {
  private readonly heap: Entry[] = [];
  private wallOffset: number;
  private elapsed = 0;
  private order = 0;
  private readonly set = { live: 0 };

  constructor(startAt: number) {
    this.wallOffset = startAt;
  }

  now(): number {
    // Machines tell whole milliseconds, whatever the delays add up to.
    return Math.floor(this.wallOffset + this.elapsed);
  }

  monotonic(): number {
    return this.elapsed;
  }

  after(delayMs: number, task: () => void): Timer {
    const at = { due: this.elapsed + Math.max(0, delayMs), order: this.order };
    const entry = new Entry(at, this.set, task);
    this.order += 1;
    push(this.heap, entry);
    return entry;
  }

  advance(ms: number): void {
    const end = this.elapsed + ms;
    while (this.runNext(end));
    this.elapsed = end;
  }

  async run(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    // From here on this is a promise reaction itself, as `settled` needs it.
    await Promise.resolve();
    await settled();
    while (this.runNext(end)) await settled();
    this.elapsed = end;
    await turned();
  }

  stepWall(ms: number): void {
    this.wallOffset += ms;
  }

  waiting(): number {
    return this.set.live;
  }

  /** False when nothing more is due. */
  private runNext(end: number): boolean {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.due > end) return false;
      pop(this.heap);
      const task = first.take();
      // After a cancelled task there is nothing that could have to settle.
      if (task === undefined) continue;
      this.elapsed = Math.max(this.elapsed, first.due);
      task();
      return true;
    }
  }
}

/**
 * Called from a promise reaction: every other that is ready has run by then, and every one that
 * followed from it. A whole turn of the event loop would cost ten times as much.
 */
function settled(): Promise<void> {
  return new Promise(afterReactions);
}

/** A tick that was asked for by a reaction comes when no reaction is left. */
function afterReactions(resolve: () => void): void {
  process.nextTick(resolve);
}

/** As `settled`, and one turn of the event loop: what is real, a socket or a worker, gets its turn. */
function turned(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function before(a: Entry, b: Entry): boolean {
  return a.due !== b.due ? a.due < b.due : a.order < b.order;
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(entry, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const below = child === undefined ? undefined : heap[child];
    if (child === undefined || below === undefined || !before(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly Entry[], index: number): number | undefined {
  const left = 2 * index + 1;
  const a = heap[left];
  if (a === undefined) return undefined;
  const b = heap[left + 1];
  return b !== undefined && before(b, a) ? left + 1 : left;
}
