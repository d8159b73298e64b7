/**
 * The live board: one page that scrolls as a whole, with the tools sticking to its top and an
 * agent's details beside it or, on small windows, over it.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ReactElement, RefObject } from 'react';
import { useCell, useConsole, useLoaded, useView } from '../console.ts';
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
  const grid = useRef<HTMLDivElement>(null);
  const width = useSize(content, 'width');
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
            <Content scroller={scroller} grid={grid} width={width} />
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

interface BoardProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly width: number;
}

/** No figure and no filter before there is a board: a zero would be taken for an answer. */
function Content(props: BoardProps): ReactElement {
  const state = useCell(useConsole().connection);
  const loaded = useLoaded();
  const { total } = useView();
  if (!loaded) {
    if (state.kind === 'lost') return <ErrorState trouble={state.trouble} />;
    return <LoadingState layout={layoutOf(props.width)} />;
  }
  if (total === 0) return <EmptyState />;
  return <Board {...props} />;
}

function Board(props: BoardProps): ReactElement {
  const styles = useStyles();
  const { shown } = useView();
  const tools = useRef<HTMLDivElement>(null);
  const stuck = useSize(tools, 'height');
  return (
    <>
      <SummaryStrip />
      <div ref={tools} className={styles.tools}>
        <Toolbar />
      </div>
      {shown === 0 ? <NoMatchState /> : <AgentGrid {...props} stuck={stuck} />}
    </>
  );
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
