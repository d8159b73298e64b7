/**
 * From Graph's answer to a write to the reaction that it demands. Pure.
 *
 * O1  A refusal of one person never stops the others, and a refusal of the whole application is
 *     never blamed on a person.
 */
import type { HttpResponse } from '../../lib/exchange.ts';
import type { Outcome } from '../connector.ts';
import { outcomeOfStatus } from '../kit/classify.ts';
import { parseGraphError, type WireGraphError } from './wire.ts';

export const READ_ROLES: readonly string[] = ['Presence.Read.All', 'Presence.ReadWrite.All'];
export const WRITE_ROLES: readonly string[] = ['Presence.ReadWrite.All'];

export interface Granted {
  /** `roles` of the token, a hint; absent when the token does not tell. */
  readonly roles?: readonly string[];
  /** The same kind of request has succeeded for somebody with this registration. */
  readonly worked: boolean;
}

export interface Judged {
  readonly response: HttpResponse;
  readonly alsoDone: readonly number[];
  readonly granted: Granted;
  readonly now: number;
}

export function outcomeOfWrite(judged: Judged): Outcome {
  const { response, alsoDone, granted, now } = judged;
  if (alsoDone.includes(response.status)) return { kind: 'accepted' };
  const error = parseGraphError(response.body);
  if (response.status === 403) {
    return isTenantWide(error, granted, WRITE_ROLES) ? denied(error) : noLicence(error);
  }
  if (response.status === 401) return unauthorised(error);
  const outcome = outcomeOfStatus(response, now);
  return 'detail' in outcome ? { ...outcome, detail: told(response.status, error) } : outcome;
}

/** What an administrator has to do when the application lacks a permission. */
export function consentFix(roles: readonly string[]): string {
  return (
    `In the Entra admin centre open the app registration, API permissions, add the application ` +
    `permission ${roles.at(-1) ?? ''} of Microsoft Graph and grant admin consent.`
  );
}

export const SIGN_IN_FIX =
  'In the Entra admin centre check that the enterprise application is enabled and that no ' +
  'Conditional Access policy blocks it; then check its credential.';

// Texts of the service: "Missing role permissions on the request. API requires one of ...",
// "Insufficient privileges to complete the operation."
const OF_TENANT = /authorization_requestdenied|missing role|insufficient privilege|consent/i;
const OF_PERSON = /licen[sc]e|not enabled|not provisioned|not homed|onprem|on-prem|mailbox/i;

/** Tells a 403 of the whole application from one of a single person. */
export function isTenantWide(
  error: WireGraphError,
  granted: Granted,
  needed: readonly string[],
): boolean {
  const { roles } = granted;
  const holds = roles === undefined ? undefined : needed.some((role) => roles.includes(role));
  const text = `${error.code} ${error.message}`;
  if (holds === false) return true;
  if (OF_PERSON.test(text)) return false;
  if (OF_TENANT.test(text)) return true;
  return holds !== true && !granted.worked;
}

function denied(error: WireGraphError): Outcome {
  return { kind: 'denied', detail: told(403, error), action: consentFix(WRITE_ROLES) };
}

function noLicence(error: WireGraphError): Outcome {
  return { kind: 'refused', reason: 'no_licence', detail: told(403, error) };
}

function unauthorised(error: WireGraphError): Outcome {
  return { kind: 'denied', detail: told(401, error), action: SIGN_IN_FIX };
}

/** The service's code only: its messages may name people. */
function told(status: number, error: WireGraphError): string {
  const code = /^[\w.-]{1,64}$/.test(error.code) ? ` ${error.code}` : '';
  return `HTTP ${status}${code}`;
}
