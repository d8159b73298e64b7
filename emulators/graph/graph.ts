/**
 * A stateful double of the part of Microsoft Graph that presence needs, for one tenant: presence
 * with its true aggregation, the quota, a little of the directory. It is an independent oracle,
 * written from the published contract; it never imports the product.
 *
 * 1. Time, randomness and latency come from the options alone; nothing runs by itself.
 * 2. What the contract leaves open is an option (`behaviour.ts`), never a silent guess.
 * 3. People (`acts`) and applications (`exchange`) meet only in the model.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Exchange } from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import { boundedLog, type BoundedLog } from '../entra/bounded-log.ts';
import { GRAPH_RESOURCES } from '../entra/entra-routes.ts';
import type { EntraEmulator } from '../entra/entra.ts';
import { createFaultBook } from '../entra/fault-book.ts';
import { departWith, exchangeWith, type Backend } from '../entra/transport.ts';
import { DEFAULT_BEHAVIOUR, type Behaviour } from './behaviour.ts';
import { createControl, type GraphControl } from './control.ts';
import type { Deliver } from './deliver.ts';
import type { GraphDesk, GraphFault, RequestEntry, WriteEntry } from './desk.ts';
import { handle, record, targetOf } from './handler.ts';
import { createPresenceModel, type PresenceModel } from './model.ts';
import { createPush } from './push.ts';
import { createQuota } from './quota.ts';
import { routeOf } from './routes.ts';
import { createUsers, type UserSpec } from './users.ts';

export interface GraphOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Without a slash at the end and without the version. */
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly users: readonly UserSpec[];
  /** Checks the bearer tokens. */
  readonly entra: EntraEmulator;
  readonly behaviour?: Partial<Behaviour>;
  /** The way out for notifications; without it nobody can subscribe. */
  readonly deliver?: Deliver;
  /** Domain of generated user principal names. */
  readonly domain?: string;
}

export interface GraphEmulator {
  readonly baseUrl: string;
  readonly exchange: Exchange;
  readonly backend: Backend;
  /** What people do, and what is true. */
  readonly acts: PresenceModel;
  readonly control: GraphControl;
  readonly requestLog: BoundedLog<RequestEntry>;
  readonly writesLog: BoundedLog<WriteEntry>;
}

const MAX_LOG = 10_000;

export function createGraphEmulator(options: GraphOptions): GraphEmulator {
  const { clock, random, baseUrl } = options;
  const initial: Behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  // The model and the quota read the behaviour at every use, so that a change holds at once.
  const now = { behaviour: initial };
  const behaviour = (): Behaviour => now.behaviour;
  const { entra, tenantId } = options;
  const model = createPresenceModel(clock, behaviour);
  const users = createUsers(options.users, options.domain ?? 'emulated.example');
  const faults = createFaultBook<GraphFault>(clock, random.fork('faults'));
  const desk: GraphDesk = {
    clock,
    baseUrl,
    tenantId,
    audiences: [...GRAPH_RESOURCES, baseUrl],
    entra,
    model,
    users,
    quota: createQuota(clock, behaviour),
    push: createPush({
      clock,
      tenantId,
      entra,
      model,
      users,
      faults,
      behaviour,
      random: random.fork('push'),
      deliver: options.deliver,
    }),
    faults,
    requests: boundedLog(MAX_LOG),
    writes: boundedLog(MAX_LOG),
    statuses: new Map(),
    texts: new WeakMap(),
    ids: random.fork('ids'),
    get behaviour(): Behaviour {
      return now.behaviour;
    },
    set behaviour(next: Behaviour) {
      now.behaviour = next;
    },
  };
  desk.model.reset(desk.users.list().map((user) => user.id));
  const backend = createBackend(desk, random.fork('latency'));
  return {
    baseUrl,
    backend,
    exchange: exchangeWith(clock, backend),
    acts: desk.model,
    control: createControl(desk, initial),
    requestLog: desk.requests,
    writesLog: desk.writes,
  };
}

function createBackend(desk: GraphDesk, random: Random): Backend {
  return {
    depart(request) {
      const { method } = request;
      const url = new URL(request.url);
      const route = routeOf(method, url);
      const target = 'status' in route ? { ops: [] } : targetOf(route);
      const departure = departWith(desk.faults, random, target, desk.behaviour);
      if (departure.kind === 'gone') {
        const [op] = target.ops;
        const named = op === undefined ? {} : { op };
        const path = url.pathname;
        record(desk, { method, path, ...named, status: 0, answered: false });
      }
      return departure;
    },
    arrive: (request) => handle(desk, request),
  };
}
