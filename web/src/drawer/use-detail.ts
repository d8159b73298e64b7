import { useEffect, useRef, useState } from 'react';
import type { BoardItem } from '../../../src/api/contract/board.ts';
import { useConsole } from '../console.ts';
import type { Detail, DetailFeed } from '../data/detail-feed.ts';

export interface FollowedDetail {
  readonly detail: Detail;
  readonly retry: () => void;
}

/** The explanation of one agent, followed while the component stands. */
export function useDetail(id: string, item: BoardItem | undefined): FollowedDetail {
  const { followDetail } = useConsole();
  const [state, setState] = useState<{ readonly id: string; readonly detail: Detail }>();
  const feed = useRef<DetailFeed>(undefined);

  useEffect(() => {
    const mine = followDetail(id, (detail) => setState({ id, detail }));
    feed.current = mine;
    return mine.stop;
  }, [followDetail, id]);

  useEffect(() => feed.current?.poke(), [id, item]);

  return {
    // What belongs to the agent before this one must not be seen under the new name.
    detail: state?.id === id ? state.detail : { kind: 'loading' },
    retry: () => feed.current?.poke(),
  };
}
