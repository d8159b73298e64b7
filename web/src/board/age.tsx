/** Spans of time that grow by themselves: the only parts of the list that render every second. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useCell, useConsole, useNow } from '../console.ts';
import { formatSpan } from '../format.ts';
import { Icon } from '../look/icons.tsx';
import { HIDDEN } from '../look/hidden.ts';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  age: {
    flexShrink: 0,
    display: 'inline-flex',
    alignItems: 'center',
    gap: '3px',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  },
  stale: { color: 'var(--blockedText)', fontWeight: tokens.fontWeightSemibold },
  hidden: HIDDEN,
});

/** "for 4 min": how long something has been so. It stops when the stream is lost: who knows then? */
export function Lasting(props: { readonly since: number }): ReactElement {
  const state = useCell(useConsole().connection);
  const now = useNow();
  const until = state.kind === 'lost' ? state.since : now;
  return <>{texts.board.forSpan(formatSpan(until - props.since))}</>;
}

/** How old a platform's word is, with a mark when that is too old. */
export function DataAge(props: {
  readonly agent: string;
  readonly platform: string;
  readonly stale: boolean;
  /** In words, where no column's head says what the number is. */
  readonly inWords?: boolean;
}): ReactElement {
  const styles = useStyles();
  const { store } = useConsole();
  const now = useNow();
  const confirmedAt = store.confirmedAt(props.agent, props.platform);
  return (
    <span className={mergeClasses(styles.age, props.stale && styles.stale)}>
      {props.stale ? <Icon name="warning" size={14} /> : null}
      {confirmedAt === undefined ? (
        texts.board.ageNever
      ) : (
        <>
          <span className={props.inWords === true ? undefined : styles.hidden}>
            {texts.board.ageBefore}
          </span>
          {formatSpan(now - confirmedAt)}
        </>
      )}
      {props.stale && confirmedAt !== undefined ? ` ${texts.board.stale}` : ''}
    </span>
  );
}
