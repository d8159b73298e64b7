/**
 * Everything that lives outside React, put together once, and the hooks by which components
 * follow it. The outermost shell (`main.tsx`) hands the browser in.
 */
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { AgentDetail, BoardItem, Summary } from '../../src/api/contract/board.ts';
import { createBoardStore } from './data/board-store.ts';
import type { BoardStore } from './data/board-store.ts';
import { createCell } from './data/cell.ts';
import type { Cell } from './data/cell.ts';
import { createDetailFeed } from './data/detail-feed.ts';
import type { Detail, DetailFeed } from './data/detail-feed.ts';
import { createFeed } from './data/feed.ts';
import type { Connection, Feed, FeedSeams } from './data/feed.ts';
import { createServerClock } from './data/server-clock.ts';
import type { ServerClock } from './data/server-clock.ts';
import { createTicker } from './data/ticker.ts';
import type { Ticker, TickerSeams } from './data/ticker.ts';
import type { View } from './data/view.ts';
import { createSchemeChoice } from './look/scheme.ts';
import type { SchemeChoice, SchemeSeams } from './look/scheme.ts';
import { createNavigation } from './navigation.ts';
import type { AddressSeams, Navigation } from './navigation.ts';

export interface Console {
  readonly store: BoardStore;
  readonly connection: Cell<Connection>;
  readonly summary: Cell<Summary | undefined>;
  readonly clock: ServerClock;
  readonly ticker: Ticker;
  readonly feed: Feed;
  readonly scheme: SchemeChoice;
  readonly navigation: Navigation;
  /** Begins to follow one agent's explanation. */
  readonly followDetail: (id: string, onDetail: (detail: Detail) => void) => DetailFeed;
}

export interface ConsoleSeams {
  readonly feed: FeedSeams;
  readonly every: TickerSeams['every'];
  readonly onFrame: (task: () => void) => void;
  readonly scheme: SchemeSeams;
  readonly address: AddressSeams;
  readonly loadAgent: (id: string, signal: AbortSignal) => Promise<AgentDetail>;
  /** Milliseconds that only grow. */
  readonly monotonic: () => number;
}

export function createConsole(seams: ConsoleSeams): Console {
  const clock = createServerClock(seams.feed.now);
  const store = createBoardStore({ onFrame: seams.onFrame, serverNow: clock.now });
  const connection = createCell<Connection>({ kind: 'starting' });
  const summary = createCell<Summary | undefined>(undefined);
  const ticker = createTicker({ serverNow: clock.now, every: seams.every });
  const navigation = createNavigation(seams.address);
  const follow = (): void => store.choose(navigation.place.get().choices);
  navigation.place.subscribe(follow);
  follow();
  ticker.subscribe(store.tick);
  return {
    store,
    connection,
    summary,
    clock,
    ticker,
    feed: createFeed(seams.feed, { store, clock, connection, summary }),
    scheme: createSchemeChoice(seams.scheme),
    navigation,
    followDetail: (id, onDetail) =>
      createDetailFeed({
        load: (signal) => seams.loadAgent(id, signal),
        now: seams.monotonic,
        after: seams.feed.after,
        onDetail,
      }),
  };
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error('ConsoleContext has no provider above this component');
  return found;
}

export function useCell<T>(cell: Cell<T>): T {
  return useSyncExternalStore(cell.subscribe, cell.get);
}

export function useView(): View {
  const { store } = useConsole();
  return useSyncExternalStore(store.onView, store.view);
}

/** Whether there is a board at all, be it an old one. */
export function useLoaded(): boolean {
  const { store } = useConsole();
  return useSyncExternalStore(store.onView, store.loaded);
}

export function useItem(id: string): BoardItem | undefined {
  const { store } = useConsole();
  const subscribe = useCallback((listener: () => void) => store.onRow(id, listener), [store, id]);
  return useSyncExternalStore(subscribe, () => store.item(id));
}

/** The server's time, moving once a second. For leaves only: whoever calls it renders with it. */
export function useNow(): number {
  const { ticker, clock } = useConsole();
  useSyncExternalStore(ticker.subscribe, ticker.second);
  return clock.now();
}

export function useLost(): boolean {
  return useCell(useConsole().connection).kind === 'lost';
}
