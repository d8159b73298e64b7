/**
 * The emulator behind the product's own seams, without a network: latency is spent on the given
 * clock, so that a simulation runs hours of it in seconds.
 */
import type { Clock } from '../../src/lib/clock.ts';
import { type Exchange, ExchangeError, type HttpResponse } from '../../src/lib/exchange.ts';
import type { OpenSocket, Socket, SocketHandlers, SocketRequest } from '../../src/lib/socket.ts';
import type { Reply } from './answers.ts';
import type { Five9Core } from './core.ts';
import type { Line, Peer } from './feed.ts';
import type { Five9Settings } from './options.ts';

/** A request without a budget of its own waits this long. */
const DEFAULT_TIMEOUT_MS = 60_000;

export function inMemoryExchange(core: Five9Core, settings: Five9Settings): Exchange {
  const { clock, latency } = settings;
  const random = settings.random.fork('five9-latency');
  return (request) =>
    new Promise((resolve, reject) => {
      const oneWay = (latency.restMs + random.next() * latency.restJitterMs) / 2;
      let open = true;
      const end = (finish: () => void): void => {
        if (!open) return;
        open = false;
        budget.cancel();
        finish();
      };
      const fail = (kind: 'timeout' | 'connect', sent: boolean): void => {
        end(() =>
          reject(new ExchangeError(kind, sent, `${request.method} ${request.url}: ${kind}`)),
        );
      };
      const budget = clock.after(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => {
        fail('timeout', true);
      });
      later(clock, oneWay, () => {
        const answer = core.handle(request);
        if (answer.kind === 'silence') return;
        if (answer.kind === 'unreachable') {
          fail('connect', false);
          return;
        }
        later(clock, oneWay + answer.delayMs, () => end(() => resolve(responseOf(answer.reply))));
      });
    });
}

export function responseOf(reply: Reply): HttpResponse {
  const body = reply.json === undefined ? '' : JSON.stringify(reply.json);
  const type = body === '' ? {} : { 'content-type': 'application/json' };
  return { status: reply.status, headers: { ...type, ...reply.headers }, body };
}

function later(clock: Clock, ms: number, task: () => void): void {
  if (ms <= 0) task();
  else clock.after(ms, task);
}

export function inMemoryOpenSocket(core: Five9Core, settings: Five9Settings): OpenSocket {
  return (request, handlers) => new MemoryLink(core, settings, { request, handlers }).client;
}

interface ClientEnd {
  readonly request: SocketRequest;
  readonly handlers: SocketHandlers;
}

/**
 * One connection. Frames keep their order because each takes the same time. What the client sends
 * always arrives later than the call that sent it, as on a network.
 */
class MemoryLink {
  readonly client: Socket = {
    send: (text) => {
      if (this.state === 'open') this.clock.after(this.delayMs, () => this.line?.receive(text));
    },
    close: (code = 1000, reason = '') => {
      this.line?.gone();
      this.line = undefined;
      this.clock.after(this.delayMs, () => this.finish(code, reason));
    },
  };
  private readonly peer: Peer = {
    send: (text) => later(this.clock, this.delayMs, () => this.deliver(text)),
    close: (code, reason) => later(this.clock, this.delayMs, () => this.finish(code, reason)),
    // The feed swallows what a half-open socket would carry; there is no transport to freeze.
    freeze: () => undefined,
  };
  private readonly clock: Clock;
  private readonly delayMs: number;
  private readonly end: ClientEnd;
  private state: 'opening' | 'open' | 'closed' = 'opening';
  private line: Line | undefined;

  constructor(core: Five9Core, settings: Five9Settings, end: ClientEnd) {
    this.clock = settings.clock;
    this.delayMs = settings.latency.socketMs;
    this.end = end;
    this.clock.after(this.delayMs, () => this.connect(core));
  }

  private connect(core: Five9Core): void {
    if (this.state !== 'opening') return;
    const admission = core.admit(this.end.request);
    if (admission.kind === 'refused') {
      this.finish(1006, `handshake refused with ${admission.status}`);
      return;
    }
    this.state = 'open';
    this.end.handlers.onOpen();
    this.line = core.attach(admission, this.peer);
  }

  private deliver(text: string): void {
    if (this.state !== 'open') return;
    if (text.length <= this.end.request.maxPayloadBytes) {
      this.end.handlers.onText(text);
      return;
    }
    this.line?.gone();
    this.finish(1009, `a frame of ${text.length} bytes is too long`);
  }

  private finish(code: number, reason: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.end.handlers.onClose(code, reason);
  }
}
