/**
 * The board outside React: every agent's row, how fresh each platform's data is, and the list as
 * the viewer wants it. Components follow one row, or the view, and nothing else.
 *
 * S1  A change is in the store at once and on the page with the next frame; however many changes
 *     come between two frames, each row and the view are announced at most once per frame.
 * S2  Only listeners of rows that changed are called.
 * S3  What waits for a frame is a set keyed by agent, so it is never larger than the board.
 * S4  Ages are kept as the moment of confirmation on the server's clock; passing time changes
 *     nothing in here.
 * S5  An `ages` message whose length does not fit the board is not used: a number on the wrong
 *     row would be worse than an older one.
 */
import type { BoardItem } from '../../../src/api/contract/board.ts';
import { createRows } from './rows.ts';
import type { AgesMessage, Rows } from './rows.ts';
import { buildView, FIRST_CHOICES, holdLines, sameCounts, sameLines } from './view.ts';
import type { Choices, View } from './view.ts';

/** How long the order stays as it is after the viewer last touched the list. */
export const HOLD_MS = 4000;

export interface BoardSeams {
  /** Runs the task before the next picture is drawn; called once per batch. */
  readonly onFrame: (task: () => void) => void;
  readonly serverNow: () => number;
}

export interface BoardStore {
  /** Puts a whole board in place of the one before. */
  readonly replaceAll: (items: readonly BoardItem[]) => void;
  readonly upsert: (items: readonly BoardItem[]) => void;
  readonly remove: (ids: readonly string[]) => void;
  /** False when the message did not fit the board and was not used. */
  readonly ages: (message: AgesMessage) => boolean;
  readonly choose: (choices: Choices) => void;
  /** The viewer is touching the list: keep its order for `HOLD_MS`. */
  readonly touch: () => void;
  /** Time has passed: ranks that depend on it may have changed. */
  readonly tick: () => void;

  readonly item: (id: string) => BoardItem | undefined;
  /** When the platform last confirmed the agent's state, on the server's clock. */
  readonly confirmedAt: (id: string, platform: string) => number | undefined;
  readonly view: () => View;
  /** False until the first whole board has come. */
  readonly loaded: () => boolean;
  readonly onRow: (id: string, listener: () => void) => () => void;
  readonly onView: (listener: () => void) => () => void;
}

export function createBoardStore(seams: BoardSeams): BoardStore {
  const board = createRows();
  const list = createList(board, seams.serverNow);
  const topics = createTopics();
  const changed = new Set<string>();
  let loaded = false;
  let framePending = false;

  function publish(): void {
    framePending = false;
    const ids = [...changed];
    changed.clear();
    const moved = list.refresh();
    for (const id of ids) topics.announce(rowTopic(id));
    if (moved) topics.announce(VIEW);
  }

  function mark(ids: Iterable<string>): void {
    for (const id of ids) changed.add(id);
    if (framePending) return;
    framePending = true;
    seams.onFrame(publish);
  }

  return {
    replaceAll(items): void {
      const before = [...board.rows.keys()];
      board.clear();
      board.put(items);
      loaded = true;
      list.reset();
      topics.announce(VIEW);
      mark([...before, ...board.rows.keys()]);
    },
    upsert(items): void {
      board.put(items);
      mark(items.map((item) => item.id));
    },
    remove(ids): void {
      mark(ids.filter((id) => board.drop(id)));
    },
    ages: (message) => board.ages(message),
    choose(choices): void {
      if (list.choose(choices)) topics.announce(VIEW);
    },
    touch: () => list.hold(),
    tick: () => mark([]),
    item: (id) => board.rows.get(id)?.item,
    confirmedAt: (id, platform) => board.confirmed.get(platform)?.get(id),
    view: () => list.view(),
    loaded: () => loaded,
    onRow: (id, listener) => topics.on(rowTopic(id), listener),
    onView: (listener) => topics.on(VIEW, listener),
  };
}

interface List {
  view(): View;
  /** Works the view out anew; false when nothing in it differs. */
  refresh(): boolean;
  choose(choices: Choices): boolean;
  hold(): void;
  /** The rows are other ones: nothing of the old view may be kept. */
  reset(): void;
}

function createList(board: Rows, now: () => number): List {
  const empty = buildView([], FIRST_CHOICES, 0);
  let choices = FIRST_CHOICES;
  let view = empty;
  let heldUntil = 0;

  function refresh(): boolean {
    const time = now();
    const fresh = buildView(board.rows.values(), choices, time);
    const next = time < heldUntil ? holdLines(view, fresh, (id) => board.rows.has(id)) : fresh;
    const linesStay = sameLines(next, view);
    const countsStay = sameCounts(next.all, view.all) && sameCounts(next.matching, view.matching);
    if (linesStay && countsStay) return false;
    view = linesStay ? { ...next, lines: view.lines } : next;
    return true;
  }

  return {
    view: () => view,
    refresh,
    choose(next): boolean {
      choices = next;
      heldUntil = 0;
      return refresh();
    },
    hold(): void {
      heldUntil = now() + HOLD_MS;
    },
    reset(): void {
      heldUntil = 0;
      view = empty;
      refresh();
    },
  };
}

const VIEW = 'view';

function rowTopic(id: string): string {
  return `row ${id}`;
}

interface Topics {
  on(topic: string, listener: () => void): () => void;
  announce(topic: string): void;
}

function createTopics(): Topics {
  const all = new Map<string, Set<() => void>>();
  return {
    on(topic, listener): () => void {
      const listeners = all.get(topic) ?? new Set();
      all.set(topic, listeners);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && all.get(topic) === listeners) all.delete(topic);
      };
    },
    announce(topic): void {
      for (const listener of all.get(topic) ?? []) listener();
    },
  };
}
