/**
 * The way between a client and an emulator: latency, time-outs and lost messages. The same backend
 * stands behind the in-memory exchange here and behind a real HTTP server.
 *
 * 1. Without latency and without faults an exchange resolves in microtasks and sets no timer.
 * 2. A request that is on its way arrives, and has its effect, even when the client gave up.
 * 3. `sent: false` is said only for a connection that was refused.
 */
import { pause, type Clock } from '../../src/lib/clock.ts';
import {
  ExchangeError,
  type Exchange,
  type HttpRequest,
  type HttpResponse,
} from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import type { FaultDraw, FaultTarget } from './fault-book.ts';

export type Departure =
  | { readonly kind: 'travel'; readonly upMs: number; readonly downMs: number }
  /** The request never reaches the emulator. */
  | { readonly kind: 'gone'; readonly how: 'refused' | 'reset' | 'silence' };

export type Arrived =
  | { readonly kind: 'answer'; readonly response: HttpResponse }
  /** The request was handled, and the answer does not get back whole. */
  | { readonly kind: 'gone'; readonly how: 'reset' | 'silence'; readonly response: HttpResponse };

/** An answer that takes something else first is given later; nothing can be lost before it. */
export type Arrival = Arrived | { readonly kind: 'later'; readonly arrived: Promise<Arrived> };

export interface Backend {
  depart(request: HttpRequest): Departure;
  arrive(request: HttpRequest): Arrival;
}

/** Faults of the way itself, the same in every emulator. */
export const WAY_FAULTS = ['down', 'lost_request', 'slow', 'lost_answer'] as const;
export type WayFault = (typeof WAY_FAULTS)[number];

export interface Latency {
  readonly latencyMs: number;
  readonly latencyJitterMs: number;
}

/** For a client that names no time-out: nothing may wait for ever. */
const DEFAULT_TIMEOUT_MS = 100_000;

export function exchangeWith(clock: Clock, backend: Backend): Exchange {
  return async (request) => {
    const departure = backend.depart(request);
    if (departure.kind === 'gone') return vanish(clock, request, departure.how);
    const { upMs, downMs } = departure;
    if (upMs > 0 || downMs > 0) return travel(clock, backend, request, { upMs, downMs });
    const arrival = backend.arrive(request);
    if (arrival.kind === 'later') {
      return inTime(clock, request, (finish, fail) => void arrival.arrived.then(finish, fail));
    }
    if (arrival.kind === 'answer') return arrival.response;
    return vanish(clock, request, arrival.how);
  };
}

async function vanish(
  clock: Clock,
  request: HttpRequest,
  how: 'refused' | 'reset' | 'silence',
): Promise<never> {
  if (how === 'refused') throw new ExchangeError('connect', false, 'connection refused');
  if (how === 'reset') throw new ExchangeError('reset', true, 'connection reset');
  await pause(clock, request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  throw new ExchangeError('timeout', true, 'no answer in time');
}

function travel(
  clock: Clock,
  backend: Backend,
  request: HttpRequest,
  way: { readonly upMs: number; readonly downMs: number },
): Promise<HttpResponse> {
  return inTime(clock, request, (finish, fail) => {
    const back = (arrived: Arrived): void => void clock.after(way.downMs, () => finish(arrived));
    clock.after(way.upMs, () => {
      const arrival = backend.arrive(request);
      if (arrival.kind === 'later') arrival.arrived.then(back, fail);
      else back(arrival);
    });
  });
}

type Finish = (arrived: Arrived) => void;
type Fail = (error: Error) => void;

/** The answer that `start` finishes with, unless the client's time is over before. */
function inTime(
  clock: Clock,
  request: HttpRequest,
  start: (finish: Finish, fail: Fail) => void,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const timeout = clock.after(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => {
      reject(new ExchangeError('timeout', true, 'no answer in time'));
    });
    const finish: Finish = (arrived) => {
      if (arrived.kind === 'gone' && arrived.how === 'silence') return;
      timeout.cancel();
      if (arrived.kind === 'answer') resolve(arrived.response);
      else reject(new ExchangeError('reset', true, 'connection reset'));
    };
    start(finish, reject);
  });
}

/** What becomes of a request that leaves the client, by latency and by the faults of the way. */
export function departWith(
  book: FaultDraw<WayFault>,
  random: Random,
  target: FaultTarget,
  latency: Latency,
): Departure {
  const down = book.draw('down', target);
  if (down !== undefined) return { kind: 'gone', how: down.how === 'reset' ? 'reset' : 'refused' };
  if (book.draw('lost_request', target) !== undefined) return { kind: 'gone', how: 'silence' };
  const jitter = latency.latencyJitterMs > 0 ? random.next() * latency.latencyJitterMs : 0;
  const travelMs = latency.latencyMs + jitter;
  const slow = book.draw('slow', target);
  return { kind: 'travel', upMs: travelMs / 2, downMs: travelMs / 2 + (slow?.ms ?? 0) };
}

/** Loses the answer when such a fault strikes. */
export function returnWith(
  book: FaultDraw<WayFault>,
  target: FaultTarget,
  response: HttpResponse,
): Arrived {
  const lost = book.draw('lost_answer', target);
  if (lost === undefined) return { kind: 'answer', response };
  return { kind: 'gone', how: lost.how === 'reset' ? 'reset' : 'silence', response };
}
