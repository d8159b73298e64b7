/**
 * `POST /{tenant}/oauth2/v2.0/devicecode`: a code for the client, and one that a person enters.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { parseScope } from './delegated-scope.ts';
import { DEVICE_CODE_INTERVAL_S, DEVICE_CODE_LIFE_S } from './device-codes.ts';
import type { JsonRecord } from './json-body.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import { clientProblem, postProblem, type TokenRules } from './token-rules.ts';

type DeviceCodeAnswer =
  | { readonly kind: 'started'; readonly clientId: string; readonly body: JsonRecord }
  | { readonly kind: 'refused'; readonly clientId: string; readonly problem: OauthProblem };

const VERIFICATION_URI = 'https://login.microsoft.com/device';

export function answerDeviceCode(request: HttpRequest, rules: TokenRules): DeviceCodeAnswer {
  const form = new URLSearchParams(request.body ?? '');
  const clientId = form.get('client_id') ?? '';
  const scope = parseScope(form.get('scope') ?? '');
  const missing = ['client_id', 'scope'].find((name) => !form.get(name));
  const problem =
    postProblem(request, form) ??
    (missing === undefined ? undefined : PROBLEMS.missingParameter(missing)) ??
    clientProblem(rules.apps.get(clientId), clientId, rules.tenantId);
  if (problem !== undefined) return { kind: 'refused', clientId, problem };
  if (scope === undefined) {
    return { kind: 'refused', clientId, problem: PROBLEMS.badScope(form.get('scope') ?? '') };
  }
  const { deviceCode, userCode } = rules.delegated.codes.start(clientId, scope);
  const body = {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: VERIFICATION_URI,
    expires_in: DEVICE_CODE_LIFE_S,
    interval: DEVICE_CODE_INTERVAL_S,
    message: `To sign in, open ${VERIFICATION_URI} and enter the code ${userCode}.`,
  };
  return { kind: 'started', clientId, body };
}
