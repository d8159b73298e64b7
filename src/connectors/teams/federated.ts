/**
 * The signed statement of another issuer that proves us to Entra. Its platform replaces the file, so
 * it is read anew for each sign-in and kept nowhere.
 * https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation
 *
 * F1  An error names the field and the path of the file, never a part of what the file holds.
 */
import { ConnectorError } from '../connector.ts';
import type { FederatedCredential } from './options.ts';
import { parseAssertionEnd } from './wire.ts';

export interface Assertion {
  readonly text: string;
  /** Epoch ms. */
  readonly endsAt: number;
}

const WRITER_FIX =
  'See that what writes this file still runs: in Kubernetes the projected volume of the service ' +
  "account's token, elsewhere the agent of the platform.";
const FORM_FIX = 'Name the file of the token itself: a JWT on one line, with nothing around it.';

/** `now` is epoch ms. Throws `ConnectorError`; only an administrator of the machine can help. */
export function readAssertion(credential: FederatedCredential, now: number): Assertion {
  const found = credential.read();
  if (!found.ok) {
    const { message, fix } = found.problem;
    throw refused(credential, 'TEAMS_ASSERTION_FILE', message, `${sentence(fix)} ${WRITER_FIX}`);
  }
  const text = found.value.trim();
  const end = endOf(text);
  if (end === undefined) {
    const words = 'points to a file that holds no JWT with an end';
    throw refused(credential, 'TEAMS_ASSERTION_UNREADABLE', words, FORM_FIX);
  }
  const endsAt = end * 1_000;
  if (endsAt > now) return { text, endsAt };
  const minutes = Math.floor((now - endsAt) / 60_000);
  const words = `points to a file whose token expired ${minutes} minutes ago`;
  throw refused(credential, 'TEAMS_ASSERTION_EXPIRED', words, WRITER_FIX);
}

/** Epoch seconds. Who signed it, and for whom, is for Entra to judge. */
function endOf(text: string): number | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined;
  const payload = Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8');
  return parseAssertionEnd(payload);
}

function refused(
  { field, file }: FederatedCredential,
  code: string,
  words: string,
  fix: string,
): ConnectorError {
  const message = `teams.${field} is ${JSON.stringify(file)} and ${words}`;
  return new ConnectorError('ask_admin', code, message, fix);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`;
}
