/**
 * The form that asks Entra for a token, with the proof of who we are: a secret, a statement that we
 * sign, or one that somebody else signed.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
import type { Seams } from '../connector.ts';
import { signAssertion } from './assertion.ts';
import { readAssertion } from './federated.ts';
import type { ReadyCredential, TeamsSetup } from './options.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge */
const CAPABILITY = { xms_cc: { values: ['cp1'] } };

/** On whose behalf a token is asked for; without one it is the application itself. */
export interface Grant {
  readonly scope: string;
  /** Form fields of the request, `grant_type` among them. */
  fields(): Readonly<Record<string, string>>;
  /** The service has given a new refresh token, to be used from now on. Never throws. */
  renewed(refreshToken: string): void;
}

interface FormParts {
  readonly setup: Pick<TeamsSetup, 'clientId' | 'scope' | 'tokenUrl' | 'continuousAccess'>;
  readonly seams: Pick<Seams, 'clock' | 'random'>;
  readonly credential: ReadyCredential;
  /** Of a challenge, decoded. */
  readonly claims: string | undefined;
  readonly grant?: Grant | undefined;
}

/** Rejects with `ConnectorError` when the proof cannot be made. */
export async function tokenForm(parts: FormParts): Promise<URLSearchParams> {
  const { setup, credential, claims, grant } = parts;
  const form = new URLSearchParams({
    client_id: setup.clientId,
    scope: grant?.scope ?? setup.scope,
    ...(grant?.fields() ?? { grant_type: 'client_credentials' }),
  });
  if (credential.kind === 'secret') form.set('client_secret', credential.secret);
  else {
    form.set('client_assertion_type', ASSERTION_TYPE);
    form.set('client_assertion', await statement(parts, credential));
  }
  const asked = claimsParameter(claims, setup.continuousAccess);
  if (asked !== undefined) form.set('claims', asked);
  return form;
}

async function statement(
  { setup, seams: { clock, random } }: FormParts,
  credential: Exclude<ReadyCredential, { readonly kind: 'secret' }>,
): Promise<string> {
  const now = clock.wall?.() ?? clock.now();
  if (credential.kind === 'assertion') return readAssertion(credential, now).text;
  return signAssertion(setup, credential, now, random);
}

function claimsParameter(challenge: string | undefined, capable: boolean): string | undefined {
  const asked = challenge === undefined ? {} : objectOf(challenge);
  const inner = objectOf(JSON.stringify(asked['access_token'] ?? {}));
  const merged = capable ? { ...inner, ...CAPABILITY } : inner;
  if (challenge === undefined && !capable) return undefined;
  return JSON.stringify({ ...asked, access_token: merged });
}

function objectOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
