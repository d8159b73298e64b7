/** The columns of a mapping file, and how a cell is written so that no spreadsheet runs it. */
import type { PlatformId } from '../model/ids.ts';

export interface PlatformColumns {
  readonly platform: PlatformId;
  readonly label: string;
  /** Column of the immutable id. */
  readonly id: string;
  /** Column of a name that is resolved to an id. */
  readonly name: string;
  /** Which names of an account it is looked up among, in this order. */
  readonly lookUp: readonly ('upn' | 'name')[];
}

/** One row for each platform that a mapping file can name. */
export const PLATFORM_COLUMNS: readonly PlatformColumns[] = [
  {
    platform: 'five9',
    label: 'Five9',
    id: 'five9_user_id',
    name: 'five9_username',
    lookUp: ['upn', 'name'],
  },
  {
    platform: 'teams',
    label: 'Teams',
    id: 'teams_user_id',
    name: 'teams_upn',
    lookUp: ['upn'],
  },
];

export const AGENT_ID = 'agent_id';
export const NAME = 'name';
/** Groups within the contact centre, separated by `|`. */
export const TEAMS = 'teams';

export const COLUMNS: readonly string[] = [
  AGENT_ID,
  ...PLATFORM_COLUMNS.flatMap(({ id, name }) => [id, name]),
  NAME,
  TEAMS,
];

/**
 * A cell that begins with one of these is a formula to a spreadsheet
 * (https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it makes it text.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

export function guardCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Takes away what `guardCell` added, and nothing else. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** `|` separates; `\|` and `\\` stand for the characters themselves. */
export function joinTeams(teams: readonly string[]): string {
  return teams.map((team) => team.replaceAll(/[\\|]/g, '\\$&')).join('|');
}

export function splitTeams(cell: string): string[] {
  const parts = cell.match(/(?:\\[\s\S]|[^\\|])+/g) ?? [];
  return parts
    .map((part) => part.replaceAll(/\\([\s\S])/g, '$1').trim())
    .filter((part) => part !== '');
}
