/**
 * The access token of the application: one for everybody, fetched once for all who wait.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 *
 * A1  At most one token request is under way.
 * A2  A token is renewed at 80 % of its life in the background, and used to its end when the
 *     sign-in service is down.
 * A3  After a failed request the service is left alone for a while; callers get the same error.
 * A4  A claims challenge is answered with exactly one new request that carries the claims.
 * A5  No token, secret or assertion appears in an error or a log line.
 */
import type { HttpResponse } from '../../lib/exchange.ts';
import { ConnectorError, type Seams } from '../connector.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import { sameCredential, type ReadyCredential, type TeamsSetup } from './options.ts';
import { tokenForm, type Grant } from './token-form.ts';
import { tokenRefused, tokenUnreachable, tokenUnreadable } from './token-errors.ts';
import type { WireClaims, WireToken } from './wire.ts';
import { parseClaims, parseToken, parseTokenError } from './wire.ts';

export interface AccessToken {
  readonly text: string;
  /** Monotonic ms. */
  readonly renewAt: number;
  readonly expiresAt: number;
  /** From the token, a hint; absent when it does not tell. */
  readonly roles?: readonly string[];
  readonly tenant?: string;
}

export interface Tokens {
  /** A usable token. Rejects with `ConnectorError`. */
  get(): Promise<AccessToken>;
  /**
   * A token in place of one that was refused, with the claims that the service asked for. The same
   * one when it was replaced a moment ago: then a new one would be refused too.
   */
  replace(refused: AccessToken, claims?: string): Promise<AccessToken>;
  /** The newest token, usable or not. */
  latest(): AccessToken | undefined;
  /** What may be tried, the first choice first. */
  credentials(): readonly ReadyCredential[];
}

const RENEW_SHARE = 0.8;
/** Not used any more this shortly before its end: a request takes its time too. */
const MARGIN_MS = 10_000;
const REPLACE_MS = 10_000;
const CREDENTIALS_MAX = 3;
const PAUSE_MS = { first: 1_000, most: 30_000, admin: 60_000 } as const;

type TokenSeams = Pick<Seams, 'clock' | 'random' | 'exchange' | 'log'>;

/** `reread`: the credential as it stands in the configuration now, which may have been changed. */
export function createTokens(
  setup: TeamsSetup,
  seams: TokenSeams,
  reread?: () => ReadyCredential | undefined,
  grant?: Grant,
): Tokens {
  return new TokenStore(setup, seams, reread, grant);
}

class TokenStore implements Tokens {
  readonly #setup: TeamsSetup;
  readonly #seams: TokenSeams;
  #current: AccessToken | undefined;
  #pending: Promise<AccessToken> | undefined;
  #failure: { readonly error: ConnectorError; readonly until: number } | undefined;
  #pauseMs: number = PAUSE_MS.first;
  #replacedAt = -Infinity;
  readonly #reread: (() => ReadyCredential | undefined) | undefined;
  readonly #grant: Grant | undefined;
  #credentials: readonly ReadyCredential[];

  constructor(
    setup: TeamsSetup,
    seams: TokenSeams,
    reread?: () => ReadyCredential | undefined,
    grant?: Grant,
  ) {
    this.#grant = grant;
    this.#setup = setup;
    this.#seams = seams;
    this.#reread = reread;
    this.#credentials = setup.credentials;
  }

  credentials(): readonly ReadyCredential[] {
    return this.#credentials;
  }

  latest(): AccessToken | undefined {
    return this.#current;
  }

