/** One platform's word on one agent: what it shows, for how long, how old the data is. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { PlatformView } from '../../../src/api/contract/board.ts';
import { lookOf } from '../presence/families.ts';
import { PresenceBadge } from '../presence/presence-badge.tsx';
import { texts } from '../texts.ts';
import { DataAge, Lasting } from './age.tsx';

const useStyles = makeStyles({
  cell: {
    display: 'grid',
    gridTemplateColumns: '22px minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalS,
    alignItems: 'center',
    minWidth: 0,
  },
  word: {
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  note: {
    gridColumn: '2 / 4',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  },
  ours: { color: tokens.colorBrandForeground1 },
  faded: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
  none: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export function PresenceCell(props: {
  readonly agent: string;
  readonly seen: PlatformView | undefined;
  readonly past: boolean;
}): ReactElement {
  const styles = useStyles();
  const { seen, agent, past } = props;
  if (seen === undefined) return <span className={styles.none}>{texts.board.noAccount}</span>;
  const faded = past || seen.stale || lookOf(seen.preset).family === 'dark';
  return (
    <div className={styles.cell}>
      <PresenceBadge preset={seen.preset} size={22} faded={past || seen.stale} />
      <span className={mergeClasses(styles.word, faded && styles.faded)}>{seen.label}</span>
      <DataAge agent={agent} platform={seen.platform} stale={seen.stale} />
      <span className={styles.note}>
        <Notes seen={seen} />
      </span>
    </div>
  );
}

function Notes(props: { readonly seen: PlatformView }): ReactElement {
  const styles = useStyles();
  const { since, reason, ours, pending } = props.seen;
  const parts: ReactElement[] = [];
  if (since !== undefined) parts.push(<Lasting key="since" since={since} />);
  if (ours) {
    parts.push(
      <span key="ours" className={styles.ours}>
        {texts.board.byUs}
      </span>,
    );
  }
  if (reason !== undefined) parts.push(<span key="reason">{reason}</span>);
  if (pending !== undefined) parts.push(<span key="next">{texts.board.next(pending)}</span>);
  return <>{parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))}</>;
}
