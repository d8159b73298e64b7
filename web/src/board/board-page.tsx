/**
 * The live board: one page that scrolls as a whole, with the tools sticking to its top and an
 * agent's details beside it or, on small windows, over it.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ReactElement, RefObject } from 'react';
import { useCell, useConsole, useView } from '../console.ts';
import { Header } from '../header/header.tsx';
import { SummaryStrip } from '../header/summary-strip.tsx';
import { HIDDEN } from '../look/hidden.ts';
import { layoutOf } from '../look/sizes.ts';
import { texts } from '../texts.ts';
import { AgentGrid } from './agent-grid.tsx';
import { Announcer } from './announcer.tsx';
import { EmptyState, ErrorState, LoadingState, NoMatchState } from './states.tsx';
import { Toolbar } from './toolbar.tsx';

/** Not needed before the first click, so not part of the first load. */
const Drawer = lazy(async () => {
  const { AgentDrawer } = await import('../drawer/agent-drawer.tsx');
  return { default: AgentDrawer };
});

const useStyles = makeStyles({
  page: {
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  body: { display: 'flex', flexGrow: 1, minHeight: 0 },
  scroller: {
    flexGrow: 1,
    minWidth: 0,
    overflowY: 'auto',
    overflowAnchor: 'none',
    // An opaque ground of its own lets the browser scroll it without painting it again.
    backgroundColor: tokens.colorNeutralBackground3,
    containerType: 'inline-size',
    containerName: 'board',
  },
  content: {
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalXXL}`,
    maxWidth: '1720px',
    margin: '0 auto',
    boxSizing: 'border-box',
    '@container board (max-width: 639px)': { padding: '12px 12px 24px' },
  },
  tools: {
    position: 'sticky',
    zIndex: 3,
    top: 0,
    // A little wider than the list, whose shadow would show beside it.
    padding: `${tokens.spacingVerticalM} 6px`,
    margin: '0 -6px',
    marginTop: tokens.spacingVerticalXS,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  hidden: HIDDEN,
});

export function BoardPage(): ReactElement {
  const styles = useStyles();
  const { navigation } = useConsole();
  const { agent } = useCell(navigation.place);
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const width = useSize(content, 'width');
  const stuck = useSize(tools, 'height');
  const close = useCallback(() => {
    navigation.close();
    grid.current?.focus({ preventScroll: true });
  }, [navigation]);

  return (
    <div className={styles.page}>
      <Header />
      <Announcer />
      <div
        className={styles.body}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && agent !== undefined && !event.defaultPrevented) close();
        }}
      >
        <main ref={scroller} className={styles.scroller}>
          <div ref={content} className={styles.content}>
            <h1 className={styles.hidden}>{texts.page}</h1>
            <SummaryStrip />
            <div ref={tools} className={styles.tools}>
              <Toolbar />
            </div>
            <List scroller={scroller} grid={grid} width={width} stuck={stuck} />
          </div>
        </main>
        {agent === undefined ? null : (
          <Suspense fallback={null}>
            <Drawer id={agent} onClose={close} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

interface ListProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly width: number;
  readonly stuck: number;
}

function List(props: ListProps): ReactElement {
  const { store, connection } = useConsole();
  const view = useView();
  const state = useCell(connection);
  if (!store.loaded()) {
    if (state.kind === 'lost') return <ErrorState trouble={state.trouble} />;
    return <LoadingState layout={layoutOf(props.width)} />;
  }
  if (view.total === 0) return <EmptyState />;
  if (view.shown === 0) return <NoMatchState />;
  return <AgentGrid {...props} />;
}

function useSize(element: RefObject<HTMLElement | null>, side: 'width' | 'height'): number {
  const [size, setSize] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const measure = (): void => setSize(Math.round(current.getBoundingClientRect()[side]));
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, [element, side]);
  return size;
}
