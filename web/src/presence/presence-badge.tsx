/** What a platform shows, as a shape with a sign and, beside it, a word. See `families.ts`. */
import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { lookOf } from './families.ts';
import type { Family } from './families.ts';
import { SIGN_PATHS } from './signs.ts';

const FORCED = '@media (forced-colors: active)';

const useStyles = makeStyles({
  badge: { flexShrink: 0, display: 'block' },
  sign: {
    fill: 'none',
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    [FORCED]: { stroke: 'CanvasText' },
  },
  outline: { [FORCED]: { fill: 'Canvas', stroke: 'CanvasText' } },
});

interface Paint {
  readonly fill: string;
  readonly line: string;
  readonly sign: string;
  readonly dash?: string;
}

const PAINTS: Readonly<Record<Family, Paint>> = {
  free: { fill: 'var(--freeFill)', line: 'var(--freeFill)', sign: 'var(--onFill)' },
  busy: { fill: 'var(--busyFill)', line: 'var(--busyFill)', sign: 'var(--onFill)' },
  shut: { fill: 'var(--busyFill)', line: 'var(--busyFill)', sign: 'var(--onFill)' },
  pause: { fill: 'var(--pauseFill)', line: 'var(--pauseLine)', sign: 'var(--pauseLine)' },
  out: { fill: 'none', line: 'var(--outLine)', sign: 'var(--outLine)' },
  dark: { fill: 'none', line: 'var(--outLine)', sign: 'var(--outLine)', dash: '1.2 2.2' },
};

export function PresenceBadge(props: {
  readonly preset: string;
  readonly size?: number;
  /** What was last known, not what is: the same shape without its colour. */
  readonly faded?: boolean;
}): ReactElement {
  const styles = useStyles();
  const { family, sign } = lookOf(props.preset);
  const paint = props.faded === true ? PAINTS.dark : PAINTS[family];
  const size = props.size ?? 20;
  const outline = {
    className: styles.outline,
    fill: paint.fill,
    stroke: paint.line,
    strokeWidth: 1.2,
    strokeDasharray: paint.dash,
  };
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      className={styles.badge}
      width={size}
      height={size}
      viewBox="0 0 16 16"
    >
      {family === 'shut' ? (
        <rect {...outline} x="0.8" y="0.8" width="14.4" height="14.4" rx="4" />
      ) : (
        <circle {...outline} cx="8" cy="8" r="7.2" />
      )}
      <path
        className={styles.sign}
        d={SIGN_PATHS[sign]}
        stroke={paint.sign}
        strokeWidth={sign === 'dot' ? 4 : 1.4}
      />
    </svg>
  );
}
