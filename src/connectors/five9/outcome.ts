/** From Five9's answer to a write, or its absence, to the reaction that it demands. Pure. */
import type { HttpResponse } from '../../lib/exchange.ts';
import type { Outcome } from '../connector.ts';
import { outcomeOfError, outcomeOfStatus } from '../kit/classify.ts';
import { isOk, jsonOf, sessionFault, vendorError, waitOf, wordsOf } from './reply.ts';
import { Trouble } from './trouble.ts';
import type { Readiness } from './wire.ts';
import { isPending } from './write.ts';

/** `now` is epoch ms; `wanted` is the readiness that the write asked for. */
export function outcomeOf(reply: HttpResponse, wanted: Readiness, now: number): Outcome {
  if (isOk(reply)) {
    const pending = isPending(jsonOf(reply), wanted);
    return { kind: 'accepted', ...(pending ? { pending } : {}) };
  }
  if (reply.status === 401) return refusedSession(reply);
  if (reply.status === 429) {
    const wait = waitOf(reply, now);
    return { kind: 'throttled', ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  }
  // Met by a fault of the session again, after a recovery: nothing was done.
  if (sessionFault(reply) !== undefined) return { kind: 'failed', detail: wordsOf(reply) };
  if (isRefusal(reply)) {
    const reason = reply.status === 404 ? 'not_found' : 'refused';
    return { kind: 'refused', reason, detail: wordsOf(reply) };
  }
  if (reply.status === 503) return { kind: 'failed', detail: wordsOf(reply) };
  return outcomeOfStatus(reply, now);
}

/** A write that ended without an answer of its own. */
export function outcomeOfFailure(error: unknown): Outcome {
  if (!(error instanceof Trouble)) return outcomeOfError(error);
  // Trouble comes before the request, or between two of which the first had no effect.
  if (error.reaction === 'ask_admin') {
    return { kind: 'denied', detail: error.message, action: error.fix };
  }
  if (error.reaction === 'wait_until' && error.retryMs !== undefined) {
    return { kind: 'throttled', retryAfterMs: error.retryMs };
  }
  return { kind: 'failed', detail: error.message };
}

/** Five9 itself, not something in between, says that it will not do it. */
function isRefusal(reply: HttpResponse): boolean {
  const isClientError = reply.status >= 400 && reply.status < 500 && reply.status !== 408;
  return isClientError && vendorError(reply) !== undefined;
}

function refusedSession(reply: HttpResponse): Outcome {
  return {
    kind: 'denied',
    detail: `Five9 refuses writes of this session: ${wordsOf(reply)}`,
    action:
      'Give the bridge account the right to change agents’ states, or set five9.authorization to another way.',
  };
}
