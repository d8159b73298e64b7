/**
 * A mapping file to a new directory. All or nothing: either every row is right, or nothing changes
 * and every mistake is told with its row and column.
 *
 * M1  The file is the whole mapping: an agent who is not in it is not in the new directory.
 * M2  Agents keep their id when any of their accounts is already known, whatever else changed.
 * M3  The order of the rows does not matter.
 */
import type { Account } from '../connectors/connector.ts';
import type { PlatformId } from '../model/ids.ts';
import { indexAccounts } from './accounts.ts';
import type { NewAgentId } from './agent-ids.ts';
import { withIds } from './agent-ids.ts';
import { AGENT_ID, PLATFORM_COLUMNS } from './columns.ts';
import type { Directory } from './directory.ts';
import { createDirectory } from './directory.ts';
import type { Draft, Mistake } from './read-row.ts';
import { readRow } from './read-row.ts';
import { echo, readTable } from './read-table.ts';

export interface ImportInput {
  readonly text: string;
  /** What each platform lists. Where one lists nobody at all, ids are taken as they are. */
  readonly accounts: ReadonlyMap<PlatformId, readonly Account[]>;
  readonly current: Directory;
  readonly newAgentId: NewAgentId;
}

export type ImportResult =
  | {
      readonly kind: 'imported';
      readonly directory: Directory;
      /** Rows that were taken, and that somebody should look at. */
      readonly warnings: readonly Mistake[];
    }
  | { readonly kind: 'refused'; readonly mistakes: readonly Mistake[] };

export function importDirectory(input: ImportInput): ImportResult {
  const table = readTable(input.text);
  if (!table.ok) return { kind: 'refused', mistakes: table.mistakes };
  const lists = new Map(
    [...input.accounts]
      // Nobody at all means that nothing could be asked, not that everybody has left.
      .filter(([, accounts]) => accounts.length > 0)
      .map(([platform, accounts]) => [platform, indexAccounts(accounts)]),
  );
  const rows = table.rows.map((row) => readRow(row, lists));
  const drafts = rows.map(({ draft }) => draft);
  const mistakes = [...rows.flatMap((row) => row.mistakes), ...findShared(drafts)];
  if (mistakes.length > 0) {
    return { kind: 'refused', mistakes: mistakes.toSorted((a, b) => a.row - b.row) };
  }
  const agents = withIds(drafts, input.current, input.newAgentId);
  const warnings = rows.flatMap((row) => row.warnings);
  return { kind: 'imported', directory: createDirectory(agents), warnings };
}

/** One account for two agents, or one id for two agents. */
function findShared(drafts: readonly Draft[]): Mistake[] {
  const seen = new Map<string, number>();
  const mistakes: Mistake[] = [];
  for (const draft of drafts) {
    for (const [column, value] of keysOf(draft)) {
      const first = seen.get(`${column}\n${value}`);
      if (first === undefined) {
        seen.set(`${column}\n${value}`, draft.row);
        continue;
      }
      const message = `is already in row ${first}`;
      const fix = 'keep one of the two rows';
      mistakes.push({ row: draft.row, column, value: echo(value), message, fix });
    }
  }
  return mistakes;
}

/** What no two rows may share. */
function keysOf(draft: Draft): (readonly [column: string, value: string])[] {
  const accounts = PLATFORM_COLUMNS.map(
    ({ platform, id }) => [id, draft.accounts[platform] ?? ''] as const,
  );
  return [[AGENT_ID, draft.id ?? ''] as const, ...accounts].filter(([, value]) => value !== '');
}
