/**
 * Reads the states of all agents page by page, again and again. It is the baseline that events start
 * from and what repairs whatever they did not tell.
 *
 * S1  Between the beginnings of two sweeps lies the set period; when something may have changed, a
 *     second. One sweep is never begun while another is under way.
 * S2  Whoever misses on one whole sweep may have moved between two pages; only a whole one says who
 *     is there.
 * S3  After a failure comes a pause that doubles up to its limit.
 */
import type { Clock, Timer } from '../../../lib/clock.ts';
import type { Row } from '../wire.ts';
import type { Backoff } from '../backoff.ts';
import { Trouble, unreadable } from '../trouble.ts';
import type { CloudClient } from './client.ts';
import { PAGE_LIMIT } from './options.ts';
import { snapshotRows } from './snapshot.ts';

export interface SweepParts {
  readonly clock: Clock;
  readonly client: Pick<CloudClient, 'page'>;
  readonly everyMs: number;
  readonly backoff: Backoff;
  /** Whether its reads are wanted at this moment. */
  readonly isWanted: () => boolean;
  /** One page; `asOf`: when its read began, epoch ms. */
  readonly read: (rows: readonly Row[], badRows: number, asOf: number) => void;
  /** A whole sweep saw these. */
  readonly settled: (present: ReadonlySet<string>) => void;
  readonly failed: (error: unknown) => void;
}

export const AGENT_STATES = '/snapshot-stats/v1/domains/{domain}/statistics/agent-state';
const QUERY = { mediaTypes: 'VOICE,CHAT,EMAIL', pageLimit: String(PAGE_LIMIT) } as const;
/** 100,000 agents. */
const PAGES_MAX = 1_000;
const SOON_MS = 1_000;

export class SnapshotSweep {
  readonly #parts: SweepParts;
  #timer: Timer | undefined;
  #isRunning = false;
  #isStopped = false;
  #isAsked = false;
  /** Monotonic ms. */
  #beganAt = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#arm();
  }

  /** Something may have changed: the next sweep comes as soon as it may. */
  soon(): void {
    this.#isAsked = true;
    this.#arm();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (this.#isStopped || this.#isRunning) return;
    const { clock, everyMs, isWanted } = this.#parts;
    const isSoon = this.#isAsked || !isWanted();
    const due = this.#beganAt + (isSoon ? SOON_MS : everyMs);
    const waitMs = Math.max(0, Math.max(due, this.#notBefore) - clock.monotonic());
    this.#timer = clock.after(waitMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    const { backoff, clock, failed, isWanted } = this.#parts;
    this.#beganAt = clock.monotonic();
    this.#isAsked = false;
    if (isWanted()) {
      this.#isRunning = true;
      try {
        await this.#sweep();
        backoff.reset();
      } catch (error) {
        const asked = error instanceof Trouble ? (error.retryMs ?? 0) : 0;
        this.#notBefore = clock.monotonic() + Math.max(asked, backoff.next());
        if (!this.#isStopped) failed(error);
      }
      this.#isRunning = false;
    }
    this.#arm();
  }

  async #sweep(): Promise<void> {
    const { client, read, settled, isWanted } = this.#parts;
    const present = new Set<string>();
    const cursors = new Set<string>();
    let query: Readonly<Record<string, string>> = QUERY;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page = await client.page('read the states of the agents', AGENT_STATES, query);
      if (this.#isStopped || !isWanted()) return;
      const { rows, badRows } = snapshotRows(page.rows);
      for (const row of rows) present.add(row.id);
      read(rows, badRows, page.asOf);
      const { cursor } = page;
      if (cursor === undefined) {
        settled(present);
        return;
      }
      // A cursor that comes twice would lead round in a circle.
      if (cursors.has(cursor)) throw unreadable('read the states of the agents');
      cursors.add(cursor);
      query = { ...QUERY, pageCursor: cursor };
    }
    throw unreadable('read the states of the agents');
  }
}
