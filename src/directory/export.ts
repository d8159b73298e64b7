/** A directory as a mapping file: ids, names, teams. What `import.ts` reads back unchanged. */
import { AGENT_ID, NAME, PLATFORM_COLUMNS, TEAMS, guardCell, joinTeams } from './columns.ts';
import { writeCsv } from './csv.ts';
import type { Directory } from './directory.ts';

export function exportDirectory(directory: Directory): string {
  const header = [AGENT_ID, ...PLATFORM_COLUMNS.map(({ id }) => id), NAME, TEAMS];
  const rows = directory.agents.map(({ id, name, accounts, teams }) => [
    id,
    ...PLATFORM_COLUMNS.map(({ platform }) => accounts[platform] ?? ''),
    name,
    joinTeams(teams ?? []),
  ]);
  return writeCsv([header, ...rows.map((cells) => cells.map(guardCell))]);
}
