/**
 * `POST /{tenant}/oauth2/v2.0/token`: client credentials, device codes, refresh tokens.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * A token is issued even to an app without any role: the receiver has to look at `roles`.
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { credentialProblem } from './client-credential.ts';
import { answerDelegated, DEVICE_CODE_GRANT, REFRESH_GRANT } from './delegated-grant.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App } from './registration.ts';
import {
  assertionRules,
  clientProblem,
  postProblem,
  type TokenAnswer,
  type TokenBody,
  type TokenRules,
} from './token-rules.ts';

const APP_GRANT = 'client_credentials';
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  [APP_GRANT]: ['scope'],
  [DEVICE_CODE_GRANT]: ['device_code'],
  [REFRESH_GRANT]: ['refresh_token'],
};

export function answerToken(request: HttpRequest, rules: TokenRules): TokenAnswer {
  const form = new URLSearchParams(request.body ?? '');
  const clientId = form.get('client_id') ?? '';
  const app = rules.apps.get(clientId);
  const problem = formProblem(request, form) ?? clientProblem(app, clientId, rules.tenantId);
  if (problem !== undefined) return { kind: 'refused', clientId, problem };
  if (app === undefined) throw new Error('an unknown app passed the checks');
  const isForApp = form.get('grant_type') === APP_GRANT;
  return isForApp ? answerApp(form, app, rules) : answerDelegated(form, app, rules);
}

function answerApp(form: URLSearchParams, app: App, rules: TokenRules): TokenAnswer {
  const { clientId } = app;
  const scope = form.get('scope') ?? '';
  const resource = resourceOf(scope);
  if (resource === undefined) {
    return { kind: 'refused', clientId, problem: PROBLEMS.badScope(scope) };
  }
  if (!rules.resources.includes(resource)) {
    const unknown = PROBLEMS.unknownResource(resource, rules.tenantId);
    return { kind: 'refused', clientId, problem: unknown };
  }
  const proof = assertionRules(rules);
  const credential = credentialProblem(form, app, proof, PROBLEMS.noCredential());
  if (credential !== undefined) return { kind: 'refused', clientId, problem: credential };

  const by = form.has('client_secret') ? 'secret' : 'certificate';
  const { token, expiresInS } = rules.desk.issue(app, resource, by);
  const body: TokenBody = {
    token_type: 'Bearer',
    expires_in: expiresInS,
    ext_expires_in: expiresInS,
    access_token: token,
  };
  return { kind: 'issued', clientId, body };
}

function formProblem(request: HttpRequest, form: URLSearchParams): OauthProblem | undefined {
  const wrong = postProblem(request, form);
  if (wrong !== undefined) return wrong;
  const grant = form.get('grant_type') ?? '';
  const needed = Object.hasOwn(FIELDS, grant) ? (FIELDS[grant] ?? []) : [];
  const missing = ['grant_type', 'client_id', ...needed].find((name) => !form.get(name));
  if (missing !== undefined) return PROBLEMS.missingParameter(missing);
  return needed.length > 0 ? undefined : PROBLEMS.unsupportedGrant();
}

/** One resource with `/.default`; anything else is no scope of this flow. */
function resourceOf(scope: string): string | undefined {
  const [only, ...more] = scope.trim().split(/\s+/u);
  if (only === undefined || more.length > 0 || !only.endsWith('/.default')) return undefined;
  return only.slice(0, -'/.default'.length).replace(/\/$/u, '');
}
