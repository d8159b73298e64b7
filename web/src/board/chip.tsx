/** A filter that is on or off, with the number of rows behind it. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({
  chip: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalSNudge,
    flexShrink: 0,
    height: '32px',
    padding: `0 ${tokens.spacingHorizontalMNudge}`,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusCircular,
    font: 'inherit',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground1,
    cursor: 'pointer',
    whiteSpace: 'nowrap',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '0' },
  },
  pressed: {
    color: tokens.colorBrandForeground2,
    backgroundColor: tokens.colorBrandBackground2,
    border: `1px solid ${tokens.colorBrandStroke1}`,
    fontWeight: tokens.fontWeightSemibold,
    ':hover': { backgroundColor: tokens.colorBrandBackground2Hover },
    '@media (forced-colors: active)': { outline: '2px solid Highlight' },
  },
  count: { fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: 'tabular-nums' },
});

export function Chip(props: {
  readonly pressed: boolean;
  readonly label: string;
  readonly count?: string;
  readonly note?: string;
  readonly icon?: ReactElement;
  readonly onClick: () => void;
}): ReactElement {
  const styles = useStyles();
  return (
    <button
      type="button"
      aria-pressed={props.pressed}
      title={props.note}
      className={mergeClasses(styles.chip, props.pressed && styles.pressed)}
      onClick={props.onClick}
    >
      {props.icon}
      {props.label}
      {props.count === undefined ? null : <span className={styles.count}>{props.count}</span>}
    </button>
  );
}
