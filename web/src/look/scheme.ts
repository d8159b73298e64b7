/** Light, dark, or what the system says: the viewer's choice and what follows from it. */
import type { Cell } from '../data/cell.ts';
import { createCell } from '../data/cell.ts';

export const SCHEMES = ['light', 'dark', 'system'] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface SchemeSeams {
  /** What was chosen on an earlier visit. */
  readonly recall: () => string | undefined;
  readonly remember: (scheme: Scheme) => void;
  readonly systemIsDark: () => boolean;
  readonly onSystemChange: (listener: () => void) => void;
}

export interface SchemeChoice {
  readonly chosen: Cell<Scheme>;
  readonly dark: Cell<boolean>;
}

export function createSchemeChoice(seams: SchemeSeams): SchemeChoice {
  const recalled = SCHEMES.find((name) => name === seams.recall());
  const chosen = createCell<Scheme>(recalled ?? 'system');
  const dark = createCell(isDark());

  function isDark(): boolean {
    const scheme = chosen.get();
    return scheme === 'system' ? seams.systemIsDark() : scheme === 'dark';
  }

  chosen.subscribe(() => {
    seams.remember(chosen.get());
    dark.set(isDark());
  });
  seams.onSystemChange(() => dark.set(isDark()));
  return { chosen, dark };
}
