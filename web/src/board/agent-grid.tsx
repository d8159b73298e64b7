/**
 * The list of agents: a grid with one active row, of which only the rows in sight exist.
 *
 * G1  The grid itself has the focus and names its active row, so that the focus survives when rows
 *     move or leave the page.
 * G2  The active row is always in the document.
 * G3  Touching the list keeps its order for a moment (`BoardStore.touch`).
 */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { ReactElement, RefObject } from 'react';
import { useCell, useConsole, useLost, useView } from '../console.ts';
import { gapOf, layoutOf } from '../look/sizes.ts';
import type { Layout } from '../look/sizes.ts';
import { texts } from '../texts.ts';
import { AgentRow } from './agent-row.tsx';
import { GridHead } from './grid-head.tsx';
import { usePlatforms } from './platforms.ts';
import type { PlatformColumn } from './platforms.ts';
import { TeamRow } from './team-row.tsx';
import { useActive } from './use-active.ts';
import type { Active } from './use-active.ts';
import { useWindow } from './use-window.ts';
import type { Window } from './use-window.ts';

const useStyles = makeStyles({
  grid: {
    outline: 'none',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    border: `1px solid ${tokens.colorTransparentStroke}`,
  },
  cards: { backgroundColor: 'transparent', boxShadow: 'none', border: 'none' },
  rows: { position: 'relative' },
});

interface GridProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly width: number;
  /** Height of what sticks to the top above the grid's own head. */
  readonly stuck: number;
}

export function AgentGrid(props: GridProps): ReactElement {
  const styles = useStyles();
  const { store } = useConsole();
  const { lines } = useView();
  const platforms = usePlatforms();
  const layout = layoutOf(props.width);
  const active = useActive(lines);
  const { scroller, stuck } = props;
  const window = useWindow({ scroller, stuck, lines, layout, active: active.index });
  return (
    <div
      ref={props.grid}
      id="agents"
      role="grid"
      tabIndex={0}
      aria-label={texts.board.label}
      aria-rowcount={lines.length + 1}
      aria-colcount={platforms.length + 3}
      aria-activedescendant={active.index === -1 ? undefined : domIdOf(active.id)}
      className={mergeClasses(styles.grid, layout === 'narrow' && styles.cards)}
      style={{ ...columnsStyle(platforms, layout), scrollMarginTop: stuck }}
      onKeyDown={(event) => active.onKeyDown(event, window)}
      onFocus={active.onFocus}
      onBlur={active.onLeave}
      onPointerDown={active.onLeave}
      onPointerMove={store.touch}
    >
      <GridHead platforms={platforms} layout={layout} top={stuck} />
      <Rows window={window} layout={layout} platforms={platforms} active={active} />
    </div>
  );
}

function Rows(props: {
  readonly window: Window;
  readonly layout: Layout;
  readonly platforms: readonly PlatformColumn[];
  readonly active: Active;
}): ReactElement {
  const styles = useStyles();
  const { window, layout, platforms, active } = props;
  const { navigation } = useConsole();
  const { lines } = useView();
  const lost = useLost();
  const open = useCell(navigation.place).agent;
  const { choose } = active;
  const onOpen = useCallback(
    (id: string) => {
      choose(id);
      navigation.open(id);
    },
    [choose, navigation],
  );
  return (
    <div
      ref={window.rows}
      role="rowgroup"
      className={styles.rows}
      style={{ height: window.height }}
    >
      {window.shown.map(({ index, top, height }) => {
        const line = lines[index];
        if (line === undefined) return null;
        const place = { rowIndex: index + 2, top, height: height - gapOf(layout) };
        if (line.kind === 'team') return <TeamRow key={line.key} line={line} {...place} />;
        return (
          <AgentRow
            key={line.key}
            id={line.id}
            domId={domIdOf(line.id)}
            {...place}
            layout={layout}
            platforms={platforms}
            active={active.ring && index === active.index}
            open={line.id === open}
            past={lost}
            onOpen={onOpen}
          />
        );
      })}
    </div>
  );
}

/** Ids may hold any character; references between elements may not hold a space. */
function domIdOf(id: string | undefined): string {
  return `agent-${encodeURIComponent(id ?? '')}`;
}

function columnsStyle(
  platforms: readonly PlatformColumn[],
  layout: Layout,
): Record<string, string> {
  const presence = 'minmax(196px, 1.2fr)';
  const rest = platforms.slice(1).map(() => presence);
  const columns = ['minmax(140px, 1fr)', presence, '128px', ...rest];
  if (layout === 'wide') columns.push('minmax(220px, 1.8fr)');
  return { '--board-columns': columns.join(' ') };
}