  async get(): Promise<AccessToken> {
    const now = this.#seams.clock.monotonic();
    const current = this.#current;
    if (current === undefined || now >= current.expiresAt - MARGIN_MS) return this.#fetch();
    const mayRenew = this.#pending === undefined && now >= (this.#failure?.until ?? 0);
    if (now >= current.renewAt && mayRenew) {
      this.#fetch().catch(() => {
        this.#seams.log.warn('token not renewed yet, the old one is used to its end');
      });
    }
    return current;
  }

  async replace(refused: AccessToken, claims?: string): Promise<AccessToken> {
    const current = this.#current;
    if (current !== undefined && current !== refused) return current;
    // The old one is kept: when the sign-in service is down it may still serve other requests.
    const now = this.#seams.clock.monotonic();
    // One that was asked for in vain has replaced nothing.
    const isFresh = this.#failure === undefined && now < this.#replacedAt + REPLACE_MS;
    if (isFresh && this.#pending === undefined) return refused;
    this.#replacedAt = now;
    return this.#fetch(claims);
  }

  #fetch(claims?: string): Promise<AccessToken> {
    this.#pending ??= this.#ask(claims).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(claims: string | undefined): Promise<AccessToken> {
    const failure = this.#failure;
    if (failure !== undefined && this.#seams.clock.monotonic() < failure.until) throw failure.error;
    try {
      const token = await this.#tryCredentials(claims);
      this.#current = token;
      this.#failure = undefined;
      this.#pauseMs = PAUSE_MS.first;
      return token;
    } catch (error) {
      const known = error instanceof ConnectorError ? error : tokenUnreadable();
      this.#rest(known);
      throw known;
    }
  }

  #rest(error: ConnectorError): void {
    const { clock, log, random } = this.#seams;
    const asked = error instanceof Busy ? error.waitMs : undefined;
    const own = this.#pauseMs * (1 + random.next());
    const pause = error.reaction === 'ask_admin' ? PAUSE_MS.admin : (asked ?? own);
    this.#failure = { error, until: clock.monotonic() + pause };
    this.#pauseMs = Math.min(PAUSE_MS.most, this.#pauseMs * 2);
    log.warn('no token', { code: error.code, pauseMs: Math.round(pause) });
  }

  /** The next credential is tried only when the service refused the one before. */
  async #tryCredentials(claims: string | undefined): Promise<AccessToken> {
    this.#takeChanged();
    let refusal: unknown;
    for (const credential of this.#credentials) {
      try {
        const token = await this.#request(credential, claims);
        this.#prefer(credential);
        return token;
      } catch (error) {
        refusal = error;
        if (!(error instanceof ConnectorError) || error.reaction !== 'ask_admin') break;
      }
    }
    throw refusal;
  }

  /** One that was changed is tried before the one that worked so far, which stays as the next. */
  #takeChanged(): void {
    const now = this.#reread?.();
    if (now === undefined || this.#credentials.some((known) => sameCredential(known, now))) return;
    this.#credentials = [now, ...this.#credentials].slice(0, CREDENTIALS_MAX);
    this.#seams.log.info('a changed credential is used from now on');
  }

  #prefer(credential: ReadyCredential): void {
    const others = this.#credentials.filter((each) => each !== credential);
    this.#credentials = [credential, ...others];
  }

  async #request(credential: ReadyCredential, claims: string | undefined): Promise<AccessToken> {
    const { clock, exchange } = this.#seams;
    const form = await tokenForm({
      setup: this.#setup,
      seams: this.#seams,
      credential,
      claims,
      grant: this.#grant,
    });
    const began = clock.monotonic();
    const response = await exchange({
      method: 'POST',
      url: this.#setup.tokenUrl,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
      timeoutMs: this.#setup.tokenTimeoutMs,
    }).catch((error: unknown) => {
      throw tokenUnreachable(error instanceof Error ? error.name : 'unknown');
    });
    if (response.status !== 200) throw refusalOf(response, clock.now());
    const wire = parseToken(response.body);
    if (wire === undefined) throw tokenUnreadable();
    if (wire.refresh_token !== undefined) this.#grant?.renewed(wire.refresh_token);
    return tokenOf(wire, began);
  }
}

/** The service named the time of the next attempt. */
class Busy extends ConnectorError {
  readonly waitMs: number;

  constructor(cause: ConnectorError, waitMs: number) {
    super(cause.reaction, cause.code, cause.message, cause.fix);
    this.waitMs = waitMs;
  }
}

function refusalOf(response: HttpResponse, now: number): ConnectorError {
  const error = tokenRefused(response.status, parseTokenError(response.body));
  const wait = retryAfterMs(response.headers['retry-after'], now);
  return wait === undefined || error.reaction !== 'retry' ? error : new Busy(error, wait);
}

function tokenOf(wire: WireToken, began: number): AccessToken {
  const lifeMs = wire.expires_in * 1_000;
  const claims = parseClaims(payloadOf(wire.access_token));
  return {
    text: wire.access_token,
    renewAt: began + lifeMs * RENEW_SHARE,
    expiresAt: began + lifeMs,
    ...rolesOf(claims),
    ...(claims?.tid === undefined ? {} : { tenant: claims.tid }),
  };
}

/**
 * Entra issues a token to an application without any permission too, and leaves `roles` out of it.
 * A text that does not even name its tenant is not understood, and tells nothing.
 * https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 */
function rolesOf(claims: WireClaims | undefined): Pick<AccessToken, 'roles'> {
  if (claims?.roles !== undefined) return { roles: claims.roles };
  return claims?.tid === undefined ? {} : { roles: [] };
}

/** Graph tokens are opaque to clients: what is read here is only ever a hint. */
function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
}
