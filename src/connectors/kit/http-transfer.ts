/**
 * One request over a pool: sends it, collects the answer within its bounds, and says for certain
 * whether a byte of it can have left.
 */
import type { Dispatcher, Pool } from 'undici';
import type { Clock } from '../../lib/clock.ts';
import { ExchangeError, type HttpRequest } from '../../lib/exchange.ts';

export interface TransferLimits {
  /** Whole time of a request that names none, ms. */
  readonly timeoutMs: number;
  /** Longest body, both as it travels and decoded. */
  readonly bodyBytes: number;
  readonly headerBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it travelled. */
  readonly body: Buffer;
}

export interface Transfer {
  readonly pool: Pool;
  readonly url: URL;
  readonly request: HttpRequest;
  /** Called once, when the pool is done with the request, also after it was given up. */
  release(): void;
}

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

export function transfer(job: Transfer, limits: TransferLimits, clock: Clock): Promise<Answer> {
  const { pool, url, request } = job;
  const timeoutMs = request.timeoutMs ?? limits.timeoutMs;
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMs, () => {
      collector.giveUp('timeout', `no answer in ${timeoutMs} ms`);
    });
    const collector = new Collector(job, limits, (result) => {
      timer.cancel();
      if (result instanceof ExchangeError) reject(result);
      else resolve(result);
    });
    pool.dispatch(
      {
        method: request.method,
        path: `${url.pathname}${url.search}`,
        headers: { 'accept-encoding': 'gzip', ...request.headers },
        body: request.body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      collector,
    );
  });
}

/** From the start of a request to its one result. The result comes before the pool's release. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #job: Transfer;
  readonly #limits: TransferLimits;
  readonly #settle: (result: Answer | ExchangeError) => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #head: Pick<Answer, 'status' | 'headers'> | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #settled = false;

  constructor(
    job: Transfer,
    limits: TransferLimits,
    settle: (result: Answer | ExchangeError) => void,
  ) {
    this.#job = job;
    this.#limits = limits;
    this.#settle = settle;
  }

  giveUp(kind: ExchangeError['kind'], why: string): void {
    if (this.#settled) return;
    this.#settled = true;
    const error = new ExchangeError(kind, this.#sent, `${this.#job.url.host}: ${why}`);
    this.#controller?.abort(error);
    this.#settle(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: it must not leave any more.
    if (this.#settled) controller.abort(new Error('given up'));
    else this.#sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
  ): void {
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const most = this.#limits.bodyBytes;
    this.#size += chunk.length;
    if (this.#size > most) this.giveUp('too_large', `more than ${most} bytes`);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#job.release();
    if (this.#head === undefined) return this.giveUp('reset', 'an answer without a head');
    if (this.#settled) return undefined;
    this.#settled = true;
    return this.#settle({ ...this.#head, body: Buffer.concat(this.#chunks, this.#size) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#job.release();
    this.giveUp(kindOf(error, this.#sent), reasonOf(error));
  }
}

function kindOf(error: Error, sent: boolean): ExchangeError['kind'] {
  if (!sent) return 'connect';
  return TIMEOUT_CODES.has(codeOf(error)) ? 'timeout' : 'reset';
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The code where there is one: messages of other layers may repeat what was sent. */
function reasonOf(error: Error): string {
  const code = codeOf(error);
  return code === '' ? error.name : code;
}
