/**
 * Checks the JWT that a client sends instead of a secret: one that it signed itself, or one of
 * another issuer, which names no certificate (`federated.ts`).
 * https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials
 * PS256 names its certificate by `x5t#S256`; older clients sign RS256 and name it by `x5t`.
 */
import { federatedProblem } from './federated.ts';
import { isSignedBy, parseJwt, rsaAlgorithm, type ParsedJwt } from './jwt.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { App, AppCertificate } from './registration.ts';

export interface AssertionRules {
  readonly now: number;
  /** Accepted values of `aud`. */
  readonly audiences: readonly string[];
  /** False when this jti was used before; remembers it otherwise. */
  freshJti(jti: string, expiresAt: number): boolean;
}

/** Clocks of clients may differ by this much. */
const SKEW_MS = 300_000;
/** The page asks for 5 to 10 minutes; a day is far beyond and refused as a client's mistake. */
const MAX_LIFE_MS = 86_400_000;

/** The first problem of an assertion, or undefined when it proves the app. */
export function assertionProblem(
  assertion: string,
  app: App,
  rules: AssertionRules,
): OauthProblem | undefined {
  const jwt = parseJwt(assertion);
  if (jwt === undefined || rsaAlgorithm(jwt.header['alg']) === undefined) {
    return PROBLEMS.malformedAssertion();
  }
  if (!namesCertificate(jwt)) return federatedProblem(jwt, app.federatedCredentials, rules.now);
  return (
    identityProblem(jwt, app, rules) ??
    timeProblem(jwt, rules) ??
    signatureProblem(jwt, app, rules) ??
    replayProblem(jwt, rules)
  );
}

function namesCertificate({ header }: ParsedJwt): boolean {
  return header['x5t'] !== undefined || header['x5t#S256'] !== undefined;
}

function identityProblem(
  jwt: ParsedJwt,
  app: App,
  rules: AssertionRules,
): OauthProblem | undefined {
  const { iss, sub, aud } = jwt.claims;
  if (iss !== app.clientId || sub !== app.clientId) return PROBLEMS.foreignAssertion();
  if (typeof aud !== 'string' || !rules.audiences.includes(aud)) return PROBLEMS.wrongAudience();
  return undefined;
}

function timeProblem(jwt: ParsedJwt, rules: AssertionRules): OauthProblem | undefined {
  const { exp, nbf } = jwt.claims;
  if (typeof exp !== 'number') return PROBLEMS.malformedAssertion();
  if (exp * 1000 <= rules.now - SKEW_MS) return PROBLEMS.staleAssertion();
  if (exp * 1000 > rules.now + MAX_LIFE_MS) return PROBLEMS.staleAssertion();
  if (nbf === undefined) return undefined;
  if (typeof nbf !== 'number') return PROBLEMS.malformedAssertion();
  return nbf * 1000 > rules.now + SKEW_MS ? PROBLEMS.staleAssertion() : undefined;
}

function signatureProblem(
  jwt: ParsedJwt,
  app: App,
  rules: AssertionRules,
): OauthProblem | undefined {
  const certificate = namedCertificate(jwt, app);
  if (certificate === undefined) return PROBLEMS.badAssertion('The key was not found.');
  if (rules.now >= certificate.notAfter) return PROBLEMS.badAssertion('The key used is expired.');
  if (rules.now < certificate.notBefore) {
    return PROBLEMS.badAssertion('The key used is not valid yet.');
  }
  if (isSignedBy(jwt, certificate.publicKey)) return undefined;
  return PROBLEMS.badAssertion('The provided signature value did not match.');
}

/** PS256 must use `x5t#S256`; RS256 may use either thumbprint. */
function namedCertificate(jwt: ParsedJwt, app: App): AppCertificate | undefined {
  const sha256 = jwt.header['x5t#S256'];
  if (typeof sha256 === 'string') {
    return app.certificates.find((certificate) => certificate.thumbprintSha256 === sha256);
  }
  if (jwt.header['alg'] === 'PS256') return undefined;
  const sha1 = jwt.header['x5t'];
  return app.certificates.find((certificate) => certificate.thumbprintSha1 === sha1);
}

function replayProblem(jwt: ParsedJwt, rules: AssertionRules): OauthProblem | undefined {
  const { jti, exp } = jwt.claims;
  if (typeof jti !== 'string' || jti === '') return PROBLEMS.malformedAssertion();
  const expiresAt = Number(exp) * 1000 + SKEW_MS;
  if (rules.freshJti(jti, expiresAt)) return undefined;
  return PROBLEMS.badAssertion('The assertion was used before.');
}
