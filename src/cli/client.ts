/** A tiny client of the service's own API, for the verbs that ask a running service. */
import type { z } from 'zod';
import { readWith } from '../lib/read-with.ts';
import { CliError, EXIT } from './cli.ts';

export const DEFAULT_URL = 'http://127.0.0.1:8430';
const TIMEOUT_MS = 10_000;

/** The answer. Throws `CliError` when the service is not there, says no, or is another one. */
export async function ask<T>(base: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await reach(base, path);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return readWith(schema, body) ?? notLockstep(base);
  const message = messageOf(body) ?? `the service answered ${response.status}`;
  throw new CliError(
    response.status === 404 ? EXIT.notFound : EXIT.failed,
    message,
    response.status === 404
      ? 'see the ids with: lockstep status --json, or on the board'
      : 'see its log',
  );
}

async function reach(base: string, path: string): Promise<Response> {
  if (!URL.canParse(path, base)) {
    throw new CliError(
      EXIT.usage,
      `--url is ${JSON.stringify(base)}`,
      `give an address such as ${DEFAULT_URL}`,
    );
  }
  try {
    return await fetch(new URL(path, base), { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new CliError(
      EXIT.unreachable,
      `no service answers at ${base}`,
      'start it with: lockstep start -c lockstep.yaml, or give its address with --url',
    );
  }
}

function notLockstep(base: string): never {
  throw new CliError(
    EXIT.unreachable,
    `what answers at ${base} is not Lockstep, or not this version of it`,
    'give the address of the service with --url',
  );
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
