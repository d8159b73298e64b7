/**
 * Comma-separated text as RFC 4180 has it (https://www.rfc-editor.org/rfc/rfc4180), read leniently
 * in what spreadsheets add: a byte order mark, lone line feeds, a semicolon or a tab as separator.
 */

type Separator = ',' | ';' | '\t';

/** Rows of cells, quotes resolved. A row without any text is left out, but keeps its number. */
export interface CsvRow {
  /** As a spreadsheet numbers it: the first row is 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

export type CsvResult =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly row: number; readonly message: string };

export function parseCsv(raw: string): CsvResult {
  const text = raw.replace(/^\uFEFF/, '');
  const separator = separatorOf(text);
  // A quoted cell (doubled quotes inside) or a bare one, then what ends it.
  const bare = `[^"\\r\\n${separator}][^\\r\\n${separator}]*`;
  const cell = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|(${bare})|)(${separator}|\\r\\n|\\n|\\r|$)`,
    'y',
  );
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let number = 1;
  while (cell.lastIndex < text.length || cells.length > 0) {
    const match = cell.exec(text);
    if (match === null) {
      return {
        ok: false,
        row: number,
        message: 'has a quote that is not closed or text after one',
      };
    }
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === separator) continue;
    if (cells.some((one) => one.trim() !== '')) rows.push({ number, cells });
    cells = [];
    number += 1;
  }
  return { ok: true, rows };
}

/** Every cell quoted, so that a separator or a quote inside can never start another cell. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return rows.map((cells) => `${cells.map(quote).join(',')}\r\n`).join('');
}

/** Spreadsheets use the semicolon where the comma is the decimal sign. */
function separatorOf(text: string): Separator {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (one: Separator): number => header.split(one).length;
  if (count(';') > count(',')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}
