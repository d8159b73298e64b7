/**
 * `POST /{tenant}/oauth2/v2.0/token`, client credentials only.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * A token is issued even to an app without any role: the receiver has to look at `roles`.
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { TokenDesk } from './access-token.ts';
import { assertionProblem } from './assertion.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App, AppRegistry } from './registration.ts';

export interface TokenRules {
  readonly now: number;
  readonly tenantId: string;
  readonly apps: AppRegistry;
  readonly desk: TokenDesk;
  /** Resources that tokens are given for, without a slash at the end. */
  readonly resources: readonly string[];
  readonly assertionAudiences: readonly string[];
  freshJti(jti: string, expiresAt: number): boolean;
}

export type TokenAnswer =
  | { readonly kind: 'issued'; readonly clientId: string; readonly body: TokenBody }
  | { readonly kind: 'refused'; readonly clientId?: string; readonly problem: OauthProblem };

interface TokenBody {
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly ext_expires_in: number;
  readonly access_token: string;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function answerToken(request: HttpRequest, rules: TokenRules): TokenAnswer {
  const form = new URLSearchParams(request.body ?? '');
  const clientId = form.get('client_id') ?? '';
  const app = rules.apps.get(clientId);
  const problem = formProblem(request, form) ?? clientProblem(app, clientId, rules);
  if (problem !== undefined) return { kind: 'refused', clientId, problem };
  if (app === undefined) throw new Error('an unknown app passed the checks');

  const scope = form.get('scope') ?? '';
  const resource = resourceOf(scope);
  if (resource === undefined) {
    return { kind: 'refused', clientId, problem: PROBLEMS.badScope(scope) };
  }
  if (!rules.resources.includes(resource)) {
    const unknown = PROBLEMS.unknownResource(resource, rules.tenantId);
    return { kind: 'refused', clientId, problem: unknown };
  }
  const credential = credentialProblem(form, app, rules);
  if (credential !== undefined) return { kind: 'refused', clientId, problem: credential };

  const by = form.has('client_secret') ? 'secret' : 'certificate';
  const { token, expiresInS } = rules.desk.issue(app, resource, by);
  return { kind: 'issued', clientId, body: tokenBody(token, expiresInS) };
}

function tokenBody(token: string, expiresInS: number): TokenBody {
  return {
    token_type: 'Bearer',
    expires_in: expiresInS,
    ext_expires_in: expiresInS,
    access_token: token,
  };
}

function formProblem(request: HttpRequest, form: URLSearchParams): OauthProblem | undefined {
  if (request.method !== 'POST') return PROBLEMS.wrongMethod();
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return PROBLEMS.missingParameter('grant_type');
  }
  const names = [...form.keys()];
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  if (doubled !== undefined) return PROBLEMS.doubledParameter(doubled);
  const missing = ['grant_type', 'client_id', 'scope'].find((name) => !form.get(name));
  if (missing !== undefined) return PROBLEMS.missingParameter(missing);
  return form.get('grant_type') === 'client_credentials' ? undefined : PROBLEMS.unsupportedGrant();
}

function clientProblem(
  app: App | undefined,
  clientId: string,
  rules: TokenRules,
): OauthProblem | undefined {
  if (app === undefined) return PROBLEMS.unknownClient(clientId, rules.tenantId);
  return app.disabled ? PROBLEMS.disabledClient(clientId) : undefined;
}

/** One resource with `/.default`; anything else is no scope of this flow. */
function resourceOf(scope: string): string | undefined {
  const [only, ...more] = scope.trim().split(/\s+/u);
  if (only === undefined || more.length > 0 || !only.endsWith('/.default')) return undefined;
  return only.slice(0, -'/.default'.length).replace(/\/$/u, '');
}

function credentialProblem(
  form: URLSearchParams,
  app: App,
  rules: TokenRules,
): OauthProblem | undefined {
  const secret = form.get('client_secret');
  if (secret !== null) return secretProblem(secret, app, rules.now);
  const assertion = form.get('client_assertion');
  if (assertion === null) return PROBLEMS.noCredential();
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
    return PROBLEMS.missingParameter('client_assertion_type');
  }
  return assertionProblem(assertion, app, {
    now: rules.now,
    audiences: rules.assertionAudiences,
    freshJti: (jti, expiresAt) => rules.freshJti(jti, expiresAt),
  });
}

function secretProblem(secret: string, app: App, now: number): OauthProblem | undefined {
  const match = app.secrets.find((known) => known.value === secret);
  if (match === undefined) return PROBLEMS.wrongSecret(app.clientId);
  if (match.expiresAt === undefined || match.expiresAt > now) return undefined;
  return PROBLEMS.expiredSecret(app.clientId);
}
