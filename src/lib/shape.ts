/**
 * Shapes of plain data, checked all the way down. The compiler sees to it that nothing is forgotten:
 * a field, a kind or a word that a type gains has to be added to its shape before it builds.
 */

/** Whether a value is a T. */
export type Shape<T> = (value: unknown) => value is T;

export const text: Shape<string> = (value) => typeof value === 'string';
export const number: Shape<number> = (value) => typeof value === 'number';
export const flag: Shape<boolean> = (value) => typeof value === 'boolean';

export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

export function tableOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isTable(value) && Object.values(value).every(item);
}

export function word<T extends string>(known: Readonly<Record<T, unknown>>): Shape<T> {
  return (value): value is T => text(value) && Object.hasOwn(known, value);
}

type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> };

export function shapeOf<T extends object>(fields: Fields<T>): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(fields);
  return (value): value is T => isTable(value) && shapes.every(([key, shape]) => shape(value[key]));
}

/** One of several, told apart by `kind`. */
export function byKind<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Fields<Omit<Extract<T, { readonly kind: K }>, 'kind'>>;
}): Shape<T> {
  const shapes = new Map(
    Object.entries<Fields<object>>(kinds).map(([kind, fields]) => [kind, shapeOf(fields)]),
  );
  return (value): value is T =>
    isTable(value) && text(value['kind']) && shapes.get(value['kind'])?.(value) === true;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
