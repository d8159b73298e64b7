/**
 * The access token of the New Platform: one for everybody, by client credentials. The address and
 * the Basic header follow https://github.com/ryanshatz/five9-mcp (src/five9rest.js).
 *
 * A1  At most one token request is under way, and after a failed one the service is left alone for a
 *     while; callers get the same error.
 * A2  A token is renewed at 80 % of its life, and used to its end when that fails.
 * A3  No token and no secret appears in an error or a log line.
 */
import type { Clock } from '../../../lib/clock.ts';
import type { Exchange, HttpResponse } from '../../../lib/exchange.ts';
import { retryAfterMs } from '../../kit/retry-after.ts';
import { Trouble, unreachable } from '../trouble.ts';
import type { CloudSettings } from './options.ts';
import { tokenFrom } from './wire.ts';

export interface AccessToken {
  readonly text: string;
  /** Monotonic ms. */
  readonly renewAt: number;
  readonly endsAt: number;
}

const RENEW_SHARE = 0.8;
/** Not used this shortly before its end: a request takes its time too. */
const MARGIN_MS = 5_000;
const PAUSE_MS = { first: 1_000, most: 30_000, refused: 60_000 } as const;
/** A new token that is refused as well is not the token's fault. */
const REPLACE_MS = 10_000;
const TIMEOUT_MS = 10_000;

export interface TokenParts {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly settings: Pick<CloudSettings, 'url' | 'clientId'>;
  /** As it stands in the configuration now. */
  readonly secret: () => string;
}

export class CloudTokens {
  readonly #parts: TokenParts;
  #current: AccessToken | undefined;
  #pending: Promise<AccessToken> | undefined;
  #failure: { readonly error: Trouble; readonly until: number } | undefined;
  #pauseMs: number = PAUSE_MS.first;
  #replacedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /** Rejects with `Trouble`. */
  async get(): Promise<AccessToken> {
    const now = this.#parts.clock.monotonic();
    const current = this.#current;
    if (current === undefined || now >= current.endsAt) return this.#fetch();
    if (now < current.renewAt) return current;
    return this.#fetch().catch(() => current);
  }

  /** In place of one that was refused; the same one when it is a fresh one already. */
  async replace(refused: AccessToken): Promise<AccessToken> {
    if (this.#current !== undefined && this.#current !== refused) return this.#current;
    const now = this.#parts.clock.monotonic();
    if (this.#pending === undefined && now < this.#replacedAt + REPLACE_MS) return refused;
    this.#replacedAt = now;
    return this.#fetch();
  }

  #fetch(): Promise<AccessToken> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(): Promise<AccessToken> {
    const { clock } = this.#parts;
    if (this.#failure !== undefined && clock.monotonic() < this.#failure.until) {
      throw this.#failure.error;
    }
    try {
      this.#current = await this.#request();
      this.#failure = undefined;
      this.#pauseMs = PAUSE_MS.first;
      return this.#current;
    } catch (error) {
      const known = error instanceof Trouble ? error : unreachable(error);
      const own = known.reaction === 'ask_admin' ? PAUSE_MS.refused : this.#pauseMs;
      const pauseMs = known.retryMs ?? own;
      this.#failure = { error: known, until: clock.monotonic() + pauseMs };
      this.#pauseMs = Math.min(PAUSE_MS.most, this.#pauseMs * 2);
      throw known;
    }
  }

  async #request(): Promise<AccessToken> {
    const { clock, exchange, settings, secret } = this.#parts;
    const began = clock.monotonic();
    const credential = Buffer.from(`${settings.clientId}:${secret()}`).toString('base64');
    const response = await exchange({
      method: 'POST',
      url: `${settings.url}/oauth2/v1/token`,
      headers: {
        accept: 'application/json',
        authorization: `Basic ${credential}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      timeoutMs: TIMEOUT_MS,
    });
    if (response.status !== 200) throw refusal(response, clock.now());
    const token = tokenFrom(response.body);
    if (token === undefined) throw unreadableToken();
    const { text, lifeMs } = token;
    const endsAt = began + Math.max(lifeMs / 2, lifeMs - MARGIN_MS);
    return { text, renewAt: Math.min(endsAt, began + lifeMs * RENEW_SHARE), endsAt };
  }
}

function refusal({ status, headers }: HttpResponse, now: number): Trouble {
  // Not the body: a service may give back what it was sent.
  const message = `Five9 gave no token for the API key (HTTP ${status})`;
  if (status === 400 || status === 401 || status === 403) {
    return new Trouble('ask_admin', 'FIVE9_CLOUD_KEY_REFUSED', message, {
      fix: 'Check five9.cloud.clientId, clientSecret and the region; make a new key in API Access Control if its secret is lost.',
    });
  }
  const wait = status === 429 ? retryAfterMs(headers['retry-after'], now) : undefined;
  return new Trouble('retry', 'FIVE9_CLOUD_TOKEN', message, {
    fix: 'Nothing: it is tried again by itself.',
    ...(wait === undefined ? {} : { retryMs: wait }),
  });
}

function unreadableToken(): Trouble {
  return new Trouble('retry', 'FIVE9_CLOUD_TOKEN', 'the answer to the sign-in holds no token', {
    fix: 'Check that five9.cloud.region is the region of the domain.',
  });
}
