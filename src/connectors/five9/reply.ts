/** Pure readings of REST replies: which session fault they show, how long to wait, what they say. */
import type { HttpResponse } from '../../lib/exchange.ts';
import { readWith } from '../../lib/read-with.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import { errorSchema, rateLimitSchema } from './wire.ts';

/**
 * What is wrong with the session, by what has to be done. All of these leave the platform as it
 * was, so the request may be sent again afterwards.
 */
export type SessionFault =
  | { readonly kind: 'unauthorised' }
  /** The session exists, but must be brought to WORKING first. */
  | { readonly kind: 'wrong_state' }
  /** The domain lives on another host now. */
  | { readonly kind: 'migrated' }
  /** The same host serves it under another farm. */
  | { readonly kind: 'farm'; readonly farmId: string };

interface VendorError {
  readonly code: number;
  readonly message: string;
  readonly contextCode: string;
  readonly farmId: string | undefined;
}

/** Not a registered status: Five9 answers it while the login state is not the one that is needed. */
const WRONG_STATE = 435;
/** "Service migrated" in public client code; the farm is in the context. */
const FARM_MOVED = 5001;

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 3_600_000;
const MAX_WORDS = 200;

export function jsonOf(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.body);
  } catch {
    return undefined;
  }
}

export function isOk(response: HttpResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

export function vendorError(response: HttpResponse): VendorError | undefined {
  const detail = readWith(errorSchema, jsonOf(response))?.five9ExceptionDetail;
  if (detail === undefined) return undefined;
  return {
    code: detail.errorCode,
    message: plainWords(detail.message),
    contextCode: detail.context?.contextCode ?? '',
    farmId: detail.context?.farmId,
  };
}

export function sessionFault(response: HttpResponse): SessionFault | undefined {
  if (isOk(response)) return undefined;
  const error = vendorError(response);
  if (error?.code === FARM_MOVED) {
    return error.farmId === undefined
      ? { kind: 'migrated' }
      : { kind: 'farm', farmId: error.farmId };
  }
  if (response.status === 401) return { kind: 'unauthorised' };
  if (response.status !== WRONG_STATE) return undefined;
  return { kind: error?.contextCode === 'LOGIN' ? 'wrong_state' : 'migrated' };
}

/** The wait that a 429 asks for, in the header or in the body; undefined when it names none. */
export function waitOf(response: HttpResponse, now: number): number | undefined {
  const header = retryAfterMs(response.headers['retry-after'], now);
  if (header !== undefined) return header;
  const limit = readWith(rateLimitSchema, jsonOf(response));
  if (limit === undefined) return undefined;
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, limit.resetEpochSeconds * 1_000 - now));
}

/** The vendor's message, short and without anything that could play tricks on a screen. */
export function wordsOf(response: HttpResponse): string {
  const error = vendorError(response);
  if (error === undefined || error.message === '') return `HTTP ${response.status}`;
  return `${error.message} (HTTP ${response.status})`;
}

function plainWords(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{Zs}\p{Sm}\p{Sc}]/gu, ' ').slice(0, MAX_WORDS);
}
