/** How an application proves to the token endpoint that it is itself: by secret or by assertion. */
import { assertionProblem, type AssertionRules } from './assertion.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App } from './registration.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `missing` is what is answered when there is no credential at all. */
export function credentialProblem(
  form: URLSearchParams,
  app: App,
  rules: AssertionRules,
  missing: OauthProblem,
): OauthProblem | undefined {
  const secret = form.get('client_secret');
  if (secret !== null) return secretProblem(secret, app, rules.now);
  const assertion = form.get('client_assertion');
  if (assertion === null) return missing;
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
    return PROBLEMS.missingParameter('client_assertion_type');
  }
  return assertionProblem(assertion, app, rules);
}

function secretProblem(secret: string, app: App, now: number): OauthProblem | undefined {
  const match = app.secrets.find((known) => known.value === secret);
  if (match === undefined) return PROBLEMS.wrongSecret(app.clientId);
  if (match.expiresAt === undefined || match.expiresAt > now) return undefined;
  return PROBLEMS.expiredSecret(app.clientId);
}
