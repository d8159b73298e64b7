/**
 * Query options of the directory's reads.
 * https://learn.microsoft.com/en-us/graph/query-parameters
 */
import { badRequest, type Problem } from './problem.ts';

interface Selectable {
  /** The type's name in refusals. */
  readonly type: string;
  readonly known: readonly string[];
  /** What an answer has when nothing was selected. */
  readonly unasked: readonly string[];
}

export function strangeOption(
  query: URLSearchParams,
  known: readonly string[],
): Problem | undefined {
  const strange = [...query.keys()].find((name) => !known.includes(name));
  if (strange === undefined) return undefined;
  return unsupportedQuery(`The query option '${strange}' is not supported.`);
}

export function unsupportedQuery(message: string): Problem {
  return badRequest(message, 'Request_UnsupportedQuery');
}

export function selectedFields(
  query: URLSearchParams,
  { type, known, unasked }: Selectable,
): readonly string[] | Problem {
  const select = query.get('$select');
  if (select === null) return unasked;
  const fields = select.split(',').map((field) => field.trim());
  const strange = fields.find((field) => !known.includes(field));
  if (strange === undefined) return fields;
  return badRequest(`Could not find a property named '${strange}' on '${type}'.`);
}
