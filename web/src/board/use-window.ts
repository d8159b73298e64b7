/** Which lines are in sight, and where they stand: the virtual list under a scrolling page. */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Line } from '../data/view.ts';
import { HEAD_HEIGHT, ROW_HEIGHTS, TEAM_HEIGHT } from '../look/sizes.ts';
import type { Layout } from '../look/sizes.ts';

interface ShownLine {
  readonly index: number;
  readonly top: number;
  readonly height: number;
}

export interface Window {
  readonly rows: RefObject<HTMLDivElement | null>;
  /** Of all lines, in sight or not. */
  readonly height: number;
  readonly shown: readonly ShownLine[];
  /** Rows that fit on the screen. */
  readonly page: number;
  readonly scrollTo: (index: number) => void;
}

export interface WindowOf {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly stuck: number;
  readonly lines: readonly Line[];
  readonly layout: Layout;
  /** Always rendered, wherever it is; -1: none. */
  readonly active: number;
}

export function useWindow(of: WindowOf): Window {
  const { scroller, lines, layout, active } = of;
  const rows = useRef<HTMLDivElement>(null);
  const margin = useDistance(scroller, rows);
  const head = of.stuck + (layout === 'narrow' ? 0 : HEAD_HEIGHT);
  const rowHeight = ROW_HEIGHTS[layout];
  // A new function here means new positions for every line, so it changes with the lines only.
  const keyOf = useCallback((index: number) => lines[index]?.key ?? index, [lines]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'team' ? TEAM_HEIGHT : rowHeight),
    getItemKey: keyOf,
    scrollMargin: margin,
    scrollPaddingStart: head,
    overscan: 6,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      if (active < 0 || inSight.includes(active)) return inSight;
      return [...inSight, active].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, layout]);
  return {
    rows,
    height: virtualizer.getTotalSize(),
    shown: virtualizer.getVirtualItems().map(({ index, start, size }) => ({
      index,
      top: start - margin,
      height: size,
    })),
    page: Math.floor(((scroller.current?.clientHeight ?? 0) - head) / rowHeight) - 1,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}

/** How far below the top of the scrolled page the rows begin. */
function useDistance(
  scroller: RefObject<HTMLElement | null>,
  rows: RefObject<HTMLElement | null>,
): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    const page = scroller.current;
    const content = page?.firstElementChild;
    if (page === null || content === null || content === undefined) return undefined;
    const measure = (): void => {
      if (rows.current === null) return;
      const top = rows.current.getBoundingClientRect().top - page.getBoundingClientRect().top;
      setDistance(Math.round(top + page.scrollTop));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(content);
    measure();
    return () => observer.disconnect();
  }, [scroller, rows]);
  return distance;
}
