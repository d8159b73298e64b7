/** Data from outside through a schema. It has no schema language of its own and knows no package. */

/** What this product asks of a schema; zod's have it. */
interface Schema<T> {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: T | undefined };
}

/**
 * What the schema makes of the value, or undefined. Never throws: for some values `safeParse` itself
 * does (zod 4.6.7 compares the `length` of whatever it meets with a bound, and the length of
 * `{"length":{"toString":1}}` can be compared with nothing).
 */
export function readWith<T>(schema: Schema<T>, value: unknown): T | undefined {
  try {
    return schema.safeParse(value).data;
  } catch {
    return undefined;
  }
}
