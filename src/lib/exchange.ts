/**
 * The HTTP seam: one request, one response, as plain data. `connectors/kit/http.ts` puts it on
 * undici; tests and the simulation put an emulator's handler behind it.
 */

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whole budget for the answer, ms. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; `set-cookie` values are joined by newlines. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded text. */
  readonly body: string;
}

/**
 * Rejects with `ExchangeError` only when there is no response at all. `sent: false` means that no
 * byte left, so the request surely had no effect; otherwise the outcome is ambiguous.
 */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>;

export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly kind: 'connect' | 'timeout' | 'reset' | 'too_large';
  readonly sent: boolean;

  constructor(kind: ExchangeError['kind'], sent: boolean, message: string) {
    super(message);
    this.kind = kind;
    this.sent = sent;
  }
}
