/**
 * The acts of people and the truth over the control API, for whoever drives an emulator that runs
 * in another process.
 */
import type { Exchange, HttpRequest } from '../../src/lib/exchange.ts';
import { isRecord } from '../entra/json-body.ts';
import type { Act } from './act.ts';
import type { GraphTruth } from './model.ts';

export interface RemoteActs {
  act(user: string, act: Act): Promise<void>;
  truth(user: string): Promise<GraphTruth>;
  advance(ms: number): Promise<void>;
  /** Any other call of the control API; throws the error that it answers. */
  call(method: HttpRequest['method'], path: string, body?: unknown): Promise<unknown>;
}

export function remoteActs(url: string, exchange: Exchange): RemoteActs {
  const call = async (
    method: HttpRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<unknown> => {
    const response = await exchange({
      method,
      url: `${url}/_emulator/${path}`,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status !== 200) {
      throw new Error(`${method} ${path} answered ${response.status}: ${response.body}`);
    }
    return JSON.parse(response.body) as unknown;
  };
  return {
    call,
    async act(user, act): Promise<void> {
      await call('POST', 'acts', { user, ...act });
    },
    async truth(user): Promise<GraphTruth> {
      const truth = await call('GET', `truth/${encodeURIComponent(user)}`);
      if (isTruth(truth)) return truth;
      throw new Error(`truth of "${user}": the control API answered something else`);
    },
    async advance(ms): Promise<void> {
      await call('POST', 'advance', { ms });
    },
  };
}

/** Our own control API answers it, so a look at what only a truth has is enough. */
function isTruth(value: unknown): value is GraphTruth {
  return isRecord(value) && isRecord(value['withoutApps']) && Array.isArray(value['sessions']);
}
