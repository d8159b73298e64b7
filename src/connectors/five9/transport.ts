/**
 * One request to Five9, with the headers of the session. It recovers nothing and judges nothing:
 * that is for `auth.ts` and `rest.ts`.
 */
import type { Clock } from '../../lib/clock.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../../lib/exchange.ts';
import { CookieJar } from './cookies.ts';
import { hostAllowed } from './hosts.ts';
import type { Settings } from './options.ts';
import { authHeaders, type AuthVariant, type Credentials } from './variants.ts';

/** A signed-in session. Replaced as a whole, never changed: its identity is its version. */
export interface Login extends Credentials {
  /** Scheme, host and port of every later call. */
  readonly origin: string;
  readonly orgId: string;
  readonly userId: string;
  readonly variant: AuthVariant;
  /** When it began, monotonic ms. */
  readonly at: number;
}

export interface Call {
  readonly method: HttpRequest['method'];
  /** Path template; `{supervisor}` and `{org}` are filled in from the session. */
  readonly path: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

export const SUPERVISOR = '/supsvcs/rs/svc/supervisors/{supervisor}';
export const ORGANISATION = '/supsvcs/rs/svc/orgs/{org}';

export class Transport {
  private readonly jar: CookieJar;
  private readonly clock: Clock;
  private readonly exchange: Exchange;
  private readonly settings: Settings;

  constructor(seams: { readonly clock: Clock; readonly exchange: Exchange }, settings: Settings) {
    this.clock = seams.clock;
    this.exchange = seams.exchange;
    this.settings = settings;
    this.jar = new CookieJar((domain) =>
      hostAllowed(domain, settings.loginUrl, settings.allowedHosts),
    );
  }

  /** Rejects with `ExchangeError` only. */
  send(login: Login, call: Call): Promise<HttpResponse> {
    const path = call.path
      .replaceAll('{supervisor}', encodeURIComponent(login.userId))
      .replaceAll('{org}', encodeURIComponent(login.orgId));
    return this.raw(login.origin, { ...call, path }, this.headersFor(login));
  }

  /** A request before there is a session. */
  sendTo(origin: string, call: Call): Promise<HttpResponse> {
    return this.raw(origin, call, {});
  }

  /** Headers that authorise a request or a socket of this session. */
  headersFor(login: Login): Record<string, string> {
    const cookies = this.jar.header(new URL(login.origin).hostname, this.clock.now());
    return authHeaders(login.variant, login, cookies);
  }

  forgetCookies(): void {
    this.jar.clear();
  }

  private async raw(
    origin: string,
    call: Call,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const response = await this.exchange({
      method: call.method,
      url: origin + call.path,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      timeoutMs: call.timeoutMs ?? this.settings.requestTimeoutMs,
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    const host = new URL(origin).hostname;
    this.jar.store(host, response.headers['set-cookie'], this.clock.now());
    return response;
  }
}
