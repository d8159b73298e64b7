/**
 * The way out: how notifications reach whoever subscribed. `http-deliver.ts` puts it on real HTTP;
 * tests and simulations put a receiver behind it.
 */

export interface Delivered {
  readonly status: number;
  readonly body: string;
  /** Looked at when a receiver is validated; absent: not known. */
  readonly contentType?: string;
}

/** A POST. Rejects when there is no answer at all. The sender keeps `timeoutMs` itself, too. */
export type Deliver = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
) => Promise<Delivered>;
