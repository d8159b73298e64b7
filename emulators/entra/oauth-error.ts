/**
 * Error bodies of the token endpoint.
 * Shape: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * Codes: https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
import type { HttpResponse } from '../../src/lib/exchange.ts';

export interface OauthProblem {
  readonly code: number;
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

export interface ErrorContext {
  readonly now: number;
  readonly traceId: string;
  readonly correlationId: string;
  readonly baseUrl: string;
}

export function oauthErrorResponse(problem: OauthProblem, context: ErrorContext): HttpResponse {
  const timestamp = `${new Date(context.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const body = {
    error: problem.error,
    error_description:
      `AADSTS${problem.code}: ${problem.message} Trace ID: ${context.traceId} ` +
      `Correlation ID: ${context.correlationId} Timestamp: ${timestamp}`,
    error_codes: [problem.code],
    timestamp,
    trace_id: context.traceId,
    correlation_id: context.correlationId,
    error_uri: `${context.baseUrl}/error?code=${problem.code}`,
  };
  return jsonResponse(problem.status, body);
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (errors) */
const DEVICE_CODE_PROBLEMS = {
  pending: {
    code: 70016,
    error: 'authorization_pending',
    message: 'The request was not authorized by the user yet.',
  },
  declined: {
    code: 65004,
    error: 'authorization_declined',
    message: 'The user declined to authorize the request.',
  },
  unknown: {
    code: 70018,
    error: 'bad_verification_code',
    message: 'The device code is not known.',
  },
  expired: { code: 70019, error: 'expired_token', message: 'The device code has expired.' },
} as const;

const REFRESH_PROBLEMS = {
  unknown: { code: 9002313, message: 'Invalid request. It is malformed or invalid.' },
  foreign: { code: 70000, message: 'The grant was issued to another application.' },
  expired: { code: 700082, message: 'The refresh token has expired due to inactivity.' },
  revoked: { code: 50173, message: 'The grant has expired because it was revoked. Sign in anew.' },
} as const;

export const PROBLEMS = {
  unknownTenant: (tenant: string): OauthProblem => ({
    code: 90002,
    status: 400,
    error: 'invalid_request',
    message: `Tenant '${tenant}' not found. Check the tenant id and the cloud.`,
  }),
  missingParameter: (name: string): OauthProblem => ({
    code: 900144,
    status: 400,
    error: 'invalid_request',
    message: `The request body must contain the following parameter: '${name}'.`,
  }),
  doubledParameter: (name: string): OauthProblem => ({
    code: 9000411,
    status: 400,
    error: 'invalid_request',
    message: `The request is not properly formatted. The parameter '${name}' is duplicated.`,
  }),
  wrongMethod: (): OauthProblem => ({
    code: 900561,
    status: 400,
    error: 'invalid_request',
    message: 'The endpoint only accepts POST requests.',
  }),
  unsupportedGrant: (): OauthProblem => ({
    code: 70003,
    status: 400,
    error: 'unsupported_grant_type',
    message: "The app requested an unsupported grant type; use 'client_credentials'.",
  }),
  noClientProof: (): OauthProblem => ({
    code: 7000218,
    status: 401,
    error: 'invalid_client',
    message: "The request body must contain: 'client_assertion' or 'client_secret'.",
  }),
  deviceCode: (why: keyof typeof DEVICE_CODE_PROBLEMS): OauthProblem => ({
    status: 400,
    ...DEVICE_CODE_PROBLEMS[why],
  }),
  refreshToken: (why: keyof typeof REFRESH_PROBLEMS): OauthProblem => ({
    status: 400,
    error: 'invalid_grant',
    ...REFRESH_PROBLEMS[why],
  }),
  disabledAccount: (): OauthProblem => ({
    code: 50057,
    status: 400,
    error: 'invalid_grant',
    message: 'The user account is disabled.',
  }),
  notAgreed: (clientId: string): OauthProblem => ({
    code: 65001,
    status: 400,
    error: 'invalid_grant',
    message: `Nobody consented to what the application '${clientId}' asks for.`,
  }),
  unknownClient: (clientId: string, tenantId: string): OauthProblem => ({
    code: 700016,
    status: 400,
    error: 'unauthorized_client',
    message: `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
  }),
  disabledClient: (clientId: string): OauthProblem => ({
    code: 7000112,
    status: 400,
    error: 'unauthorized_client',
    message: `Application '${clientId}' is disabled.`,
  }),
  badScope: (scope: string): OauthProblem => ({
    code: 1002012,
    status: 400,
    error: 'invalid_scope',
    message: `The provided value for scope ${scope} is not valid. It must be one resource with '/.default'.`,
  }),
  unknownResource: (resource: string, tenantId: string): OauthProblem => ({
    code: 500011,
    status: 400,
    error: 'invalid_resource',
    message: `The resource principal named ${resource} was not found in the tenant '${tenantId}'.`,
  }),
  noCredential: (): OauthProblem => ({
    code: 7000216,
    status: 401,
    error: 'invalid_client',
    message:
      "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant.",
  }),
  wrongSecret: (clientId: string): OauthProblem => ({
    code: 7000215,
    status: 401,
    error: 'invalid_client',
    message: `Invalid client secret provided for app '${clientId}'.`,
  }),
  expiredSecret: (clientId: string): OauthProblem => ({
    code: 7000222,
    status: 401,
    error: 'invalid_client',
    message: `The provided client secret keys for app '${clientId}' are expired.`,
  }),
  malformedAssertion: (): OauthProblem => ({
    code: 50027,
    status: 401,
    error: 'invalid_client',
    message: 'The JWT of the client assertion is invalid or malformed.',
  }),
  foreignAssertion: (): OauthProblem => ({
    code: 700021,
    status: 401,
    error: 'invalid_client',
    message: "Client assertion application identifier doesn't match 'client_id' parameter.",
  }),
  wrongAudience: (): OauthProblem => ({
    code: 700023,
    status: 401,
    error: 'invalid_client',
    message: 'Client assertion audience claim does not match the token endpoint of this realm.',
  }),
  staleAssertion: (): OauthProblem => ({
    code: 700024,
    status: 401,
    error: 'invalid_client',
    message: 'Client assertion is not within its valid time range.',
  }),
  badAssertion: (reason: string): OauthProblem => ({
    code: 700027,
    status: 401,
    error: 'invalid_client',
    message: `Client assertion failed signature validation. [Reason - ${reason}]`,
  }),
  noFederation: (issuer: string, subject: string, audience: string): OauthProblem => ({
    code: 70021,
    status: 400,
    error: 'invalid_request',
    message:
      'No matching federated identity record found for presented assertion. ' +
      `Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'.`,
  }),
  unknownIssuer: (issuer: string): OauthProblem => unmatched(700211, `issuer '${issuer}'`),
  unknownAudience: (audience: string): OauthProblem => unmatched(700212, `audience '${audience}'`),
  unknownSubject: (subject: string): OauthProblem => unmatched(700213, `subject '${subject}'`),
  otherCaseSubject: (subject: string): OauthProblem =>
    unmatched(7002138, `subject '${subject}', which matches without regard to case only`),
} as const;

function unmatched(code: number, what: string): OauthProblem {
  return {
    code,
    status: 401,
    error: 'invalid_client',
    message: `No matching federated identity record found for presented assertion ${what}.`,
  };
}
