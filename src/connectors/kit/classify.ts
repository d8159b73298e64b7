/**
 * From an HTTP answer, or its absence, to the reaction that it demands. Pure. A connector looks
 * first for what only its platform says and leaves the rest to this table.
 *
 * X1  Nothing that may have had an effect is ever called `failed`, `refused` or `denied`.
 */
import { ExchangeError, type HttpResponse } from '../../lib/exchange.ts';
import type { Outcome } from '../connector.ts';
import { retryAfterMs } from './retry-after.ts';

/** Answers that say: not done, and the same request may be sent again. */
const NOT_DONE: ReadonlySet<number> = new Set([421, 425]);
/** Answers after which the platform must be read again before anything is decided. */
const READ_AGAIN: ReadonlySet<number> = new Set([409, 412]);
/** Something in between gave up waiting; what lies behind it may still act. */
const UNFINISHED: ReadonlySet<number> = new Set([408, 502, 504]);

/** The outcome of a write by its HTTP status; `now` is epoch ms. */
export function outcomeOfStatus(response: HttpResponse, now: number): Outcome {
  const { status } = response;
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const rest = restOf(response, now);
  if (rest !== undefined) return rest;
  if (UNFINISHED.has(status)) return { kind: 'ambiguous', detail, mayArrive: true };
  if (status >= 500 || READ_AGAIN.has(status)) return { kind: 'ambiguous', detail };
  if (status < 400 || NOT_DONE.has(status)) return { kind: 'failed', detail };
  if (status === 401 || status === 403) return denied(status);
  if (status === 404) return { kind: 'refused', reason: 'not_found', detail };
  return { kind: 'refused', reason: 'refused', detail };
}

/** The outcome of a write that got no answer at all. */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof ExchangeError)) {
    return { kind: 'ambiguous', detail: 'unexpected error', mayArrive: true };
  }
  const detail = `${error.kind}: ${error.message}`;
  return error.sent ? { kind: 'ambiguous', detail, mayArrive: true } : { kind: 'failed', detail };
}

/** A server that names the time of the next attempt says that it did not act on this one. */
function restOf(response: HttpResponse, now: number): Outcome | undefined {
  const wait = retryAfterMs(response.headers['retry-after'], now);
  if (response.status !== 429 && (response.status !== 503 || wait === undefined)) return undefined;
  return wait === undefined ? { kind: 'throttled' } : { kind: 'throttled', retryAfterMs: wait };
}

function denied(status: number): Outcome {
  const action =
    status === 401
      ? 'Check the credentials of the connection: they are refused.'
      : 'Grant the connection the permissions that its manifest lists.';
  return { kind: 'denied', detail: `HTTP ${status}`, action };
}
