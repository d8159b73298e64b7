/** Looks at the tenant's directory: one resource, or the same one of everybody who is mapped. */
import type { AccountId } from '../../model/ids.ts';
import type { GraphClient } from './client.ts';
import type { Registration } from './registrations.ts';
import { jsonOf } from './wire.ts';

export interface TenantParts {
  readonly client: GraphClient;
  readonly timeoutMs: number;
  readonly registrations: readonly Registration[];
  /** Those about whom there is a doubt come first. */
  readonly accounts: readonly AccountId[];
}

/** Directory requests have limits of their own; more people than this are not asked about one by one. */
const PEOPLE_MAX = 500;
const LANES = 5;

export type Looked<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed'; readonly detail: string };

type Parse<T> = (body: unknown) => T | undefined;

export interface Person<T> {
  readonly account: AccountId;
  readonly seen: Looked<T>;
}

export interface Done<T> {
  readonly kind: 'done';
  readonly people: readonly Person<T>[];
  readonly total: number;
}

export type Survey<T> =
  | Done<T>
  | { readonly kind: 'nobody' }
  | Exclude<Looked<T>, { kind: 'found' }>;

/** The first one alone: whether it may be asked at all. The others in a few lanes. */
export async function surveyed<T>(
  parts: TenantParts,
  pathOf: (account: AccountId) => string,
  parse: Parse<T>,
): Promise<Survey<T>> {
  const [first, ...others] = parts.accounts.slice(0, PEOPLE_MAX);
  if (first === undefined) return { kind: 'nobody' };
  const ask = async (account: AccountId): Promise<Person<T>> => ({
    account,
    seen: await look(parts, pathOf(account), parse),
  });
  const people = [await ask(first)];
  const { seen } = people[0] ?? {};
  if (seen?.kind === 'denied' || seen?.kind === 'failed') return seen;
  const left = others.values();
  const lane = async (): Promise<void> => {
    for (const account of left) people.push(await ask(account));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { kind: 'done', people, total: parts.accounts.length };
}

/** Never rejects. */
export async function look<T>(
  parts: TenantParts,
  path: string,
  parse: Parse<T>,
): Promise<Looked<T>> {
  try {
    const { status, body } = await parts.client.call({
      method: 'GET',
      path,
      timeoutMs: parts.timeoutMs,
    });
    if (status === 403 || status === 401) return { kind: 'denied' };
    if (status === 404) return { kind: 'absent' };
    const value = status === 200 ? parse(jsonOf(body)) : undefined;
    return value === undefined
      ? { kind: 'failed', detail: status === 200 ? 'unreadable answer' : `HTTP ${status}` }
      : { kind: 'found', value };
  } catch {
    return { kind: 'failed', detail: 'no answer' };
  }
}
