/** Each platform's health in a word, with its own sentence on demand. */
import { makeStyles, mergeClasses, tokens, Tooltip } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Summary } from '../../../src/api/contract/board.ts';
import { useCell, useConsole, useLost, useNow } from '../console.ts';
import { formatSpan } from '../format.ts';
import { Icon } from '../look/icons.tsx';
import { healthWords, platformWords } from '../presence/words.ts';
import { texts } from '../texts.ts';

type Platform = Summary['platforms'][number];

const useStyles = makeStyles({
  cell: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalSNudge} ${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    '@container board (max-width: 639px)': {
      padding: `6px ${tokens.spacingHorizontalL}`,
    },
    minWidth: 0,
  },
  label: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
  },
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalS,
    margin: '2px -6px 0',
  },
  platform: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    padding: `0 ${tokens.spacingHorizontalXS}`,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    font: 'inherit',
    fontSize: tokens.fontSizeBase300,
    lineHeight: '24px',
    color: 'inherit',
    backgroundColor: 'transparent',
    cursor: 'help',
    whiteSpace: 'nowrap',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  icon: { display: 'flex' },
  well: { color: tokens.colorPaletteGreenForeground1 },
  between: { color: tokens.colorNeutralForeground2 },
  ill: { color: tokens.colorStatusDangerForeground1 },
  state: { fontWeight: tokens.fontWeightSemibold },
});

export function PlatformHealth(props: { readonly className: string }): ReactElement {
  const styles = useStyles();
  const platforms = useCell(useConsole().summary)?.platforms ?? [];
  return (
    <div className={mergeClasses(styles.cell, props.className)}>
      <div className={styles.label}>{texts.health.label}</div>
      <div className={styles.list}>
        {platforms.map((platform) => (
          <OnePlatform key={platform.platform} platform={platform} />
        ))}
      </div>
    </div>
  );
}

type Condition = 'well' | 'between' | 'ill';

const CONDITIONS: Readonly<Record<string, Condition>> = {
  live: 'well',
  starting: 'between',
  signing_in: 'between',
  syncing: 'between',
  migrating: 'between',
};

const ICONS = { well: 'tick', between: 'clock', ill: 'warning' } as const;

function OnePlatform(props: { readonly platform: Platform }): ReactElement {
  const styles = useStyles();
  const { platform } = props;
  const past = useLost();
  const condition = past ? 'between' : (CONDITIONS[platform.state] ?? 'ill');
  const state = healthWords(platform.state);
  return (
    <Tooltip content={<Note platform={platform} />} relationship="description" withArrow>
      <button type="button" className={styles.platform}>
        <span className={mergeClasses(styles.icon, styles[condition])}>
          <Icon name={ICONS[condition]} size={16} />
        </span>
        {platformWords(platform.platform, platform.label)}
        <span className={mergeClasses(styles.state, condition === 'ill' && styles.ill)}>
          {past ? texts.health.was(state) : state}
        </span>
      </button>
    </Tooltip>
  );
}

function Note(props: { readonly platform: Platform }): ReactElement {
  const now = useNow();
  const { detail, action, confirmedAt } = props.platform;
  return (
    <>
      {detail}{' '}
      {confirmedAt === undefined ? '' : texts.health.confirmed(formatSpan(now - confirmedAt))}
      {action === undefined ? '' : ` ${texts.health.action} ${action}`}
    </>
  );
}
