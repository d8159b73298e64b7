/** Reading JSON that somebody else sent: typed as unknown until each field has been looked at. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed value, or undefined when the text is no JSON. An empty text is an empty object. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A text field of a record, or undefined when it is absent; throws when it is something else. */
export function optionalText(record: JsonRecord, field: string): string | undefined {
  const value = record[field];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  throw new Error(`${field}: ${JSON.stringify(value)} is not a text; send a JSON string`);
}

/** One of the known words, or undefined when the field is absent. */
export function optionalChoice<T extends string>(
  record: JsonRecord,
  field: string,
  choices: readonly T[],
): T | undefined {
  const text = optionalText(record, field);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw new Error(`${field}: "${text}" is unknown; use ${choices.join(', ')}`);
}

export function requiredText(record: JsonRecord, field: string): string {
  const value = optionalText(record, field);
  if (value === undefined || value === '') {
    throw new Error(`${field}: missing; send a JSON string that is not empty`);
  }
  return value;
}

export function optionalNumber(record: JsonRecord, field: string): number | undefined {
  const value = record[field];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${field}: ${JSON.stringify(value)} is not a number; send a JSON number`);
}

export function optionalFlag(record: JsonRecord, field: string): boolean | undefined {
  const value = record[field];
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value;
  throw new Error(`${field}: ${JSON.stringify(value)} is not true or false`);
}

export function optionalTexts(record: JsonRecord, field: string): readonly string[] | undefined {
  const value = record[field];
  if (value === undefined) return undefined;
  if (isTextList(value)) return value;
  throw new Error(`${field}: ${JSON.stringify(value)} is not a list of texts`);
}
