/**
 * One agent's explanation, kept as new as the agent's row.
 *
 * D1  One request at a time; changes that come meanwhile lead to one more, however many they are.
 * D2  At least `PAUSE_MS` between two requests.
 * D3  What was loaded stays until something newer has come; a failure does not take it away.
 */
import type { AgentDetail } from '../../../src/api/contract/board.ts';
import { ApiError } from './trouble.ts';
import type { Trouble } from './trouble.ts';

export const PAUSE_MS = 1000;

export type Detail =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly agent: AgentDetail }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

export interface DetailSeams {
  readonly load: (signal: AbortSignal) => Promise<AgentDetail>;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Runs the task once after the delay; returns the way to call it off. */
  readonly after: (delayMs: number, task: () => void) => () => void;
  readonly onDetail: (detail: Detail) => void;
}

export interface DetailFeed {
  /** Something about the agent may have changed: ask again. */
  readonly poke: () => void;
  readonly stop: () => void;
}

export function createDetailFeed(seams: DetailSeams): DetailFeed {
  const abort = new AbortController();
  let state: 'idle' | 'waiting' | 'asking' = 'idle';
  /** Poked while asking. */
  let again = false;
  let lastAsked = Number.NEGATIVE_INFINITY;
  let loaded = false;
  let cancel: (() => void) | undefined;

  function poke(): void {
    again = state === 'asking';
    if (state !== 'idle' || abort.signal.aborted) return;
    state = 'waiting';
    const wait = Math.max(0, lastAsked + PAUSE_MS - seams.now());
    cancel = seams.after(wait, () => void ask());
  }

  async function ask(): Promise<void> {
    state = 'asking';
    lastAsked = seams.now();
    const detail = await answer();
    if (abort.signal.aborted) return;
    state = 'idle';
    if (detail.kind === 'loaded' || !loaded) seams.onDetail(detail);
    loaded ||= detail.kind === 'loaded';
    if (again) poke();
  }

  async function answer(): Promise<Detail> {
    try {
      return { kind: 'loaded', agent: await seams.load(abort.signal) };
    } catch (error) {
      const trouble: Trouble = error instanceof ApiError ? error.trouble : { kind: 'unreachable' };
      return { kind: 'failed', trouble };
    }
  }

  return {
    poke,
    stop(): void {
      cancel?.();
      abort.abort();
    },
  };
}
