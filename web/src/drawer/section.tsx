/** A titled part of the details, and the pairs of name and value in it. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  title: {
    margin: `0 0 ${tokens.spacingVerticalS}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  pairs: {
    display: 'grid',
    gridTemplateColumns: 'minmax(96px, 128px) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
  },
  name: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  warned: { color: 'var(--blockedText)', fontWeight: tokens.fontWeightSemibold },
});

export function Section(props: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <section>
      <h3 className={styles.title}>{props.title}</h3>
      {props.children}
    </section>
  );
}

export function Pairs(props: { readonly children: ReactNode }): ReactElement {
  return <dl className={useStyles().pairs}>{props.children}</dl>;
}

/** Nothing at all when there is no value. */
export function Pair(props: {
  readonly name: string;
  readonly warned?: boolean;
  readonly children: ReactNode;
}): ReactElement | null {
  const styles = useStyles();
  if (props.children === undefined) return null;
  return (
    <>
      <dt className={styles.name}>{props.name}</dt>
      <dd className={mergeClasses(styles.value, props.warned === true && styles.warned)}>
        {props.children}
      </dd>
    </>
  );
}
