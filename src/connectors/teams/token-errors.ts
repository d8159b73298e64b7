/**
 * Why Entra refused a token, as a closed family, each with the fix in words. Pure.
 * https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 *
 * The vendor may change its numbers at any time, so a number that is not listed still gives a
 * full error, only with less precise words.
 */
import { ConnectorError, type Reaction } from '../connector.ts';
import type { WireTokenError } from './wire.ts';

interface Cause {
  readonly code: string;
  readonly words: string;
  readonly fix: string;
  readonly reaction: Reaction;
}

const SECRET_FIX =
  'Create a new client secret under Certificates & secrets of the app registration and configure ' +
  'its Value (not its Secret ID), or change to a certificate.';
const CERTIFICATE_FIX =
  'Upload the public certificate that is configured here under Certificates & secrets of the app ' +
  'registration, and check that it has not expired.';
const FEDERATION_FIX =
  'Under Certificates & secrets, Federated credentials of the app registration, compare issuer, ' +
  'subject and audience with the iss, sub and aud of the token, letter by letter; the audience is ' +
  'api://AzureADTokenExchange unless another was agreed.';
const TENANT_FIX =
  'Check tenantId (Directory ID on the overview page of the app registration) and the cloud.';
const CLIENT_FIX =
  'Check clientId (Application ID on the overview page of the app registration) and tenantId; ' +
  'if the application lives in another tenant, grant it admin consent in this one.';
const SUBSCRIBER_FIX =
  'Sign the account in again: lockstep subscriber, with its name. See that it is enabled and that ' +
  'an administrator has agreed to the delegated permission Presence.Read.All.';
const SCOPE_FIX =
  'Check that the configured cloud is the one of the tenant: each cloud has a Graph of its own.';

function admin(code: string, words: string, fix: string): Cause {
  return { code, words, fix, reaction: 'ask_admin' };
}

const CAUSES: ReadonlyMap<number, Cause> = new Map([
  [7000215, admin('TEAMS_SECRET_WRONG', 'the client secret is wrong', SECRET_FIX)],
  [7000222, admin('TEAMS_SECRET_EXPIRED', 'the client secret has expired', SECRET_FIX)],
  [7000216, admin('TEAMS_CREDENTIAL_MISSING', 'no credential reached the service', SECRET_FIX)],
  [7000218, admin('TEAMS_CREDENTIAL_MISSING', 'no credential reached the service', SECRET_FIX)],
  [700027, admin('TEAMS_CERTIFICATE_REFUSED', 'the certificate is not accepted', CERTIFICATE_FIX)],
  [7000277, admin('TEAMS_CERTIFICATE_REFUSED', 'the certificate is not accepted', CERTIFICATE_FIX)],
  [50012, admin('TEAMS_CERTIFICATE_REFUSED', 'the certificate is not accepted', CERTIFICATE_FIX)],
  [50013, admin('TEAMS_CERTIFICATE_REFUSED', 'the assertion is not accepted', CERTIFICATE_FIX)],
  ...[70021, 700211, 700212, 700213, 7002138].map((number): [number, Cause] => [
    number,
    admin('TEAMS_FEDERATION_REFUSED', 'no federated credential fits the token', FEDERATION_FIX),
  ]),
  [
    700024,
    admin(
      'TEAMS_CLOCK_WRONG',
      'the assertion is outside its time of validity',
      'Set the clock of this machine by a time server (NTP).',
    ),
  ],
  [700023, admin('TEAMS_TENANT_WRONG', 'the assertion is meant for another tenant', TENANT_FIX)],
  [90002, admin('TEAMS_TENANT_WRONG', 'the tenant does not exist', TENANT_FIX)],
  [900023, admin('TEAMS_TENANT_WRONG', 'the tenant id is not valid', TENANT_FIX)],
  [900382, admin('TEAMS_CLOUD_WRONG', 'the tenant is in another cloud', SCOPE_FIX)],
  [900384, admin('TEAMS_CLOUD_WRONG', 'the tenant is in another cloud', SCOPE_FIX)],
  [500011, admin('TEAMS_CLOUD_WRONG', 'this Graph is not known in the tenant', SCOPE_FIX)],
  [70011, admin('TEAMS_CLOUD_WRONG', 'the scope is not valid', SCOPE_FIX)],
  [1002012, admin('TEAMS_CLOUD_WRONG', 'the scope is not valid', SCOPE_FIX)],
  [700016, admin('TEAMS_CLIENT_UNKNOWN', 'the application is not known in the tenant', CLIENT_FIX)],
  [
    7000112,
    admin(
      'TEAMS_CLIENT_DISABLED',
      'the application is disabled',
      'Enable sign-in for the enterprise application in the Entra admin centre.',
    ),
  ],
  ...[70000, 700082, 50173, 50057, 65001, 50076, 50079].map(
    (number) =>
      [
        number,
        admin('TEAMS_SUBSCRIBER_SIGNED_OUT', 'the account has to sign in', SUBSCRIBER_FIX),
      ] as const,
  ),
  [
    53003,
    admin(
      'TEAMS_POLICY_BLOCKED',
      'a Conditional Access policy blocks the application',
      'Let the policy for workload identities allow this application from the address of this machine.',
    ),
  ],
]);

/** The error of a token request that was answered with a refusal. */
export function tokenRefused(status: number, error: WireTokenError | undefined): ConnectorError {
  if (error === undefined || status === 429 || status >= 500 || isTransient(error)) {
    return new ConnectorError(
      'retry',
      'TEAMS_TOKEN_BUSY',
      `the sign-in service answers HTTP ${status}`,
      'Nothing to do: it is tried again. If it lasts, look at the status page of the cloud.',
    );
  }
  const number = aadstsOf(error);
  const label = number === undefined ? error.error.slice(0, 64) : `AADSTS${number}`;
  const cause = CAUSES.get(number ?? 0) ?? unknownCause(label);
  const message = `sign-in refused: ${cause.words} (${label})`;
  return new ConnectorError(cause.reaction, cause.code, message, cause.fix);
}

function unknownCause(label: string): Cause {
  return admin(
    'TEAMS_TOKEN_REFUSED',
    'the service gave no cause that is known',
    `Look up ${label} on the vendor's error page and check the app registration.`,
  );
}

export function tokenUnreachable(kind: string): ConnectorError {
  return new ConnectorError(
    'retry',
    'TEAMS_TOKEN_UNREACHABLE',
    `the sign-in service cannot be reached (${kind})`,
    'Check that this machine may connect to the sign-in host of the cloud on port 443.',
  );
}

export function tokenUnreadable(): ConnectorError {
  return new ConnectorError(
    'retry',
    'TEAMS_TOKEN_UNREADABLE',
    'the sign-in service answered without a token',
    'Check that no proxy answers in place of the sign-in host.',
  );
}

function aadstsOf(error: WireTokenError): number | undefined {
  const [listed] = error.error_codes;
  if (listed !== undefined) return listed;
  const named = /AADSTS(\d{1,9})/.exec(error.error_description)?.[1];
  return named === undefined ? undefined : Number(named);
}

function isTransient(error: WireTokenError): boolean {
  return error.error === 'temporarily_unavailable' || error.error_codes.includes(90033);
}
