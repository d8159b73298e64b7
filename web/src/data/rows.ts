/**
 * Every agent's row and how fresh each platform's data is. No listeners, no order: `board-store.ts`
 * has those.
 */
import type { BoardItem } from '../../../src/api/contract/board.ts';
import { agentLine, haystackOf } from './view.ts';
import type { Row } from './view.ts';

export interface AgesMessage {
  readonly serverTime: number;
  /** By platform, in ascending order of agent id, in tenths of a second; negative: never. */
  readonly platforms: Readonly<Record<string, readonly number[]>>;
}

export interface Rows {
  readonly rows: Map<string, Row>;
  /** By platform, then by agent. */
  readonly confirmed: Map<string, Map<string, number>>;
  clear(): void;
  put(items: readonly BoardItem[]): void;
  drop(id: string): boolean;
  ages(message: AgesMessage): boolean;
}

export function createRows(): Rows {
  const rows = new Map<string, Row>();
  const confirmed = new Map<string, Map<string, number>>();
  let idsInOrder: readonly string[] | undefined;

  function put(items: readonly BoardItem[]): void {
    let renamed = false;
    for (const item of items) {
      const before = rows.get(item.id);
      if (before === undefined) idsInOrder = undefined;
      if (before?.item.name !== item.name) renamed = true;
      rows.set(item.id, rowOf(item, before));
      confirm(item);
    }
    if (renamed) rankNames(rows);
  }

  function confirm({ id, platforms }: BoardItem): void {
    for (const { platform, confirmedAt } of platforms) {
      if (confirmedAt === undefined) continue;
      const times = timesOf(confirmed, platform);
      times.set(id, Math.max(confirmedAt, times.get(id) ?? 0));
    }
  }

  return {
    rows,
    confirmed,
    put,
    clear(): void {
      rows.clear();
      confirmed.clear();
      idsInOrder = undefined;
    },
    drop(id): boolean {
      for (const times of confirmed.values()) times.delete(id);
      idsInOrder = undefined;
      return rows.delete(id);
    },
    ages(message): boolean {
      idsInOrder ??= [...rows.keys()].sort();
      const lists = Object.entries(message.platforms);
      if (lists.some(([, ages]) => ages.length !== idsInOrder?.length)) return false;
      for (const [platform, ages] of lists) {
        setTimes(timesOf(confirmed, platform), idsInOrder, { ages, at: message.serverTime });
      }
      return true;
    },
  };
}

interface AgesOfPlatform {
  /** Tenths of a second; negative: never confirmed. */
  readonly ages: readonly number[];
  readonly at: number;
}

function setTimes(times: Map<string, number>, ids: readonly string[], of: AgesOfPlatform): void {
  ids.forEach((id, index) => {
    const tenths = of.ages[index] ?? -1;
    if (tenths < 0) times.delete(id);
    else times.set(id, of.at - tenths * 100);
  });
}

function timesOf(all: Map<string, Map<string, number>>, platform: string): Map<string, number> {
  const known = all.get(platform);
  if (known !== undefined) return known;
  const fresh = new Map<string, number>();
  all.set(platform, fresh);
  return fresh;
}

const NAMES = new Intl.Collator(undefined, { numeric: true });

function rankNames(rows: Map<string, Row>): void {
  const ordered = [...rows.values()].sort(
    (a, b) => NAMES.compare(a.item.name, b.item.name) || (a.item.id < b.item.id ? -1 : 1),
  );
  // The map itself takes the order, so that sorting the list finds its rows sorted.
  rows.clear();
  ordered.forEach((row, nameRank) => rows.set(row.item.id, { ...row, nameRank }));
}

function rowOf(item: BoardItem, before: Row | undefined): Row {
  return {
    item,
    haystack: haystackOf(item),
    nameRank: before?.nameRank ?? 0,
    line: before?.line ?? agentLine(item.id),
  };
}
