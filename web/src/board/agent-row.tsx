/** One agent, as a line of the table, as two lines, or as a card; it follows its own row only. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { memo } from 'react';
import type { ReactElement } from 'react';
import type { BoardItem, PlatformView } from '../../../src/api/contract/board.ts';
import { useItem } from '../console.ts';
import type { Layout } from '../look/sizes.ts';
import { StepMark } from '../presence/step-mark.tsx';
import { texts } from '../texts.ts';
import { Lasting } from './age.tsx';
import type { PlatformColumn } from './platforms.ts';
import { PresenceCell } from './presence-cell.tsx';

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    insetInline: 0,
    top: 0,
    boxSizing: 'border-box',
    display: 'grid',
    alignItems: 'center',
    alignContent: 'center',
    columnGap: tokens.spacingHorizontalL,
    padding: `0 ${tokens.spacingHorizontalL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    '::before': {
      content: '""',
      position: 'absolute',
      insetBlock: '6px',
      insetInlineStart: '4px',
      width: '3px',
      borderRadius: '2px',
    },
  },
  wide: { gridTemplateColumns: 'var(--board-columns)' },
  middle: { gridTemplateColumns: 'var(--board-columns)', rowGap: '4px' },
  /** A card; the gap below it is part of its height. */
  narrow: {
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    columnGap: tokens.spacingHorizontalL,
    rowGap: '8px',
    alignContent: 'start',
    paddingTop: '10px',
    border: `1px solid ${tokens.colorTransparentStroke}`,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
  },
  blocked: { '::before': { backgroundColor: 'var(--blockedLine)' } },
  unknown: { '::before': { backgroundColor: tokens.colorNeutralStrokeAccessible } },
  open: {
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2Hover },
    '@media (forced-colors: active)': { outline: '2px solid Highlight', outlineOffset: '-4px' },
  },
  /** The grid has the focus; this is the row that its keys act on. */
  active: {
    outline: `2px solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: '-2px',
    borderRadius: tokens.borderRadiusMedium,
    zIndex: 1,
  },
  name: { minWidth: 0 },
  nameText: {
    display: 'block',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  caption: {
    display: 'block',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  },
  presence: { minWidth: 0 },
  step: { minWidth: 0 },
  stepWide: { textAlign: 'center' },
  stepNarrow: { textAlign: 'end' },
  why: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: '2',
    overflow: 'hidden',
    minWidth: 0,
  },
  whyMiddle: { gridColumn: '1 / -1', WebkitLineClamp: '1' },
  whyNarrow: { gridColumn: '1 / -1' },
});

export interface AgentRowProps {
  readonly id: string;
  readonly domId: string;
  readonly rowIndex: number;
  readonly top: number;
  readonly height: number;
  readonly layout: Layout;
  readonly platforms: readonly PlatformColumn[];
  readonly active: boolean;
  readonly open: boolean;
  readonly past: boolean;
  readonly onOpen: (id: string) => void;
}

export const AgentRow = memo(function AgentRow(props: AgentRowProps): ReactElement | null {
  const styles = useStyles();
  const item = useItem(props.id);
  if (item === undefined) return null;
  const { step } = item;
  const marked = !props.past && (step === 'blocked' || step === 'unknown') ? styles[step] : '';
  return (
    <div
      role="row"
      id={props.domId}
      aria-rowindex={props.rowIndex}
      aria-selected={props.open}
      data-agent={item.id}
      data-step={step}
      className={mergeClasses(
        styles.row,
        styles[props.layout],
        marked,
        props.open && styles.open,
        props.active && styles.active,
      )}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      onClick={() => props.onOpen(props.id)}
    >
      <Cells item={item} layout={props.layout} platforms={props.platforms} past={props.past} />
    </div>
  );
});

interface CellsProps {
  readonly item: BoardItem;
  readonly layout: Layout;
  readonly platforms: readonly PlatformColumn[];
  readonly past: boolean;
}

/** The step stands between the first platform and the rest, where the eye compares them. */
function Cells(props: CellsProps): ReactElement {
  const styles = useStyles();
  const { item, layout, past } = props;
  const [first, ...rest] = props.platforms;
  const presence = ({ id, label }: PlatformColumn): ReactElement => (
    <div role="gridcell" key={id} className={styles.presence}>
      {layout === 'narrow' ? <span className={styles.caption}>{label}</span> : null}
      <PresenceCell agent={item.id} seen={seenOn(item, id)} past={past} />
    </div>
  );
  const before = first === undefined ? [] : [presence(first)];
  const step = <StepCell key="step" item={item} layout={layout} past={past} />;
  return (
    <>
      <div role="gridcell" className={styles.name}>
        <span className={styles.nameText}>{item.name}</span>
        <span className={styles.caption}>
          {item.teams.length === 0 ? texts.filters.noTeam : item.teams.join(', ')}
        </span>
      </div>
      {layout === 'narrow' ? [step, ...before] : [...before, step]}
      {rest.map(presence)}
      <div
        role="gridcell"
        className={mergeClasses(
          styles.why,
          layout === 'middle' && styles.whyMiddle,
          layout === 'narrow' && styles.whyNarrow,
        )}
      >
        {item.why}
      </div>
    </>
  );
}

function StepCell(props: {
  readonly item: BoardItem;
  readonly layout: Layout;
  readonly past: boolean;
}): ReactElement {
  const styles = useStyles();
  const narrow = props.layout === 'narrow';
  return (
    <div
      role="gridcell"
      className={mergeClasses(styles.step, narrow ? styles.stepNarrow : styles.stepWide)}
    >
      <StepMark step={props.item.step} past={props.past} />
      <span className={styles.caption}>
        <Lasting since={props.item.stepSince} />
      </span>
    </div>
  );
}

function seenOn(item: BoardItem, platform: string): PlatformView | undefined {
  return item.platforms.find((view) => view.platform === platform);
}
