/** One platform in full: what it shows and says, why, since when, and what it should show. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ExplanationView, PlatformView } from '../../../src/api/contract/board.ts';
import { DataAge } from '../board/age.tsx';
import { columnOf, usePlatforms } from '../board/platforms.ts';
import { useNow } from '../console.ts';
import { formatMoment, formatSpan } from '../format.ts';
import { PresenceBadge } from '../presence/presence-badge.tsx';
import { causeWords, certaintyWords, presetWords } from '../presence/words.ts';
import { texts } from '../texts.ts';
import { Pair, Pairs } from './section.tsx';

type Fact = ExplanationView['facts'][number];

const useStyles = makeStyles({
  card: {
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  top: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    marginBottom: tokens.spacingVerticalM,
  },
  platform: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
  },
  shown: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  ours: { color: tokens.colorBrandForeground1 },
  raw: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
});

export function PlatformCard(props: {
  readonly agent: string;
  readonly seen: PlatformView;
  readonly fact: Fact | undefined;
  readonly past: boolean;
}): ReactElement {
  const styles = useStyles();
  const { seen, fact, past } = props;
  const label = columnOf(usePlatforms(), seen.platform)?.label ?? seen.platform;
  return (
    <div className={styles.card} data-platform={seen.platform}>
      <div className={styles.top}>
        <PresenceBadge preset={seen.preset} size={32} faded={past || seen.stale} />
        <div>
          <div className={styles.platform}>{label}</div>
          <div className={styles.shown}>{seen.label}</div>
        </div>
        <DataAge agent={props.agent} platform={seen.platform} stale={seen.stale} inWords />
      </div>
      <Pairs>
        <Pair name={texts.detail.reason}>{seen.reason}</Pair>
        <Pair name={texts.detail.cause}>
          <span className={mergeClasses(seen.ours && styles.ours)}>
            {fact === undefined
              ? causeWords(seen.cause)
              : texts.detail.causeWith(causeWords(fact.cause), certaintyWords(fact.certainty))}
          </span>
        </Pair>
        <Pair name={texts.detail.note}>{fact?.note}</Pair>
        <Pair name={texts.detail.since}>
          {seen.since === undefined ? undefined : <Moment at={seen.since} />}
        </Pair>
        <Pair name={texts.detail.pending}>{seen.pending}</Pair>
        <Pair name={texts.detail.desired}>
          {seen.desired === undefined ? texts.detail.leaveAlone : presetWords(seen.desired)}
        </Pair>
        <Pair name={texts.detail.raw}>
          <span className={styles.raw}>{seen.raw}</span>
        </Pair>
        <Pair name={texts.detail.weight}>{fact === undefined ? undefined : weightOf(fact)}</Pair>
      </Pairs>
    </div>
  );
}

function Moment(props: { readonly at: number }): ReactElement {
  const now = useNow();
  return <>{texts.detail.sinceAt(formatMoment(props.at, now), formatSpan(now - props.at))}</>;
}

function weightOf(fact: Fact): string {
  return fact.counts ? texts.detail.counts : texts.detail.countsNot;
}
