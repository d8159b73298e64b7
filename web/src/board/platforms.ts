/** The platforms as the board's columns: the summary's order, or what the first rows tell. */
import { useMemo } from 'react';
import { useCell, useConsole, useView } from '../console.ts';

export interface PlatformColumn {
  readonly id: string;
  readonly label: string;
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
    return { id, label };
  });
}
