/** One figure of the summary: its name, its value, and a note on demand. */
import { makeStyles, mergeClasses, tokens, Tooltip } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  cell: {
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'flex-start',
    alignItems: 'stretch',
    minWidth: 0,
    boxSizing: 'border-box',
    width: '100%',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalSNudge} ${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    '@container board (max-width: 639px)': { padding: `6px ${tokens.spacingHorizontalL}` },
    border: 'none',
    textAlign: 'left',
    font: 'inherit',
    color: 'inherit',
    backgroundColor: 'transparent',
  },
  button: {
    cursor: 'help',
    borderRadius: tokens.borderRadiusXLarge,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  label: {
    display: 'block',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  line: {
    display: 'flex',
    alignItems: 'baseline',
    columnGap: tokens.spacingHorizontalSNudge,
    // What does not fit beside the value goes, whole, to a second line that is not shown.
    flexWrap: 'wrap',
    height: tokens.lineHeightBase500,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  },
  value: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  beside: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase500,
    color: tokens.colorNeutralForeground2,
  },
});

interface FigureProps {
  readonly label: string;
  /** Undefined: not known yet. */
  readonly value: string | undefined;
  readonly beside?: string;
  /** Shown on hover, on focus and to screen readers. */
  readonly note?: string;
  readonly className?: string;
  readonly children?: ReactNode;
}

export function Figure(props: FigureProps): ReactElement {
  const styles = useStyles();
  const { note, className } = props;
  if (note === undefined) {
    return (
      <div className={mergeClasses(styles.cell, className)}>
        <Body {...props} />
      </div>
    );
  }
  return (
    <Tooltip content={note} relationship="description" withArrow positioning="below">
      <button type="button" className={mergeClasses(styles.cell, styles.button, className)}>
        <Body {...props} />
      </button>
    </Tooltip>
  );
}

function Body(props: FigureProps): ReactElement {
  const styles = useStyles();
  return (
    <>
      <span className={styles.label}>{props.label}</span>
      <span className={styles.line}>
        <span className={styles.value}>
          {props.value ?? (
            <span role="img" aria-label={texts.summary.unknownFigureSpoken}>
              {texts.summary.unknownFigure}
            </span>
          )}
        </span>
        <span className={styles.beside}>{props.beside}</span>
      </span>
      {props.children}
    </>
  );
}
