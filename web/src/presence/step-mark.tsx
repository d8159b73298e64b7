/** Whether the platforms agree: a sign and a word. A lost stream turns it into the past tense. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Step } from '../data/view.ts';
import { texts } from '../texts.ts';
import { STEP_PATHS } from './signs.ts';

const useStyles = makeStyles({
  mark: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '6px',
    whiteSpace: 'nowrap',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    borderRadius: tokens.borderRadiusCircular,
    padding: '1px 10px 1px 7px',
    border: '1px solid transparent',
  },
  in_step: { color: tokens.colorPaletteGreenForeground1, padding: '1px 0' },
  moving: {
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  blocked: {
    color: 'var(--blockedText)',
    backgroundColor: 'var(--blockedFill)',
    border: '1px solid var(--blockedLine)',
  },
  unknown: {
    color: tokens.colorNeutralForeground2,
    border: `1px dashed ${tokens.colorNeutralStrokeAccessible}`,
  },
  past: {
    color: tokens.colorNeutralForeground2,
    backgroundColor: 'transparent',
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    padding: '1px 10px 1px 7px',
  },
});

export function StepIcon(props: { readonly step: Step; readonly size?: number }): ReactElement {
  const size = props.size ?? 16;
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={STEP_PATHS[props.step]} />
    </svg>
  );
}

export function StepMark(props: { readonly step: Step; readonly past?: boolean }): ReactElement {
  const styles = useStyles();
  const words = props.past === true ? texts.stepsThen : texts.steps;
  return (
    <span
      className={mergeClasses(styles.mark, styles[props.step], props.past === true && styles.past)}
    >
      <StepIcon step={props.step} />
      {words[props.step]}
    </span>
  );
}
