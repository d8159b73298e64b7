/**
 * Reads of the New Platform: paced, signed in, judged. It sends nothing but GET.
 *
 * C1  Requests keep our own pace, below the vendor's 5 a second, and after a 429 all of them wait.
 * C2  A refused token is replaced once; a second refusal is told.
 */
import { pause, type Clock } from '../../../lib/clock.ts';
import type { Exchange, HttpResponse } from '../../../lib/exchange.ts';
import { retryAfterMs } from '../../kit/retry-after.ts';
import { Trouble, unreachable, unreadable } from '../trouble.ts';
import type { CloudSettings } from './options.ts';
import type { AccessToken, CloudTokens } from './tokens.ts';
import { pageFrom, refusalWords } from './wire.ts';

export interface CloudPage {
  readonly rows: readonly unknown[];
  readonly cursor?: string;
  /** When the request left, epoch ms. */
  readonly asOf: number;
}

export interface CloudClientParts {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly settings: CloudSettings;
  readonly tokens: Pick<CloudTokens, 'get' | 'replace'>;
  readonly count: (event: string) => void;
}

/** Where Retry-After is missing; https://github.com/ryanshatz/five9-mcp. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000] as const;
/** A longer wait is not worth holding a sweep for. */
const LONGEST_WAIT_MS = 30_000;
const TIMEOUT_MS = 15_000;

export class CloudClient {
  readonly #parts: CloudClientParts;
  /** Monotonic ms: no request before. */
  #free = Number.NEGATIVE_INFINITY;

  constructor(parts: CloudClientParts) {
    this.#parts = parts;
  }

  /** `{domain}` in the path is filled in. Rejects with `Trouble`. */
  async page(
    what: string,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<CloudPage> {
    const { url, domainId } = this.#parts.settings;
    const search = new URLSearchParams(query).toString();
    const address = url + path.replace('{domain}', encodeURIComponent(domainId));
    const { response, asOf } = await this.#get(
      what,
      search === '' ? address : `${address}?${search}`,
    );
    const page = pageFrom(response.body);
    if (page === undefined) throw unreadable(what);
    return { ...page, asOf };
  }

  async #get(what: string, url: string): Promise<{ response: HttpResponse; asOf: number }> {
    const { clock, tokens, count } = this.#parts;
    let token = await tokens.get();
    let isReplaced = false;
    let throttled = 0;
    for (;;) {
      await this.#turn();
      const asOf = clock.now();
      const response = await this.#send(url, token);
      if (response.status === 200) return { response, asOf };
      if (response.status === 401 && !isReplaced) {
        isReplaced = true;
        token = await tokens.replace(token);
      } else if (response.status === 429) {
        count('cloud_throttled');
        this.#rest(what, response, throttled);
        throttled += 1;
      } else {
        throw refusedRead(what, response);
      }
    }
  }

  #send(url: string, token: AccessToken): Promise<HttpResponse> {
    const headers = { accept: 'application/json', authorization: `Bearer ${token.text}` };
    const request = { method: 'GET', url, headers, timeoutMs: TIMEOUT_MS } as const;
    return this.#parts.exchange(request).catch((error: unknown) => {
      throw unreachable(error);
    });
  }

  /** A place of its own for each request (C1). */
  async #turn(): Promise<void> {
    const { clock, settings } = this.#parts;
    for (;;) {
      const waitMs = this.#free - clock.monotonic();
      if (waitMs <= 0) break;
      await pause(clock, waitMs);
    }
    this.#free = clock.monotonic() + 1_000 / settings.requestsPerSecond;
  }

  #rest(what: string, response: HttpResponse, times: number): void {
    const { clock } = this.#parts;
    const asked = retryAfterMs(response.headers['retry-after'], clock.now());
    const waitMs = asked ?? PAUSES_MS[times] ?? LONGEST_WAIT_MS;
    this.#free = Math.max(this.#free, clock.monotonic() + waitMs);
    if (times < PAUSES_MS.length && waitMs <= LONGEST_WAIT_MS) return;
    throw new Trouble('wait_until', 'FIVE9_CLOUD_THROTTLED', `${what}: Five9 asks us to wait`, {
      fix: 'Nothing: it is tried again by itself.',
      retryMs: waitMs,
    });
  }
}

function refusedRead(what: string, { status, body }: HttpResponse): Trouble {
  const message = `${what}: ${refusalWords(status, body)}`;
  if (status === 401 || status === 403) {
    return new Trouble('ask_admin', 'FIVE9_CLOUD_PERMISSION', message, {
      fix: 'Give the API key the family and scopes for statistics (All APIs has them) in API Access Control.',
    });
  }
  if (status === 404 || status === 400) {
    return new Trouble('ask_admin', 'FIVE9_CLOUD_DOMAIN', message, {
      fix: 'Check five9.cloud.domainId and the region.',
    });
  }
  return new Trouble('retry', 'FIVE9_CLOUD_UNEXPECTED', message, {
    fix: 'Nothing: it is tried again by itself.',
  });
}
