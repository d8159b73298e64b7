/**
 * The explanation of one agent, asked for anew when the agent's row changes, at most once a
 * second. While a newer one is under way the older one stays, with its own time beside it.
 */
import { useEffect, useRef, useState } from 'react';
import type { AgentDetail, BoardItem } from '../../../src/api/contract/board.ts';
import { loadAgent } from '../data/api.ts';
import { ApiError } from '../data/trouble.ts';
import type { Trouble } from '../data/trouble.ts';

export type Detail =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly agent: AgentDetail }
  | { readonly kind: 'failed'; readonly trouble: Trouble; readonly retry: () => void };

const PAUSE_MS = 1000;

export function useDetail(id: string, item: BoardItem | undefined): Detail {
  const [detail, setDetail] = useState<Detail>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const lastAsked = useRef({ id: '', at: 0 });

  useEffect(() => {
    const abort = new AbortController();
    const same = lastAsked.current.id === id;
    const wait = same ? Math.max(0, lastAsked.current.at + PAUSE_MS - performance.now()) : 0;
    if (!same) setDetail({ kind: 'loading' });

    async function ask(): Promise<void> {
      lastAsked.current = { id, at: performance.now() };
      try {
        const agent = await loadAgent(id, abort.signal);
        if (!abort.signal.aborted) setDetail({ kind: 'loaded', agent });
      } catch (error) {
        if (abort.signal.aborted) return;
        const trouble: Trouble =
          error instanceof ApiError ? error.trouble : { kind: 'unreachable' };
        const retry = (): void => setAttempt((count) => count + 1);
        setDetail((before) =>
          before.kind === 'loaded' ? before : { kind: 'failed', trouble, retry },
        );
      }
    }

    const timer = setTimeout(() => void ask(), wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, item, attempt]);

  return detail;
}
