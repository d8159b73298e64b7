/**
 * What stands between the viewer and a true board, in words: a lost stream, and platforms that
 * need someone to act.
 */
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useCell, useConsole, useNow } from '../console.ts';
import type { Connection } from '../data/feed.ts';
import { formatMoment, formatSpan } from '../format.ts';
import { Icon } from '../look/icons.tsx';
import type { IconName } from '../look/icons.tsx';
import { troubleText } from '../trouble-text.ts';
import { platformWords } from '../presence/words.ts';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  banner: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  danger: {
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorStatusDangerBackground1,
  },
  warning: {
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorStatusWarningBackground1,
  },
  icon: { display: 'flex', flexShrink: 0 },
  dangerIcon: { color: tokens.colorStatusDangerForeground1 },
  warningIcon: { color: tokens.colorStatusWarningForeground3 },
  words: { flex: '1 1 240px', minWidth: 0, fontVariantNumeric: 'tabular-nums' },
  strong: { fontWeight: tokens.fontWeightSemibold },
});

export function LostBanner(): ReactElement | null {
  const { connection, store, feed } = useConsole();
  const state = useCell(connection);
  if (state.kind !== 'lost' || !store.loaded()) return null;
  return (
    <Banner tone="danger" icon="plug">
      <LostWords state={state} />
      <Button size="small" onClick={feed.tryNow}>
        {texts.connection.tryNow}
      </Button>
    </Banner>
  );
}

function LostWords(props: { readonly state: Extract<Connection, { kind: 'lost' }> }): ReactElement {
  const styles = useStyles();
  const now = useNow();
  const { since, trouble } = props.state;
  return (
    <span className={styles.words}>
      <span className={styles.strong}>{texts.connection.lostTitle}</span>{' '}
      {texts.connection.lostAsOf(formatMoment(since, now), formatSpan(now - since))}
      {trouble.kind === 'unreachable' ? '' : ` ${troubleText(trouble)}`}
    </span>
  );
}

/** Platforms that cannot heal by themselves: what is wrong, and what to do about it. */
export function HealthBanners(): ReactElement | null {
  const styles = useStyles();
  const platforms = useCell(useConsole().summary)?.platforms ?? [];
  return (
    <>
      {platforms.map((platform) =>
        platform.action === undefined ? null : (
          <Banner key={platform.platform} tone="warning" icon="warning">
            <span className={styles.words}>
              <span className={styles.strong}>
                {platformWords(platform.platform, platform.label)}: {platform.detail}
              </span>{' '}
              {texts.health.action} {platform.action}
            </span>
          </Banner>
        ),
      )}
    </>
  );
}

function Banner(props: {
  readonly tone: 'danger' | 'warning';
  readonly icon: IconName;
  readonly children: ReactNode;
}): ReactElement {
  const styles = useStyles();
  const danger = props.tone === 'danger';
  return (
    <div className={mergeClasses(styles.banner, danger ? styles.danger : styles.warning)}>
      <span className={mergeClasses(styles.icon, danger ? styles.dangerIcon : styles.warningIcon)}>
        <Icon name={props.icon} />
      </span>
      {props.children}
    </div>
  );
}
