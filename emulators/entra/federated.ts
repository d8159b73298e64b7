/**
 * Federated credentials: checks a JWT that another issuer has signed for a workload, whom the
 * registration trusts by issuer, subject and audience.
 * https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation
 * https://learn.microsoft.com/en-us/graph/api/resources/federatedidentitycredential
 *
 * 1. Issuer, subject and audience are compared letter by letter.
 * 2. The same assertion may be used again: its issuer decides how long it lives.
 * 3. The issuer's keys stand on the registration; the vendor fetches them from the issuer.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  isRecord,
  optionalText,
  optionalTexts,
  requiredText,
  type JsonRecord,
} from './json-body.ts';
import { isSignedBy, type ParsedJwt } from './jwt.ts';
import { PROBLEMS, type OauthProblem } from './oauth-error.ts';

export interface FederatedSpec {
  readonly name?: string;
  readonly issuer: string;
  readonly subject: string;
  /** Default: `api://AzureADTokenExchange` alone. */
  readonly audiences?: readonly string[];
  /** Public keys of the issuer, SPKI, PEM. */
  readonly keys: readonly string[];
}

export interface FederatedCredential extends Required<Omit<FederatedSpec, 'keys'>> {
  readonly pems: readonly string[];
  readonly keys: readonly KeyObject[];
}

const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
/** The vendor's own limit of credentials on one registration. */
const CREDENTIALS_MAX = 20;
const SKEW_MS = 300_000;

/** The first problem of an assertion of another issuer, or undefined when it proves the app. */
export function federatedProblem(
  jwt: ParsedJwt,
  trusted: readonly FederatedCredential[],
  now: number,
): OauthProblem | undefined {
  const presented = presentedBy(jwt);
  if (presented === undefined) return PROBLEMS.malformedAssertion();
  const match = matchOf(presented, trusted);
  if ('problem' in match) return match.problem;
  return (
    timeProblem(jwt, now) ??
    (match.credential.keys.some((key) => isSignedBy(jwt, key))
      ? undefined
      : PROBLEMS.badAssertion('The provided signature value did not match.'))
  );
}

interface Presented {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

function presentedBy({ header, claims }: ParsedJwt): Presented | undefined {
  const { iss, sub, aud } = claims;
  const audiences = typeof aud === 'string' ? [aud] : aud;
  if (header['alg'] !== 'RS256' || typeof iss !== 'string' || typeof sub !== 'string') {
    return undefined;
  }
  if (!Array.isArray(audiences)) return undefined;
  return { issuer: iss, subject: sub, audiences: audiences.map(String) };
}

type Match = { readonly credential: FederatedCredential } | { readonly problem: OauthProblem };

function matchOf(presented: Presented, trusted: readonly FederatedCredential[]): Match {
  const { issuer, subject, audiences } = presented;
  const audience = audiences.join(' ');
  if (trusted.length === 0) {
    return { problem: PROBLEMS.noFederation(issuer, subject, audience) };
  }
  const ofIssuer = trusted.filter((one) => one.issuer === issuer);
  if (ofIssuer.length === 0) return { problem: PROBLEMS.unknownIssuer(issuer) };
  const ofSubject = ofIssuer.filter((one) => one.subject === subject);
  if (ofSubject.length === 0) {
    const isNear = ofIssuer.some((one) => one.subject.toLowerCase() === subject.toLowerCase());
    return {
      problem: isNear ? PROBLEMS.otherCaseSubject(subject) : PROBLEMS.unknownSubject(subject),
    };
  }
  const credential = ofSubject.find((one) =>
    one.audiences.some((each) => audiences.includes(each)),
  );
  return credential === undefined
    ? { problem: PROBLEMS.unknownAudience(audience) }
    : { credential };
}

function timeProblem({ claims }: ParsedJwt, now: number): OauthProblem | undefined {
  const { exp, nbf } = claims;
  if (typeof exp !== 'number') return PROBLEMS.malformedAssertion();
  if (exp * 1000 <= now - SKEW_MS) return PROBLEMS.staleAssertion();
  const isEarly = typeof nbf === 'number' && nbf * 1000 > now + SKEW_MS;
  return isEarly ? PROBLEMS.staleAssertion() : undefined;
}

/** Throws an error that names the field. */
export function trustedIssuers(specs: readonly FederatedSpec[]): readonly FederatedCredential[] {
  if (specs.length > CREDENTIALS_MAX) {
    throw new Error(`federatedCredentials: ${specs.length} are too many; send ${CREDENTIALS_MAX}`);
  }
  return specs.map((spec) => ({
    name: spec.name ?? spec.subject,
    issuer: spec.issuer,
    subject: spec.subject,
    audiences: spec.audiences ?? [EXCHANGE_AUDIENCE],
    pems: spec.keys,
    keys: spec.keys.map(publicKeyOf),
  }));
}

/** As it was registered, for another registration. */
export function specOf({ pems, ...credential }: FederatedCredential): FederatedSpec {
  return { ...credential, keys: pems };
}

function publicKeyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw new Error('federatedCredentials.keys: one is no public key; send PEM text');
  }
}

/** From JSON; undefined when the field is absent. */
export function optionalFederated(record: JsonRecord): readonly FederatedSpec[] | undefined {
  const list = record['federatedCredentials'];
  if (list === undefined) return undefined;
  const wanted = 'federatedCredentials: send a list of {issuer, subject, audiences, keys}';
  if (!Array.isArray(list)) throw new Error(wanted);
  return list.map((one: unknown) => {
    if (!isRecord(one)) throw new Error(wanted);
    const name = optionalText(one, 'name');
    const audiences = optionalTexts(one, 'audiences');
    return {
      issuer: requiredText(one, 'issuer'),
      subject: requiredText(one, 'subject'),
      keys: optionalTexts(one, 'keys') ?? [],
      ...(name === undefined ? {} : { name }),
      ...(audiences === undefined ? {} : { audiences }),
    };
  });
}
