/**
 * Graph's answers: JSON with the usual headers, and the error body.
 * https://learn.microsoft.com/en-us/graph/errors
 */
import type { HttpResponse } from '../../src/lib/exchange.ts';

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnswerContext {
  readonly now: number;
  readonly requestId: string;
  readonly clientRequestId: string;
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** `body` is JSON text. */
export function jsonAnswer(status: number, body: string, context: AnswerContext): HttpResponse {
  const headers = { ...commonHeaders(context), 'content-type': JSON_TYPE };
  return { status, headers, body };
}

export function emptyAnswer(status: number, context: AnswerContext): HttpResponse {
  return { status, headers: { ...commonHeaders(context), 'content-length': '0' }, body: '' };
}

export function problemAnswer(problem: Problem, context: AnswerContext): HttpResponse {
  const { status, code, message, headers = {} } = problem;
  const innerError = {
    date: new Date(context.now).toISOString().slice(0, 19),
    'request-id': context.requestId,
    'client-request-id': context.clientRequestId,
  };
  const body = JSON.stringify({ error: { code, message, innerError } });
  const answer = jsonAnswer(status, body, context);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function commonHeaders(context: AnswerContext): Readonly<Record<string, string>> {
  return {
    date: new Date(context.now).toUTCString(),
    'cache-control': 'no-cache',
    'request-id': context.requestId,
    'client-request-id': context.clientRequestId,
  };
}

export function badRequest(message: string, code = 'BadRequest'): Problem {
  return { status: 400, code, message };
}

export function invalidArgument(message: string): Problem {
  return { status: 400, code: 'InvalidArgument', message };
}

export function notFound(message: string): Problem {
  return { status: 404, code: 'NotFound', message };
}

/** How the directory says that an id is nobody's. */
export function noResource(id = ''): Problem {
  const message = `Resource '${id}' does not exist.`;
  return { status: 404, code: 'Request_ResourceNotFound', message };
}

export function forbidden(message: string): Problem {
  return { status: 403, code: 'Forbidden', message };
}

/** How the service behind `/subscriptions` refuses. */
export function extensionError(status: 403, operation: string, reason: string): Problem {
  const message = `Operation: ${operation}; Exception: [Status Code: Forbidden; Reason: ${reason}]`;
  return { status, code: 'ExtensionError', message };
}

export function unauthorized(message: string, challenge: string): Problem {
  const headers = { 'www-authenticate': challenge };
  return { status: 401, code: 'InvalidAuthenticationToken', message, headers };
}

/** Without `retryAfter` the header is missing. */
export function tooManyRequests(retryAfter: string | undefined): Problem {
  return {
    status: 429,
    code: 'TooManyRequests',
    message: 'Too many requests.',
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
  };
}
