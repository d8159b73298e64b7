/**
 * A test rig for connectors: virtual time and recorders for everything that a connector says.
 * Only tests use it. The connector's own harness puts its scripted platform behind the exchange
 * and the socket.
 *
 * R1  Time moves only by `advance` and `until`; no real timer decides anything.
 * R2  Everything that leaves the connector is kept in the order in which it came.
 */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../../../lib/clock.ts';
import { seededRandom, type Random } from '../../../lib/random.ts';
import type { AccountId } from '../../../model/ids.ts';
import type { Observation } from '../../../model/observation.ts';
import type { Budget, Health, Log, Sink } from '../../connector.ts';

const START = Date.UTC(2026, 0, 5, 8);
const LOG_LIMIT = 10_000;

interface Due {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

export interface VirtualClock extends Clock {
  /** Runs everything that falls due within `ms`, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until `seen` holds; fails after `limitMs` of virtual time. */
  until(seen: () => boolean, what: string, limitMs?: number): Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  const due = new Set<Due>();
  let now = START;
  let order = 0;
  const next = (): Due | undefined =>
    [...due].sort((a, b) => a.at - b.at || a.order - b.order).at(0);
  const step = async (target: number): Promise<boolean> => {
    const first = next();
    if (first === undefined || first.at > target) return false;
    due.delete(first);
    now = Math.max(now, first.at);
    first.task();
    await turn();
    return true;
  };
  return {
    now: () => now,
    monotonic: () => now - START,
    after(delayMs, task): Timer {
      const entry = { at: now + Math.max(0, delayMs), order: (order += 1), task };
      due.add(entry);
      return { cancel: () => void due.delete(entry) };
    },
    async advance(ms): Promise<void> {
      const target = now + ms;
      await turn();
      while (await step(target));
      now = target;
    },
    async until(seen, what, limitMs = 600_000): Promise<void> {
      const target = now + limitMs;
      await turn();
      while (!seen()) {
        const ran = await step(target);
        if (!ran && !seen()) assert.fail(`never happened: ${what}`);
      }
    },
  };
}

interface Said {
  readonly observations: Observation[];
  readonly missing: AccountId[];
  readonly confirmed: number[];
  readonly health: Health[];
  readonly counts: Map<string, number>;
  /** Calls of the sink of any kind. */
  calls: number;
}

export interface Rig {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly log: Log;
  readonly lines: string[];
  readonly sink: Sink;
  readonly said: Said;
  readonly budget: Budget;
  readonly spent: { reads: number; spends: number; throttled: (number | undefined)[] };
  /** Closes or opens the lane that `budget.read` waits for. */
  lane(open: boolean): void;
  /** The newest health state, or `none`. */
  state(): string;
}

export function createRig(seed = 'rig'): Rig {
  const lines: string[] = [];
  const said = newSaid();
  const lane = createLane();
  return {
    clock: createVirtualClock(),
    random: seededRandom(seed),
    log: recordingLog(lines),
    lines,
    sink: recordingSink(said),
    said,
    budget: lane.budget,
    spent: lane.spent,
    lane: lane.set,
    state: () => said.health.at(-1)?.state ?? 'none',
  };
}

function newSaid(): Said {
  return {
    observations: [],
    missing: [],
    confirmed: [],
    health: [],
    counts: new Map(),
    calls: 0,
  };
}

function recordingSink(said: Said): Sink {
  const heard = (): void => {
    said.calls += 1;
  };
  return {
    observe(observations): void {
      heard();
      said.observations.push(...observations);
    },
    missing(accounts): void {
      heard();
      said.missing.push(...accounts);
    },
    confirmed(asOf): void {
      heard();
      said.confirmed.push(asOf);
    },
    noticed(): Promise<void> {
      heard();
      return Promise.resolve();
    },
    health(health): void {
      heard();
      said.health.push(health);
    },
    count(event, by = 1): void {
      heard();
      said.counts.set(event, (said.counts.get(event) ?? 0) + by);
    },
  };
}

function recordingLog(lines: string[]): Log {
  const write =
    (level: string) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      if (lines.length < LOG_LIMIT)
        lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function createLane(): {
  readonly budget: Budget;
  readonly spent: Rig['spent'];
  readonly set: (open: boolean) => void;
} {
  const spent: Rig['spent'] = { reads: 0, spends: 0, throttled: [] };
  const waiting: (() => void)[] = [];
  let isOpen = true;
  const grant = (resolve: () => void): void => {
    spent.reads += 1;
    resolve();
  };
  return {
    spent,
    set(open): void {
      isOpen = open;
      if (open) for (const resolve of waiting.splice(0)) grant(resolve);
    },
    budget: {
      read: () =>
        new Promise((resolve) => {
          if (isOpen) grant(resolve);
          else waiting.push(resolve);
        }),
      spend(): void {
        spent.spends += 1;
      },
      throttled(retryAfterMs): void {
        spent.throttled.push(retryAfterMs);
      },
      used: () => 0,
    },
  };
}
