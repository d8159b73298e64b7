/** JSON as a type, and its one canonical text: keys sorted, no white space. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Equal values have equal texts, whatever the order in which their keys were added. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  let members = '';
  for (const key of Object.keys(value).sort()) {
    const member = `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`;
    members = members === '' ? member : `${members},${member}`;
  }
  return `{${members}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** What JSON text says. Throws `SyntaxError` on anything else. */
function parseJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (!isJson(value)) throw new SyntaxError('not JSON');
  return value;
}

/** Plain data without functions, dates or cycles as JSON; undefined members are left out. */
export function asJson(value: unknown): Json {
  return parseJson(JSON.stringify(value));
}

/** Whatever JSON.parse returns is JSON; the guard only tells the compiler. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
