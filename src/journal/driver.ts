/**
 * The driver port: the little of SQLite that the journal needs, over libsql.
 *
 * Facts of libsql that callers rely on, each covered by a test:
 * - a connection gives its lock up only when its statements are gone as well, so after `close`
 *   the lock lasts until the thread ends (that is why the journal waits for its worker's exit);
 * - reading text that is not UTF-8 aborts the whole process, and text is cut at a zero character:
 *   so text is never read as text, but cast to a blob and decoded here, where damage is noticed.
 */
import Database from 'libsql';
import { SqliteFailure } from './failure.ts';

export type SqlValue = null | number | string | Uint8Array;
export type SqlRow = readonly SqlValue[];

export interface Statement {
  run(...values: readonly SqlValue[]): void;
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export function openDriver(path: string): Driver {
  const database = attempt(() => new Database(path));
  return {
    exec: (sql) => void attempt(() => database.exec(sql)),
    prepare(sql) {
      const statement = attempt(() => database.prepare(sql));
      if (statement.reader) statement.raw();
      return {
        // Values go in as one list: a lone null or buffer would be taken for named parameters.
        run: (...values) => void attempt(() => statement.run(values)),
        get(...values) {
          const row = attempt(() => statement.get(values));
          return isRow(row) ? row : undefined;
        },
        all: (...values) => attempt(() => statement.all(values)).filter(isRow),
      };
    },
    close: () => void attempt(() => database.close()),
  };
}

/** In raw mode libsql answers with nothing but rows and, where there is none, undefined. */
function isRow(value: unknown): value is SqlRow {
  return Array.isArray(value);
}

function attempt<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw asFailure(error);
  }
}

function asFailure(error: unknown): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number') {
    // The low byte is the primary code: https://www.sqlite.org/rescode.html#extrc
    return new SqliteFailure(error.rawCode % 256, message);
  }
  // A failed open carries its code only at the end of the text.
  const code = /: (\d+)"\)$/.exec(message)?.[1];
  return new SqliteFailure(Number(code ?? 0) % 256, message);
}
