/** The console's own icons, stroked in the colour of the text around them. Always beside a word. */
import type { ReactElement } from 'react';

const PATHS = {
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1',
  moon: 'M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z',
  monitor: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  close: 'M5 5l10 10M15 5L5 15',
  warning: 'M10 3.2l7.2 12.9H2.8zM10 8v3.6M10 13.8h.01',
  refresh:
    'M15.8 8.2A6 6 0 0 0 4.6 7.4M4.2 3.8v3.8H8M4.2 11.8A6 6 0 0 0 15.4 12.6M15.8 16.2v-3.8H12',
  plug: 'M7 3v4M13 3v4M5 7h10v2.5a5 5 0 0 1-10 0zM10 14.5V17.5',
  person: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 16.5a5.5 5.5 0 0 1 11 0',
  order: 'M5.5 4v12M3 13.5L5.5 16 8 13.5M11 5h6M11 10h4.5M11 15h3',
  group: 'M3 5h6M3 15h6M6 10h11M6 10V5M6 15v-5M13 5h4M13 15h4',
  tick: 'M4.5 10.5l3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.7',
  arrow: 'M4 10h12M11.5 5.5L16 10l-4.5 4.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { readonly name: IconName; readonly size?: number }): ReactElement {
  const size = props.size ?? 20;
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}

/** The product's mark: two flights of stairs, taken step by step together. */
export function Mark(props: { readonly size: number }): ReactElement {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={props.size}
      height={props.size}
      viewBox="0 0 32 32"
    >
      <rect width="32" height="32" rx="8" fill="var(--colorBrandBackground)" />
      <g
        fill="none"
        stroke="var(--colorNeutralForegroundOnBrand)"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M7 17h6v-5h6V7h6M7 25h6v-5h6v-5h6" />
      </g>
    </svg>
  );
}
