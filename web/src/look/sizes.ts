/** Widths at which the page changes its shape, and the heights that follow. */

/** Below this the details cover the whole window. */
export const PHONE = '@media (max-width: 639px)';
/** From here on the details stand beside the board instead of over it. */
export const BESIDE_QUERY = '(min-width: 1024px)';

export type Layout = 'wide' | 'middle' | 'narrow';

/** By the width of the board itself, which the open details make narrower. */
export function layoutOf(width: number): Layout {
  if (width >= 1080) return 'wide';
  return width >= 640 ? 'middle' : 'narrow';
}

/** Fixed heights, so that 10,000 rows need no measuring. */
export const ROW_HEIGHTS: Readonly<Record<Layout, number>> = { wide: 60, middle: 88, narrow: 168 };

/** What a line leaves free below itself: on a phone, rows are cards. */
export function gapOf(layout: Layout): number {
  return layout === 'narrow' ? 8 : 0;
}

export const TEAM_HEIGHT = 44;
export const HEAD_HEIGHT = 36;
/** Of the summary while it is not there yet. */
export const SUMMARY_HEIGHT = 80;
