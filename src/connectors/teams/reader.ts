/**
 * One bulk read of presence, and what it means for the sweep.
 * https://learn.microsoft.com/en-us/graph/api/cloudcommunications-getpresencesbyuserid
 */
import { ExchangeError, type HttpResponse } from '../../lib/exchange.ts';
import type { AccountId } from '../../model/ids.ts';
import { ConnectorError } from '../connector.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import type { GraphClient } from './client.ts';
import { parseGraphError, parsePresences, type WirePresence } from './wire.ts';
import {
  READ_ROLES,
  SIGN_IN_FIX,
  consentFix,
  isTenantWide,
  type Granted,
} from './write-outcome.ts';

export type ReadResult =
  | {
      readonly kind: 'answered';
      readonly presences: readonly WirePresence[];
      /** Items that could not be read. */
      readonly spoiled: number;
      /** Characters of the request and bytes of the answer as it travelled. */
      readonly bytes: number;
    }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | undefined }
  /** The service objects to the ids: one of them may spoil the others. */
  | { readonly kind: 'objected'; readonly detail: string }
  /** Only an administrator can help. */
  | { readonly kind: 'blocked'; readonly detail: string; readonly action: string }
  | { readonly kind: 'failed'; readonly detail: string };

export interface ReadParts {
  readonly client: GraphClient;
  readonly timeoutMs: number;
  readonly granted: () => Granted;
  /** Told that a read was answered: the permission is there. */
  readonly worked: () => void;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Never rejects. */
export async function readPresences(
  parts: ReadParts,
  accounts: readonly AccountId[],
): Promise<ReadResult> {
  const body = JSON.stringify({ ids: accounts });
  try {
    const response = await parts.client.call({
      method: 'POST',
      path: '/communications/getPresencesByUserId',
      body,
      timeoutMs: parts.timeoutMs,
    });
    return judge(response, parts, body.length);
  } catch (error) {
    return failureOf(error);
  }
}

function judge(response: HttpResponse, parts: ReadParts, sent: number): ReadResult {
  const { status } = response;
  if (status === 200) {
    parts.worked();
    return answerOf(response, sent);
  }
  const wait = retryAfterMs(response.headers['retry-after'], parts.now());
  if (status === 429 || (status === 503 && wait !== undefined)) {
    return { kind: 'throttled', retryAfterMs: wait };
  }
  const detail = `HTTP ${status}`;
  if (status === 401) return { kind: 'blocked', detail, action: SIGN_IN_FIX };
  if (status === 400 || status === 404) return { kind: 'objected', detail };
  if (status !== 403) return { kind: 'failed', detail };
  const error = parseGraphError(response.body);
  return isTenantWide(error, parts.granted(), READ_ROLES)
    ? { kind: 'blocked', detail, action: consentFix(READ_ROLES.slice(0, 1)) }
    : { kind: 'objected', detail };
}

function answerOf(response: HttpResponse, sent: number): ReadResult {
  const list = parsePresences(response.body);
  if (list === undefined) return { kind: 'failed', detail: 'the answer cannot be read' };
  const travelled = Number(response.headers['content-length'] ?? Number.NaN);
  const received = Number.isFinite(travelled) ? travelled : response.body.length;
  return {
    kind: 'answered',
    presences: list.items,
    spoiled: list.spoiled,
    bytes: sent + received,
  };
}

function failureOf(error: unknown): ReadResult {
  if (error instanceof ConnectorError) {
    return error.reaction === 'ask_admin'
      ? { kind: 'blocked', detail: error.message, action: error.fix }
      : { kind: 'failed', detail: error.message };
  }
  const detail = error instanceof ExchangeError ? `no answer (${error.kind})` : 'unexpected error';
  return { kind: 'failed', detail };
}
