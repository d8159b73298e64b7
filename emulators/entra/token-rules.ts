/** What every way to a token shares: what it is decided on, its answer, the first checks. */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { TokenDesk } from './access-token.ts';
import type { AssertionRules } from './assertion.ts';
import type { DelegatedDesk } from './delegated-desk.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App, AppRegistry } from './registration.ts';

export interface TokenRules {
  readonly now: number;
  readonly tenantId: string;
  readonly apps: AppRegistry;
  readonly desk: TokenDesk;
  readonly delegated: DelegatedDesk;
  /** Resources that tokens are given for, without a slash at the end. */
  readonly resources: readonly string[];
  readonly assertionAudiences: readonly string[];
  freshJti(jti: string, expiresAt: number): boolean;
}

export type TokenAnswer =
  | { readonly kind: 'issued'; readonly clientId: string; readonly body: TokenBody }
  | { readonly kind: 'refused'; readonly clientId?: string; readonly problem: OauthProblem };

export interface TokenBody {
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly ext_expires_in: number;
  readonly access_token: string;
  /** Only when a person is signed in. */
  readonly scope?: string;
  readonly refresh_token?: string;
}

export function assertionRules(rules: TokenRules): AssertionRules {
  return {
    now: rules.now,
    audiences: rules.assertionAudiences,
    freshJti: (jti, expiresAt) => rules.freshJti(jti, expiresAt),
  };
}

/** What is wrong with a form, whatever it asks for. */
export function postProblem(request: HttpRequest, form: URLSearchParams): OauthProblem | undefined {
  if (request.method !== 'POST') return PROBLEMS.wrongMethod();
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return PROBLEMS.missingParameter('grant_type');
  }
  const names = [...form.keys()];
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  return doubled === undefined ? undefined : PROBLEMS.doubledParameter(doubled);
}

export function clientProblem(
  app: App | undefined,
  clientId: string,
  tenantId: string,
): OauthProblem | undefined {
  if (app === undefined) return PROBLEMS.unknownClient(clientId, tenantId);
  return app.disabled ? PROBLEMS.disabledClient(clientId) : undefined;
}
