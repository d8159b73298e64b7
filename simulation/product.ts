/** The production parts of a node, put together as `app.ts` does, on a simulated machine. */
import type { Connector, Log } from '../src/connectors/connector.ts';
import { createFive9Connector } from '../src/connectors/five9/index.ts';
import type { Cadence } from '../src/connectors/teams/cadence.ts';
import { createTeamsConnector } from '../src/connectors/teams/index.ts';
import type { EngineOptions } from '../src/engine/options.ts';
import type { Journal } from '../src/journal/journal.ts';
import type { Exchange } from '../src/lib/exchange.ts';
import type { Random } from '../src/lib/random.ts';
import type { SteadyClock } from '../src/lib/clock.ts';
import type { OpenSocket } from '../src/lib/socket.ts';
import type { Agent } from '../src/model/agent.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';
import type { Quota } from './settings.ts';
import {
  DIRECTORY_ID,
  FIRST_SECRET,
  FIVE9,
  GRAPH,
  LOGIN,
  NEXT_SECRET,
  OURS,
  SUPERVISOR,
} from './vendors.ts';

/** What differs between worlds in the product's own settings. */
export interface ProductSettings {
  readonly cadence?: Partial<Cadence>;
  /** That both the vendor and the product are told of. */
  readonly quota?: Quota;
}

/** Within which a platform's data must be confirmed to be acted on, ms. */
export const STALE_AFTER_MS = { five9: 45_000, teams: 60_000 } as const;

export function engineOptionsOf(
  settings: ProductSettings,
  parts: {
    readonly tenant: string;
    readonly clock: SteadyClock;
    readonly journal: Journal;
    readonly connectors: readonly Connector[];
    readonly random: Random;
    readonly evidence: Evidence;
    readonly people: readonly Agent[];
    readonly policy: Policy;
  },
): EngineOptions {
  const { evidence, clock, ...rest } = parts;
  const quota = settings.quota;
  return {
    ...rest,
    clock,
    notBefore: (at) => clock.notBefore(at),
    log: evidence.log(),
    platforms: {
      five9: { staleAfterMs: STALE_AFTER_MS.five9 },
      teams: { staleAfterMs: STALE_AFTER_MS.teams, ...(quota === undefined ? {} : { quota }) },
    },
    observer: evidence.observer(),
  };
}

export function connectorsOf(
  settings: ProductSettings,
  parts: {
    readonly machine: Machine;
    readonly clock: SteadyClock;
    readonly random: Random;
    readonly exchange: Exchange;
    readonly openSocket: OpenSocket;
    readonly log: Log;
  },
): Connector[] {
  const { machine, random, log } = parts;
  const seams = {
    clock: parts.clock,
    exchange: machine.exchange(parts.exchange),
    openSocket: machine.openSocket(parts.openSocket),
    log,
  };
  const quota = settings.quota;
  return [
    createFive9Connector(
      {
        loginUrl: FIVE9,
        username: SUPERVISOR.userName,
        password: SUPERVISOR.password,
        allowedHosts: ['five9.sim'],
        acceptNotices: true,
        writesPerSecond: 50,
        writeBurst: 50,
      },
      { ...seams, random: random.fork('five9') },
    ),
    createTeamsConnector(
      {
        cloud: 'global',
        tenantId: DIRECTORY_ID,
        clientId: OURS,
        credential: { secret: FIRST_SECRET },
        nextCredential: { secret: NEXT_SECRET },
        loginUrl: LOGIN,
        graphUrl: GRAPH,
        ...(settings.cadence === undefined ? {} : { cadence: settings.cadence }),
        ...(quota === undefined ? {} : { quota }),
      },
      { ...seams, random: random.fork('teams') },
    ),
  ];
}
