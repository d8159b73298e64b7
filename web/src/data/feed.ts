/**
 * The life of the live stream: connect, load the board, follow changes, notice silence, come back.
 *
 * F1  The stream is opened before the pages are asked for, and what it says meanwhile is kept and
 *     applied after them: no change can fall between the two.
 * F2  The page is called live only while the stream is open and the board has been loaded since.
 * F3  Silence for `SILENCE_MS` counts as a lost stream, because a dead connection looks just
 *     like a quiet one.
 * F4  What is kept while pages load is bounded (`MAX_KEPT`); past it the attempt starts anew.
 */
import type { BoardItem, Summary } from '../../../src/api/contract/board.ts';
import type { BoardStore } from './board-store.ts';
import type { Cell } from './cell.ts';
import type { AgesMessage } from './rows.ts';
import type { ServerClock } from './server-clock.ts';
import { ApiError } from './trouble.ts';
import type { Trouble } from './trouble.ts';

/** The server says something at least every 10 s; twice that is silence. */
export const SILENCE_MS = 20_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const MAX_KEPT = 2000;
/** `ages` messages in a row that do not fit before the board is loaded anew. */
const MAX_MISFITS = 3;

/** What the stream says, by event name. */
export type StreamMessage =
  | { readonly event: 'hello'; readonly data: { readonly serverTime: number } }
  | { readonly event: 'agents'; readonly data: { readonly items: readonly BoardItem[] } }
  | { readonly event: 'gone'; readonly data: { readonly ids: readonly string[] } }
  | { readonly event: 'ages'; readonly data: AgesMessage }
  | { readonly event: 'summary'; readonly data: Summary };

export interface StreamHandlers {
  readonly onMessage: (message: StreamMessage) => void;
  /** The stream is gone. Called at most once. */
  readonly onLost: () => void;
}

export interface FeedSeams {
  /** Epoch ms, local. */
  readonly now: () => number;
  /** Runs the task once after the delay; returns the way to call it off. */
  readonly after: (delayMs: number, task: () => void) => () => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Returns the way to close it; no handler is called after that. */
  readonly openStream: (handlers: StreamHandlers) => () => void;
  readonly loadBoard: (signal: AbortSignal) => Promise<readonly BoardItem[]>;
  /** One small request. A stream does not say why it was refused; this rejects with the reason. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
}

export type Connection =
  /** Nothing has been lost, nothing is there yet. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'live' }
  | {
      readonly kind: 'lost';
      /** When the last message came, on the server's clock if it is known. */
      readonly since: number;
      readonly trouble: Trouble;
      /** Local time of the next attempt; absent while one is under way. */
      readonly nextTryAt?: number;
    };

export interface Feed {
  readonly start: () => void;
  readonly stop: () => void;
  /** Does not wait for the next attempt. */
  readonly tryNow: () => void;
}

export interface FeedTargets {
  readonly store: BoardStore;
  readonly clock: ServerClock;
  readonly connection: Cell<Connection>;
  readonly summary: Cell<Summary | undefined>;
}

export function createFeed(seams: FeedSeams, targets: FeedTargets): Feed {
  let attempt: Attempt | undefined;
  let cancelRetry: (() => void) | undefined;
  let probing: AbortController | undefined;
  let failures = 0;
  let lostSince: number | undefined;

  function connect(): void {
    rest();
    const before = targets.connection.get();
    if (before.kind === 'lost') {
      targets.connection.set({ kind: 'lost', since: before.since, trouble: before.trouble });
    }
    attempt = beginAttempt(seams, targets, { onLive, onFailed });
  }

  function onLive(): void {
    failures = 0;
    lostSince = undefined;
    targets.connection.set({ kind: 'live' });
  }

  function onFailed(trouble: Trouble, lastHeard: number | undefined): void {
    attempt = undefined;
    lostSince ??= lastHeard ?? targets.clock.now();
    const wait =
      Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS) * (0.5 + seams.random() / 2);
    failures = Math.min(failures + 1, 10);
    targets.connection.set({
      kind: 'lost',
      since: lostSince,
      trouble,
      nextTryAt: seams.now() + wait,
    });
    cancelRetry = seams.after(wait, connect);
    if (trouble.kind === 'unreachable') void findOutWhy();
  }

  async function findOutWhy(): Promise<void> {
    const mine = new AbortController();
    probing = mine;
    try {
      await seams.probe(mine.signal);
    } catch (error) {
      const now = targets.connection.get();
      if (mine.signal.aborted || now.kind !== 'lost') return;
      targets.connection.set({ ...now, trouble: troubleOf(error) });
    }
  }

  function rest(): void {
    cancelRetry?.();
    cancelRetry = undefined;
    probing?.abort();
    attempt?.end();
    attempt = undefined;
  }

  return {
    start: connect,
    stop: rest,
    tryNow(): void {
      if (targets.connection.get().kind === 'lost') connect();
    },
  };
}

interface AttemptEvents {
  readonly onLive: () => void;
  /** Called at most once, and never after `end`. */
  readonly onFailed: (trouble: Trouble, lastHeard: number | undefined) => void;
}

interface Attempt {
  readonly end: () => void;
}

/** One connection from its opening to its loss. */
function beginAttempt(seams: FeedSeams, targets: FeedTargets, events: AttemptEvents): Attempt {
  const abort = new AbortController();
  let kept: StreamMessage[] | undefined = [];
  let lastHeard: number | undefined;
  let misfits = 0;
  let cancelSilence = seams.after(SILENCE_MS, () => fail({ kind: 'unreachable' }));
  const closeStream = seams.openStream({ onMessage, onLost: () => fail({ kind: 'unreachable' }) });

  function end(): void {
    abort.abort();
    cancelSilence();
    closeStream();
  }

  function fail(trouble: Trouble): void {
    if (abort.signal.aborted) return;
    end();
    events.onFailed(trouble, lastHeard);
  }

  function onMessage(message: StreamMessage): void {
    cancelSilence();
    cancelSilence = seams.after(SILENCE_MS, () => fail({ kind: 'unreachable' }));
    if ('serverTime' in message.data) targets.clock.learn(message.data.serverTime);
    lastHeard = targets.clock.now();
    if (message.event === 'hello') {
      kept ??= [];
      void load();
      return;
    }
    if (kept === undefined) apply(message);
    else if (kept.length < MAX_KEPT) kept.push(message);
    else fail({ kind: 'unreachable' });
  }

  async function load(): Promise<void> {
    try {
      const items = await seams.loadBoard(abort.signal);
      if (abort.signal.aborted) return;
      targets.store.replaceAll(items);
      const waiting = kept ?? [];
      kept = undefined;
      for (const message of waiting) apply(message);
      events.onLive();
    } catch (error) {
      fail(troubleOf(error));
    }
  }

  function apply(message: StreamMessage): void {
    if (message.event === 'agents') targets.store.upsert(message.data.items);
    if (message.event === 'gone') targets.store.remove(message.data.ids);
    if (message.event === 'summary') targets.summary.set(message.data);
    if (message.event !== 'ages') return;
    misfits = targets.store.ages(message.data) ? 0 : misfits + 1;
    if (misfits >= MAX_MISFITS) fail({ kind: 'unreachable' });
  }

  return { end };
}

function troubleOf(error: unknown): Trouble {
  return error instanceof ApiError ? error.trouble : { kind: 'unreachable' };
}
