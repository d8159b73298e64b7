/**
 * Tokens in a person's name: by a device code that the person agreed to, and by a refresh token.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (refreshing)
 * The application is confidential here: it proves itself as it does for its own tokens.
 */
import type { Account } from './accounts.ts';
import { credentialProblem } from './client-credential.ts';
import { grantedScopes, parseScope, type AskedScope } from './delegated-scope.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App } from './registration.ts';
import { assertionRules, type TokenAnswer, type TokenRules } from './token-rules.ts';

export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const REFRESH_GRANT = 'refresh_token';

interface Grant {
  readonly account: Account;
  readonly scope: AskedScope;
}

export function answerDelegated(form: URLSearchParams, app: App, rules: TokenRules): TokenAnswer {
  const { clientId } = app;
  const missing = PROBLEMS.noClientProof();
  const unproved = credentialProblem(form, app, assertionRules(rules), missing);
  if (unproved !== undefined) return { kind: 'refused', clientId, problem: unproved };
  const grant = form.has('device_code')
    ? redeemed(form.get('device_code') ?? '', app, rules)
    : refreshed(form, app, rules);
  if ('error' in grant) return { kind: 'refused', clientId, problem: grant };
  return issued(form, app, rules, grant);
}

function redeemed(deviceCode: string, app: App, rules: TokenRules): Grant | OauthProblem {
  const found = rules.delegated.codes.redeem(deviceCode, app.clientId);
  if (typeof found === 'object') return found;
  return PROBLEMS.deviceCode(found);
}

function refreshed(form: URLSearchParams, app: App, rules: TokenRules): Grant | OauthProblem {
  const found = rules.delegated.refreshTokens.use(form.get('refresh_token') ?? '', app.clientId);
  if (typeof found === 'string') return PROBLEMS.refreshToken(found);
  const account = rules.delegated.accounts.find(found.account);
  if (account === undefined) return PROBLEMS.refreshToken('unknown');
  const text = form.get('scope');
  const asked = text === null ? found.scope : parseScope(text);
  return asked === undefined
    ? PROBLEMS.badScope(text ?? '')
    : { account, scope: { ...asked, offline: true } };
}

function issued(form: URLSearchParams, app: App, rules: TokenRules, grant: Grant): TokenAnswer {
  const { account, scope } = grant;
  const { clientId } = app;
  const scopes = grantedScopes(scope, account.scopes);
  const problem = grantProblem(rules, grant, scopes);
  if (problem !== undefined || scopes === undefined) {
    return { kind: 'refused', clientId, problem: problem ?? PROBLEMS.notAgreed(clientId) };
  }
  const by = form.has('client_secret') ? 'secret' : 'certificate';
  const { token, expiresInS } = rules.desk.issue(app, scope.resource, by, { account, scopes });
  const kept = { clientId, account: account.id, scope };
  const refresh = scope.offline ? { refresh_token: rules.delegated.refreshTokens.issue(kept) } : {};
  const body = {
    token_type: 'Bearer' as const,
    scope: scopes.map((name) => `${scope.resource}/${name}`).join(' '),
    expires_in: expiresInS,
    ext_expires_in: expiresInS,
    access_token: token,
    ...refresh,
  };
  return { kind: 'issued', clientId, body };
}

function grantProblem(
  rules: TokenRules,
  { account, scope }: Grant,
  scopes: readonly string[] | undefined,
): OauthProblem | undefined {
  if (account.disabled) return PROBLEMS.disabledAccount();
  if (!rules.resources.includes(scope.resource)) {
    return PROBLEMS.unknownResource(scope.resource, rules.tenantId);
  }
  return scopes === undefined || scopes.length === 0
    ? PROBLEMS.notAgreed(scope.resource)
    : undefined;
}
