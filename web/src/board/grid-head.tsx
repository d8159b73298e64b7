/** The names of the columns. On a phone they are there for screen readers only. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { HIDDEN } from '../look/hidden.ts';
import { HEAD_HEIGHT } from '../look/sizes.ts';
import type { Layout } from '../look/sizes.ts';
import { texts } from '../texts.ts';
import type { PlatformColumn } from './platforms.ts';

const useStyles = makeStyles({
  stuck: {
    position: 'sticky',
    zIndex: 2,
    // Behind the round corners.
    backgroundColor: tokens.colorNeutralBackground3,
  },
  head: {
    display: 'grid',
    gridTemplateColumns: 'var(--board-columns)',
    columnGap: tokens.spacingHorizontalL,
    alignItems: 'center',
    height: `${HEAD_HEIGHT}px`,
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalL}`,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    borderTopLeftRadius: tokens.borderRadiusXLarge,
    borderTopRightRadius: tokens.borderRadiusXLarge,
  },
  hidden: HIDDEN,
  column: { fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap' },
  platform: { display: 'flex', justifyContent: 'space-between', gap: tokens.spacingHorizontalS },
  age: { fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground3 },
  step: { textAlign: 'center' },
});

export function GridHead(props: {
  readonly platforms: readonly PlatformColumn[];
  readonly layout: Layout;
  readonly top: number;
}): ReactElement {
  const styles = useStyles();
  const [first, ...rest] = props.platforms;
  const platform = (column: PlatformColumn): ReactElement => (
    <div
      key={column.id}
      role="columnheader"
      className={mergeClasses(styles.column, styles.platform)}
    >
      {column.label} <span className={styles.age}>{texts.board.dataAge}</span>
    </div>
  );
  const step = (
    <div key="step" role="columnheader" className={mergeClasses(styles.column, styles.step)}>
      {texts.board.step}
    </div>
  );
  const narrow = props.layout === 'narrow';
  const before = first === undefined ? [] : [platform(first)];
  return (
    <div
      role="rowgroup"
      className={narrow ? styles.hidden : styles.stuck}
      style={narrow ? undefined : { top: props.top }}
    >
      <div role="row" aria-rowindex={1} className={narrow ? undefined : styles.head}>
        <div role="columnheader" className={styles.column}>
          {texts.board.agent}
        </div>
        {narrow ? [step, ...before] : [...before, step]}
        {rest.map(platform)}
        <div
          role="columnheader"
          className={mergeClasses(styles.column, props.layout === 'middle' && styles.hidden)}
        >
          {texts.board.why}
        </div>
      </div>
    </div>
  );
}
