/**
 * Requests of a session, with one recovery. A request that met a session fault had no effect, so
 * it may be sent once more on a session that works.
 */
import type { HttpResponse } from '../../lib/exchange.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Budget } from '../connector.ts';
import type { Session } from './auth.ts';
import { isOk, jsonOf, sessionFault, waitOf } from './reply.ts';
import type { Call, Transport } from './transport.ts';
import { permissionMissing, unexpected, unreachable, unreadable } from './trouble.ts';

export interface Rest {
  /** Rejects with `Trouble` (nothing was done) or `ExchangeError` (the last request got no answer). */
  send(call: Call): Promise<HttpResponse>;
  /** The reply of a read, judged and parsed as JSON. Rejects with `Trouble`. */
  read(what: string, call: Call): Promise<unknown>;
}

export function createRest(parts: {
  readonly session: Session;
  readonly transport: Transport;
  readonly budget: () => Budget;
  readonly clock: Clock;
}): Rest {
  const { session, transport, clock } = parts;

  const send = async (call: Call): Promise<HttpResponse> => {
    const login = await session.ensure();
    const first = await transport.send(login, call);
    const fault = sessionFault(first);
    if (fault === undefined) return first;
    const renewed = await session.recover(login, fault);
    parts.budget().spend();
    return transport.send(renewed, call);
  };

  return {
    send,
    async read(what, call): Promise<unknown> {
      await parts.budget().read();
      const reply = await send(call).catch((error: unknown) => {
        throw error instanceof Error && error.name === 'ConnectorError'
          ? error
          : unreachable(error);
      });
      if (reply.status === 429) parts.budget().throttled(waitOf(reply, clock.now()));
      if (reply.status === 401 || reply.status === 403) throw permissionMissing(what, reply);
      if (!isOk(reply)) throw unexpected(what, reply, clock.now());
      const json = jsonOf(reply);
      if (json === undefined) throw unreadable(what);
      return json;
    },
  };
}
