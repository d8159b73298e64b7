/** The active row of the grid: which one it is, and what the keys do with it. */
import { useCallback, useState } from 'react';
import type { FocusEvent, KeyboardEvent } from 'react';
import { useConsole } from '../console.ts';
import type { Line } from '../data/view.ts';
import { goTo, moveOf } from './grid-keys.ts';

export interface Active {
  readonly id: string | undefined;
  /** Its line's index; -1 while there is none. */
  readonly index: number;
  /** Whether the row is marked as the one that the keys act on. */
  readonly ring: boolean;
  readonly choose: (id: string) => void;
  readonly onKeyDown: (event: KeyboardEvent, list: Scrollable) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onLeave: () => void;
}

interface Scrollable {
  readonly page: number;
  readonly scrollTo: (index: number) => void;
}

export function useActive(lines: readonly Line[]): Active {
  const { store, navigation } = useConsole();
  const [id, choose] = useState<string>();
  const [ring, setRing] = useState(false);
  const index = lines.findIndex((line) => line.kind === 'agent' && line.id === id);

  function onKeyDown(event: KeyboardEvent, list: Scrollable): void {
    store.touch();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && index !== -1 && id !== undefined) {
      event.preventDefault();
      navigation.open(id);
      return;
    }
    const move = moveOf(event.key);
    if (move === undefined) return;
    event.preventDefault();
    const target = goTo(lines, index, { move, page: list.page });
    const line = lines[target];
    if (line?.kind !== 'agent') return;
    setRing(true);
    choose(line.id);
    list.scrollTo(target);
  }

  return {
    id,
    index,
    ring,
    choose,
    onKeyDown,
    onFocus(event): void {
      setRing(event.currentTarget.matches(':focus-visible'));
      if (index === -1) choose(firstAgent(lines));
    },
    onLeave: useCallback(() => setRing(false), []),
  };
}

function firstAgent(lines: readonly Line[]): string | undefined {
  const line = lines.find(({ kind }) => kind === 'agent');
  return line?.kind === 'agent' ? line.id : undefined;
}
