/** The platforms as the board's columns: the summary's order, or what the first rows tell. */
import { useMemo } from 'react';
import { platformWords } from '../presence/words.ts';
import { useCell, useConsole, useView } from '../console.ts';

export interface PlatformColumn {
  readonly id: string;
  /** As short as the board needs it. */
  readonly label: string;
  /** As the server writes it. */
  readonly fullLabel: string;
}

export function usePlatforms(): readonly PlatformColumn[] {
  const { summary, store } = useConsole();
  const known = useCell(summary)?.platforms;
  const first = useView().lines.find((line) => line.kind === 'agent');
  const seen = first?.kind === 'agent' ? store.item(first.id)?.platforms : undefined;
  const names =
    known === undefined || known.length === 0
      ? (seen ?? []).map((view) => `${view.platform}\n${view.platform}`)
      : known.map((platform) => `${platform.platform}\n${platform.label}`);
  const key = names.join('\n\n');
  return useMemo(() => columnsOf(key), [key]);
}

/** Built from one text, so that the columns stay the same object while nothing in them changes. */
function columnsOf(key: string): readonly PlatformColumn[] {
  if (key === '') return [];
  return key.split('\n\n').map((pair) => {
    const [id = '', label = ''] = pair.split('\n');
    return { id, label: platformWords(id, label), fullLabel: label };
  });
}

/** Explanations may name a platform by its id or by its label. */
export function columnOf(
  platforms: readonly PlatformColumn[],
  name: string,
): PlatformColumn | undefined {
  return platforms.find(({ id, fullLabel }) => id === name || fullLabel === name);
}
