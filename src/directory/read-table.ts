/** A mapping file's text to rows of named cells, or to what is wrong with it as a whole. */
import { COLUMNS, PLATFORM_COLUMNS, unguardCell } from './columns.ts';
import type { CsvRow } from './csv.ts';
import { parseCsv } from './csv.ts';
import type { Mistake } from './read-row.ts';

/** Longest file that is read, characters. */
const TEXT_MAX = 16 * 1_048_576;
const ROWS_MAX = 100_000;
/** Longest piece of a cell that is told, characters. */
const ECHO_MAX = 200;

export interface Row {
  readonly number: number;
  /** Trimmed cells by column; what lies past the header is under the empty name. */
  readonly cells: ReadonlyMap<string, string>;
}

export type Table =
  | { readonly ok: true; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

export function readTable(text: string): Table {
  if (text.length > TEXT_MAX) {
    return refuse(1, `is longer than ${TEXT_MAX} characters`, 'name the right file');
  }
  if (/[\0\uFFFD]/.test(text)) {
    return refuse(1, 'is not UTF-8 text', 'save it as "CSV UTF-8"');
  }
  const csv = parseCsv(text);
  if (!csv.ok) return refuse(csv.row, csv.message, 'double each quote inside a cell and close it');
  const [first, ...rows] = csv.rows;
  const header = (first?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  while (header.at(-1) === '') header.pop();
  const mistakes = checkHeader(header, first?.number ?? 1);
  if (mistakes.length > 0) return { ok: false, mistakes };
  if (rows.length === 0) return refuse(2, 'names no agents', 'write one row for each agent');
  if (rows.length > ROWS_MAX) {
    return refuse(1, `has more than ${ROWS_MAX} rows`, 'name the right file');
  }
  return { ok: true, rows: rows.map((row) => nameCells(row, header)) };
}

export function echo(cell: string): string {
  return cell.slice(0, ECHO_MAX);
}

function refuse(row: number, message: string, fix: string): Table {
  return { ok: false, mistakes: [{ row, column: '', value: '', message, fix }] };
}

function checkHeader(header: readonly string[], row: number): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [index, name] of header.entries()) {
    const column = echo(name);
    if (!COLUMNS.includes(name)) {
      const fix = `take it out or rename it; known are ${COLUMNS.join(', ')}`;
      mistakes.push({ row, column, value: column, message: 'is not a known column', fix });
    } else if (header.indexOf(name) !== index) {
      mistakes.push({ row, column, value: column, message: 'is there twice', fix: 'keep one' });
    }
  }
  for (const { id, name, label } of PLATFORM_COLUMNS) {
    if (header.includes(id) || header.includes(name)) continue;
    const fix = `add a column ${id} or ${name}`;
    mistakes.push({ row, column: id, value: '', message: `for ${label} is missing`, fix });
  }
  return mistakes;
}

function nameCells(row: CsvRow, header: readonly string[]): Row {
  const cells = new Map<string, string>();
  for (const [index, raw] of row.cells.entries()) {
    const cell = unguardCell(raw.trim()).trim();
    if (cell !== '') cells.set(header[index] ?? '', cell);
  }
  return { number: row.number, cells };
}
