/**
 * The one sign-in of an account that subscribes: a person enters a code in a browser, on whatever
 * machine, and a refresh token comes of it.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code
 */
import { z } from 'zod';
import { pause } from '../../../lib/clock.ts';
import { readWith } from '../../../lib/read-with.ts';
import { ConnectorError, type Seams } from '../../connector.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import { resolveOptions, type TeamsOptions, type TeamsSetup } from '../options.ts';
import { tokenForm } from '../token-form.ts';
import { tokenRefused, tokenUnreachable, tokenUnreadable } from '../token-errors.ts';
import { jsonOf, parseToken, parseTokenError } from '../wire.ts';
import { delegatedScope } from './sign-in.ts';

/** What the person has to do. */
export interface Prompt {
  readonly url: string;
  readonly code: string;
  readonly withinMs: number;
}

export type DeviceSeams = Pick<Seams, 'clock' | 'random' | 'exchange'>;

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOWER_MS = 5_000;

const issued = z.object({
  device_code: boundedText(1, 4_096),
  // Both are shown to a person.
  user_code: boundedText(1, 64).pipe(z.string().regex(/^[\w-]+$/)),
  verification_uri: boundedText(1, 512).pipe(z.string().regex(/^https?:\/\/[\w./:-]+$/)),
  expires_in: z.number().positive().max(86_400),
  interval: z.number().min(1).max(300).catch(5),
});

/** The refresh token. Rejects with `ConnectorError`. */
export async function signInByDevice(
  options: TeamsOptions,
  seams: DeviceSeams,
  tell: (prompt: Prompt) => void,
): Promise<string> {
  const whole = resolveOptions(options);
  const setup = { ...whole, ...whole.read };
  const device = await ask(setup, seams);
  const withinMs = device.expires_in * 1_000;
  tell({ url: device.verification_uri, code: device.user_code, withinMs });
  const end = seams.clock.monotonic() + withinMs;
  let everyMs = device.interval * 1_000;
  while (seams.clock.monotonic() < end) {
    await pause(seams.clock, everyMs);
    const answer = await redeem(setup, seams, device.device_code);
    if (typeof answer === 'string') return answer;
    if (answer.slower) everyMs += SLOWER_MS;
  }
  throw refused('nobody entered the code in time', 'Start it again and enter the code at once.');
}

async function ask(setup: TeamsSetup, seams: DeviceSeams): Promise<z.infer<typeof issued>> {
  const form = new URLSearchParams({ client_id: setup.clientId, scope: delegatedScope(setup) });
  const { status, body } = await post(setup, seams, {
    url: setup.tokenUrl.replace(/token$/, 'devicecode'),
    form,
  });
  if (status !== 200) throw tokenRefused(status, parseTokenError(body));
  const read = readWith(issued, jsonOf(body));
  if (read === undefined) throw tokenUnreadable();
  return read;
}

async function redeem(
  setup: TeamsSetup,
  seams: DeviceSeams,
  code: string,
): Promise<string | { readonly slower: boolean }> {
  const [credential] = setup.credentials;
  if (credential === undefined) throw tokenUnreadable();
  const grant = {
    scope: delegatedScope(setup),
    fields: () => ({ grant_type: GRANT_TYPE, device_code: code }),
    renewed: () => undefined,
  };
  const form = await tokenForm({ setup, seams, credential, claims: undefined, grant });
  const { status, body } = await post(setup, seams, { url: setup.tokenUrl, form });
  if (status === 200) {
    const token = parseToken(body)?.refresh_token;
    if (token !== undefined) return token;
    throw refused('no refresh token came', 'Let the application ask for offline_access.');
  }
  const error = parseTokenError(body);
  switch (error?.error) {
    case 'authorization_pending':
      return { slower: false };
    case 'slow_down':
      return { slower: true };
    case 'authorization_declined':
      throw refused('the sign-in was declined', 'Start it again, and agree to it.');
    case 'expired_token':
    case 'bad_verification_code':
      throw refused('the code has ended', 'Start it again and enter the code at once.');
    default:
      throw tokenRefused(status, error);
  }
}

function post(
  setup: TeamsSetup,
  seams: DeviceSeams,
  { url, form }: { readonly url: string; readonly form: URLSearchParams },
): Promise<{ readonly status: number; readonly body: string }> {
  return seams
    .exchange({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
      timeoutMs: setup.tokenTimeoutMs,
    })
    .catch((error: unknown) => {
      throw tokenUnreachable(error instanceof Error ? error.name : 'unknown');
    });
}

function refused(why: string, fix: string): ConnectorError {
  return new ConnectorError('ask_admin', 'TEAMS_SUBSCRIBER_REFUSED', `no sign-in: ${why}`, fix);
}
