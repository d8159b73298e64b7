/** One row of a mapping file to a draft of an agent, or to what is wrong with it. */
import type { Account } from '../connectors/connector.ts';
import type { AccountId, AgentId, PlatformId } from '../model/ids.ts';
import type { AccountIndex } from './accounts.ts';
import type { PlatformColumns } from './columns.ts';
import { AGENT_ID, NAME, PLATFORM_COLUMNS, TEAMS, splitTeams } from './columns.ts';
import { AGENT_ID_RULE, isAccountId, isAgentId, keptName } from './directory.ts';
import { normal } from './normal.ts';
import type { Row } from './read-table.ts';
import { echo } from './read-table.ts';

/** What a spreadsheet itself allows. */
const CELL_MAX = 32_767;

export interface Mistake {
  /** As a spreadsheet numbers it; the header is row 1. */
  readonly row: number;
  /** Name of the column; empty for the row or the file as a whole. */
  readonly column: string;
  readonly value: string;
  readonly message: string;
  readonly fix: string;
}

/** An agent who may not have an id yet. */
export interface Draft {
  readonly row: number;
  readonly id?: AgentId;
  readonly name: string;
  readonly accounts: Readonly<Record<PlatformId, AccountId>>;
  readonly teams: readonly string[];
}

export interface ReadRow {
  /** Complete only when there are no mistakes. */
  readonly draft: Draft;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

interface Reading {
  readonly row: Row;
  readonly mistakes: Mistake[];
  readonly warnings: Mistake[];
}

export function readRow(row: Row, lists: ReadonlyMap<PlatformId, AccountIndex>): ReadRow {
  const reading: Reading = { row, mistakes: [], warnings: [] };
  checkCells(reading);
  const accounts: Record<PlatformId, AccountId> = {};
  let listedName: string | undefined;
  for (const columns of PLATFORM_COLUMNS) {
    const found = findAccount(reading, columns, lists.get(columns.platform));
    if (found === undefined) continue;
    accounts[columns.platform] = found.id;
    listedName ??= found.name;
  }
  const id = row.cells.get(AGENT_ID);
  const name = row.cells.get(NAME) ?? listedName ?? '';
  if (keptName(name) === '') note(reading, NAME, 'is empty', 'write the name to show');
  const draft = {
    row: row.number,
    ...(id === undefined ? {} : { id }),
    name,
    accounts,
    teams: splitTeams(row.cells.get(TEAMS) ?? ''),
  };
  return { draft, mistakes: reading.mistakes, warnings: reading.warnings };
}

function note(reading: Reading, column: string, message: string, fix: string): void {
  reading.mistakes.push(told(reading.row, column, message, fix));
}

function warn(reading: Reading, column: string, message: string, fix: string): void {
  reading.warnings.push(told(reading.row, column, message, fix));
}

function told(row: Row, column: string, message: string, fix: string): Mistake {
  return { row: row.number, column, value: echo(row.cells.get(column) ?? ''), message, fix };
}

function checkCells(reading: Reading): void {
  for (const [column, cell] of reading.row.cells) {
    if (column === '') {
      note(reading, '', 'has more cells than the header', 'put a cell with a comma in quotes');
    }
    if (cell.length > CELL_MAX) {
      note(reading, column, `is longer than ${CELL_MAX} characters`, 'write a shorter one');
    }
  }
  const id = reading.row.cells.get(AGENT_ID);
  if (id !== undefined && !isAgentId(id)) {
    note(reading, AGENT_ID, 'is not an agent id', `${AGENT_ID_RULE}, or leave it empty`);
  }
}

type Found = Pick<Account, 'id'> & { readonly name?: string };

function findAccount(
  reading: Reading,
  columns: PlatformColumns,
  list: AccountIndex | undefined,
): Found | undefined {
  const { cells } = reading.row;
  const id = cells.get(columns.id);
  const name = cells.get(columns.name);
  if (id === undefined && name === undefined) {
    const fix = `write ${columns.id} or ${columns.name}`;
    note(reading, columns.id, `names no ${columns.label} account`, fix);
    return undefined;
  }
  const byName = name === undefined ? undefined : findByName(reading, columns, list);
  const found = id === undefined ? byName : findById(reading, columns, list);
  if (found !== undefined && byName !== undefined && found.id !== byName.id) {
    const message = `belongs to ${byName.id}, not to the id beside it`;
    note(reading, columns.name, message, `correct one of them, or leave ${columns.name} empty`);
  }
  if (found !== undefined) checkFound(reading, columns, list, found);
  return found;
}

function checkFound(
  reading: Reading,
  columns: PlatformColumns,
  list: AccountIndex | undefined,
  found: Found,
): void {
  const { label } = columns;
  if (!isAccountId(found.id)) {
    const column = reading.row.cells.has(columns.id) ? columns.id : columns.name;
    const message = `is listed by ${label} with an id that is empty or has spaces around it`;
    note(reading, column, message, `have that id put right in ${label}, or take the row out`);
  }
  if (list?.byId.get(normal(found.id))?.active === false) {
    const fix = 'take the row out if the person has left';
    warn(reading, columns.id, `${found.id} is not active in ${label}`, fix);
  }
}

function findById(
  reading: Reading,
  columns: PlatformColumns,
  list: AccountIndex | undefined,
): Found | undefined {
  const id = reading.row.cells.get(columns.id) ?? '';
  if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(id)) {
    const fix = 'format the column as text in the spreadsheet and enter the whole number';
    note(reading, columns.id, 'is a number that a spreadsheet has rounded', fix);
    return undefined;
  }
  if (list === undefined) return { id: /^[\da-f-]{36}$/i.test(id) ? id.toLowerCase() : id };
  const account = list.byId.get(normal(id));
  if (account === undefined) {
    const fix = `take the id from ${columns.label}'s own list of users`;
    note(reading, columns.id, `is not an id that ${columns.label} lists`, fix);
  }
  return account;
}

function findByName(
  reading: Reading,
  columns: PlatformColumns,
  list: AccountIndex | undefined,
): Found | undefined {
  const name = reading.row.cells.get(columns.name) ?? '';
  // With an id beside it the name decides nothing; people rename and user names change.
  const decides = !reading.row.cells.has(columns.id);
  if (list === undefined) {
    if (!decides) return undefined;
    const message = `cannot be looked up: ${columns.label} lists no users to Lockstep`;
    note(reading, columns.name, message, `write ${columns.id}, or grant the right to list users`);
    return undefined;
  }
  const found = list.find(name, columns.lookUp);
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    const tell = decides ? note : warn;
    const fix = `correct it, or write ${columns.id} alone`;
    tell(reading, columns.name, `is not a name that ${columns.label} lists`, fix);
  } else if (decides) {
    const ids = found.slice(0, 5).map((account) => account.id);
    const fix = `write ${columns.id}: one of ${ids.join(', ')}`;
    note(reading, columns.name, `is the name of ${found.length} accounts`, fix);
  }
  return undefined;
}
