/** The signs' outlines on a grid of 16 by 16, to be stroked: one path each. */
import type { Step } from '../data/view.ts';
import type { Sign } from './families.ts';

export const SIGN_PATHS: Readonly<Record<Sign, string>> = {
  tick: 'M4.6 8.3l2.3 2.3 4.6-4.9',
  bell: 'M5 10.4V7.6a3 3 0 0 1 6 0v2.8M4.2 10.6h7.6M7.2 12.6h1.6',
  handset: 'M4.7 5.2c0 3.4 2.7 6.1 6.1 6.1l.6-1.8-2-.9-.9.8a5 5 0 0 1-2-2l.8-.9-.9-2z',
  people:
    'M6.2 7.2a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM3.6 11.6a2.6 2.6 0 0 1 5.2 0M10.2 4.6a1.4 1.4 0 0 1 0 2.7M10.6 9.2a2.5 2.5 0 0 1 1.9 2.4',
  pen: 'M4.6 11.4l.6-2.3 4.9-4.9 1.7 1.7-4.9 4.9z',
  calendar: 'M4.4 5.4h7.2v6.2H4.4zM4.4 7.6h7.2M6.3 4.2v1.4M9.7 4.2v1.4',
  screen: 'M4 4.8h8v5.2H4zM6.6 12h2.8M8 10v2',
  target: 'M8 11.8a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM8 8.1h.01',
  dot: 'M8 8h.01',
  bar: 'M4.8 8h6.4',
  clock: 'M8 4.6V8l2.4 1.6',
  return: 'M6.4 5L4.4 7l2 2M4.6 7h4.2a2.2 2.2 0 0 1 0 4.4H7',
  cup: 'M4.8 6h5v3.2a2 2 0 0 1-2 2h-1a2 2 0 0 1-2-2zM9.8 6.8h.8a1.1 1.1 0 0 1 0 2.2h-.8',
  book: 'M8 5.6C6.8 4.8 5.4 4.7 4.2 5v6c1.2-.3 2.6-.2 3.8.6 1.2-.8 2.6-.9 3.8-.6V5c-1.2-.3-2.6-.2-3.8.6zM8 5.6v6',
  pause: 'M6.4 5.4v5.2M9.6 5.4v5.2',
  alert: 'M8 4.4v4.4M8 11.3h.01',
  cross: 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  arrow: 'M10.8 8H5.2M7.4 5.6L5 8l2.4 2.4',
  question: 'M6.3 6.4a1.75 1.75 0 1 1 2.6 1.5c-.6.4-.9.7-.9 1.4M8 11.4h.01',
};

/** In step: two bars side by side. Moving: one follows the other. Blocked: a bar across. */
export const STEP_PATHS: Readonly<Record<Step, string>> = {
  in_step: 'M3.5 6h9M3.5 10h9',
  moving: 'M2.5 5.5h8M8.5 3.2l2.3 2.3-2.3 2.3M13.5 10.5h-8M7.5 8.2l-2.3 2.3 2.3 2.3',
  blocked: 'M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM8 5.2v3.4M8 10.9h.01',
  unknown: 'M5.9 6.2a2.1 2.1 0 1 1 3.1 1.85c-.7.4-1 .85-1 1.65M8 12.4h.01',
};
