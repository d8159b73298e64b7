/**
 * The wire: every request that any machine sends to any vendor, from its departure to its end, as
 * the checkers see it. It changes nothing.
 */
import type { Clock } from '../src/lib/clock.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../src/lib/exchange.ts';
import { ExchangeError } from '../src/lib/exchange.ts';
import type { OpenSocket } from '../src/lib/socket.ts';
import type { Machine } from './machine.ts';

export type Host = 'five9' | 'graph' | 'entra' | 'other';

export interface Trip {
  readonly order: number;
  readonly machine: Machine;
  readonly host: Host;
  readonly kind: 'read' | 'write' | 'other';
  readonly url: string;
  readonly body: string;
  /** Account that a write is about. */
  readonly account?: string;
  readonly departedAt: number;
  /** Set when the caller learnt its end. */
  endedAt?: number;
  status?: number;
  /** What a read was answered with. */
  answer?: string;
  retryAfter?: string;
  /** No answer: whether anything had left, and how it ended. */
  failure?: { readonly sent: boolean; readonly kind: string };
}

type Listener = (trip: Trip) => void;

export class Wire {
  private readonly clock: Clock;
  private readonly hosts: ReadonlyMap<string, { readonly host: Host; readonly exchange: Exchange }>;
  private readonly departures: Listener[] = [];
  private readonly ends: Listener[] = [];
  private readonly sockets: ((url: string, machine: Machine) => void)[] = [];
  private order = 0;
  bytes = 0;

  constructor(
    clock: Clock,
    hosts: ReadonlyMap<string, { readonly host: Host; readonly exchange: Exchange }>,
  ) {
    this.clock = clock;
    this.hosts = hosts;
  }

  onDeparture(listener: Listener): void {
    this.departures.push(listener);
  }

  onEnd(listener: Listener): void {
    this.ends.push(listener);
  }

  onSocket(listener: (url: string, machine: Machine) => void): void {
    this.sockets.push(listener);
  }

  exchangeOf(machine: Machine): Exchange {
    return async (request) => {
      const origin = originOf(request.url);
      const place = this.hosts.get(origin);
      const trip = this.depart(machine, place?.host ?? 'other', request);
      if (place === undefined) {
        trip.endedAt = this.clock.now();
        throw new ExchangeError('connect', false, 'no such host in this world');
      }
      try {
        const response = await place.exchange(request);
        this.arrived(trip, response);
        return response;
      } catch (error) {
        trip.endedAt = this.clock.now();
        if (error instanceof ExchangeError) trip.failure = { sent: error.sent, kind: error.kind };
        for (const listener of this.ends) listener(trip);
        throw error;
      }
    };
  }

  /** Sockets are seen when they are opened: where to, and by whom. */
  socketOf(machine: Machine, open: OpenSocket): OpenSocket {
    return (request, handlers) => {
      for (const listener of this.sockets) listener(request.url, machine);
      return open(request, handlers);
    };
  }

  private depart(machine: Machine, host: Host, request: HttpRequest): Trip {
    this.order += 1;
    const body = request.body ?? '';
    const account = host === 'graph' || host === 'five9' ? written(request) : undefined;
    const trip: Trip = {
      order: this.order,
      machine,
      host,
      kind: account === undefined ? (isRead(request) ? 'read' : 'other') : 'write',
      url: request.url,
      body,
      departedAt: this.clock.now(),
      ...(account === undefined ? {} : { account }),
    };
    for (const listener of this.departures) listener(trip);
    return trip;
  }

  private arrived(trip: Trip, response: HttpResponse): void {
    trip.endedAt = this.clock.now();
    trip.status = response.status;
    if (trip.kind === 'read') trip.answer = response.body;
    const retryAfter = response.headers['retry-after'];
    if (retryAfter !== undefined) trip.retryAfter = retryAfter;
    this.bytes += trip.url.length + trip.body.length + response.body.length;
    for (const listener of this.ends) listener(trip);
  }
}

function originOf(url: string): string {
  const end = url.indexOf('/', 8);
  return end < 0 ? url : url.slice(0, end);
}

/** The account that a write names, in either vendor's path. */
function written({ method, url }: HttpRequest): string | undefined {
  if (method === 'GET') return undefined;
  if (method === 'POST') {
    return /\/(?:users|presences)\/([^/]+)\/(?:presence\/)?(?:micro[^/]*\.)?(?:set|clear)\w+$/.exec(
      url,
    )?.[1];
  }
  return /\/agents\/([^/]+)\/presence$/.exec(url)?.[1];
}

function isRead({ method, url }: HttpRequest): boolean {
  return url.includes('getPresencesByUserId') || (method === 'GET' && url.includes('presence'));
}

/** Whether the vendor surely did nothing, surely did it, or nobody can tell. */
export function certainty(trip: Trip): 'done' | 'nothing' | 'unknown' {
  if (trip.failure !== undefined) return trip.failure.sent ? 'unknown' : 'nothing';
  const status = trip.status ?? 0;
  if (status >= 200 && status < 300) return 'done';
  return status >= 500 && status !== 503 ? 'unknown' : 'nothing';
}
