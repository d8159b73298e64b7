/** Where the keys take the active row. Pure. */
import type { Line } from '../data/view.ts';

export type Move = 'down' | 'up' | 'page_down' | 'page_up' | 'first' | 'last';

const MOVES: Readonly<Record<string, Move>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  PageDown: 'page_down',
  PageUp: 'page_up',
  Home: 'first',
  End: 'last',
};

export function moveOf(key: string): Move | undefined {
  return Object.hasOwn(MOVES, key) ? MOVES[key] : undefined;
}

/**
 * The index of the agent's line to go to; team lines are passed over. -1: there is none.
 * `from` is -1 while no row is active.
 */
export function goTo(
  lines: readonly Line[],
  from: number,
  how: { move: Move; page: number },
): number {
  const last = lines.length - 1;
  const { move, page } = how;
  if (move === 'first' || from < 0) return nearest(lines, 0, 1);
  if (move === 'last') return nearest(lines, last, -1);
  const step = move === 'down' || move === 'up' ? 1 : Math.max(1, page);
  const down = move === 'down' || move === 'page_down';
  const target = Math.min(last, Math.max(0, down ? from + step : from - step));
  const found = nearest(lines, target, down ? 1 : -1);
  return found === -1 ? nearest(lines, target, down ? -1 : 1) : found;
}

function nearest(lines: readonly Line[], from: number, direction: 1 | -1): number {
  for (let index = from; index >= 0 && index < lines.length; index += direction) {
    if (lines[index]?.kind === 'agent') return index;
  }
  return -1;
}
