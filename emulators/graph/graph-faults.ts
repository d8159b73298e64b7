/** Faults that change an answer: in place of handling the request, or after it took effect. */
import type { HttpResponse } from '../../src/lib/exchange.ts';
import type { Call, GraphDesk } from './desk.ts';
import { forbidden, notFound, problemAnswer, tooManyRequests, type Problem } from './problem.ts';

const HUGE_BYTES = 2_000_000;

/** A problem in place of handling; the request surely had no effect. */
export function faultBefore(desk: GraphDesk, call: Call): Problem | undefined {
  const draw = desk.faults;
  const throttled = draw.draw('throttled', call.target);
  if (throttled !== undefined) return tooManyRequests(text(throttled.retryAfter));
  const unavailable = draw.draw('unavailable', call.target);
  if (unavailable !== undefined) {
    const problem = serverError(unavailable.status ?? 503, 'ServiceUnavailable');
    const after = text(unavailable.retryAfter);
    return after === undefined ? problem : { ...problem, headers: { 'retry-after': after } };
  }
  const failed = draw.draw('error_before', call.target);
  if (failed !== undefined) return serverError(failed.status ?? 500, 'UnknownError');
  const conflict = draw.draw('conflict', call.target);
  if (conflict !== undefined) return serverError(conflict.status ?? 409, 'Conflict');
  if (draw.draw('forbidden', call.target) !== undefined) {
    return forbidden('The request is not authorized for this user or application.');
  }
  if (draw.draw('not_found', call.target) !== undefined) {
    return notFound(`User '${call.route.id ?? ''}' was not found.`);
  }
  return undefined;
}

/** What becomes of the answer after the request was handled. */
export function spoiled(desk: GraphDesk, call: Call, response: HttpResponse): HttpResponse {
  const failed = desk.faults.draw('error_after', call.target);
  if (failed !== undefined) {
    return problemAnswer(serverError(failed.status ?? 500, 'UnknownError'), call.context);
  }
  return SPOILERS.reduce((answer, spoil) => spoil(desk, call, answer), response);
}

type Spoil = (desk: GraphDesk, call: Call, response: HttpResponse) => HttpResponse;

const SPOILERS: readonly Spoil[] = [
  (desk, call, response) => {
    const huge = desk.faults.draw('huge_body', call.target);
    if (huge === undefined) return response;
    const filler = 'a'.repeat(huge.bytes ?? HUGE_BYTES);
    return { ...response, body: JSON.stringify({ value: [], filler }) };
  },
  (desk, call, response) => {
    const other = desk.faults.draw('body', call.target);
    return other === undefined ? response : { ...response, body: other.text ?? '' };
  },
  (desk, call, response) => {
    if (desk.faults.draw('truncated_body', call.target) === undefined) return response;
    const half = Math.floor(response.body.length / 2);
    return { ...response, body: half > 0 ? response.body.slice(0, half) : '{"val' };
  },
  (desk, call, response) => {
    if (desk.faults.draw('wrong_content_type', call.target) === undefined) return response;
    return { ...response, headers: { ...response.headers, 'content-type': 'text/html' } };
  },
];

function serverError(status: number, code: string): Problem {
  return { status, code, message: 'An error has occurred.' };
}

function text(value: number | string | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
