/** The JSON body of an action: its type, its form, and no parameter that the action does not have. */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { isRecord, parseJson, type JsonRecord } from '../entra/json-body.ts';
import { badRequest, type Problem } from './problem.ts';

export function readBody(
  request: HttpRequest,
  fields: readonly string[],
): { readonly body: JsonRecord } | Problem {
  const type = request.headers['content-type'] ?? '';
  const hasBody = (request.body ?? '') !== '';
  if (hasBody && !type.toLowerCase().startsWith('application/json')) {
    const message = `The content type '${type}' is not supported; use application/json.`;
    return { status: 415, code: 'UnsupportedMediaType', message };
  }
  const body = parseJson(request.body);
  if (!isRecord(body)) return badRequest('Unable to read JSON request payload.');
  const strange = Object.keys(body).find((field) => !fields.includes(field));
  if (strange === undefined) return { body };
  return badRequest(`The parameter '${strange}' is not a valid parameter for the operation.`);
}
