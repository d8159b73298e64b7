/** Whether what the page shows is the present, in two words; the banner below it says the rest. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useCell, useConsole, useNow } from '../console.ts';
import { formatSpan } from '../format.ts';
import { useMedia } from '../look/use-media.ts';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  state: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  sign: { width: '10px', height: '10px', boxSizing: 'border-box', borderRadius: '50%' },
  live: {
    backgroundColor: 'var(--freeFill)',
    forcedColorAdjust: 'none',
    '@media (forced-colors: active)': { backgroundColor: 'CanvasText' },
  },
  waiting: { border: `2px dotted ${tokens.colorNeutralStrokeAccessible}` },
  lost: { border: `2px solid ${tokens.colorStatusDangerForeground1}` },
  lostText: { color: tokens.colorStatusDangerForeground1 },
});

export function ConnectionState(): ReactElement {
  const styles = useStyles();
  const connection = useCell(useConsole().connection);
  if (connection.kind === 'lost') {
    return (
      <span className={mergeClasses(styles.state, styles.lostText)} data-connection="lost">
        <span className={mergeClasses(styles.sign, styles.lost)} />
        <LostFor since={connection.since} />
      </span>
    );
  }
  const live = connection.kind === 'live';
  return (
    <span
      className={styles.state}
      data-connection={connection.kind}
      title={live ? texts.connection.liveNote : undefined}
    >
      <span className={mergeClasses(styles.sign, live ? styles.live : styles.waiting)} />
      {live ? texts.connection.live : texts.connection.starting}
    </span>
  );
}

function LostFor(props: { readonly since: number }): ReactElement {
  const span = formatSpan(useNow() - props.since);
  const small = useMedia('(max-width: 479px)');
  return <>{small ? texts.connection.lostShort(span) : texts.connection.lost(span)}</>;
}
