/**
 * The loop in one thread under a virtual clock: the production engine, core, delivery, journal
 * contract and connectors, wired through the four seams to the emulators' pure models. Nothing in
 * product code knows that it is simulated.
 */
import { createDay } from '../emulators/day/day.ts';
import type { Day } from '../emulators/day/day.ts';
import { createEntraEmulator } from '../emulators/entra/entra.ts';
import { createFive9Emulator } from '../emulators/five9/emulator.ts';
import type { Five9Emulator } from '../emulators/five9/emulator.ts';
import type { Five9Options } from '../emulators/five9/options.ts';
import { REASON_IDS } from '../emulators/five9/reasons.ts';
import type { Behaviour } from '../emulators/graph/behaviour.ts';
import { createGraphEmulator } from '../emulators/graph/graph.ts';
import type { GraphEmulator } from '../emulators/graph/graph.ts';
import { virtualClock } from '../emulators/virtual-clock.ts';
import type { VirtualClock } from '../emulators/virtual-clock.ts';
import type { Connector, Log } from '../src/connectors/connector.ts';
import { createFive9Connector } from '../src/connectors/five9/index.ts';
import { createTeamsConnector } from '../src/connectors/teams/index.ts';
import { Engine } from '../src/engine/engine.ts';
import type { Journal } from '../src/journal/journal.ts';
import { createMemoryJournal } from '../src/journal/memory.ts';
import type { Exchange, HttpRequest } from '../src/lib/exchange.ts';
import type { Random } from '../src/lib/random.ts';
import { seededRandom } from '../src/lib/random.ts';
import type { Agent } from '../src/model/agent.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { PolicySettings } from '../src/policy/seed.ts';
import { compilePolicy } from '../src/policy/seed.ts';

const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const FIVE9 = 'https://app.five9.sim';
const GRAPH = 'https://graph.sim';
const LOGIN = 'https://login.sim';
const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const SUPERVISOR = { userName: 'bridge@example.com', password: 'simulated' };

export interface WorldOptions {
  readonly seed: number;
  readonly agents: number;
  readonly policy?: Partial<PolicySettings>;
  readonly five9?: Partial<Omit<Five9Options, 'clock' | 'random' | 'baseUrl'>>;
  readonly graph?: Partial<Behaviour>;
  /** Latency of each HTTP round trip, ms. */
  readonly latencyMs?: number;
}

interface Person {
  readonly id: string;
  readonly agent: string;
  readonly user: string;
}

export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly five9: Five9Emulator;
  readonly graph: GraphEmulator;
  readonly people: readonly Person[];
  readonly journal: Journal;
  readonly notes: ReadonlyMap<string, number>;
  /** Bytes of HTTP bodies and socket frames, as text, both ways. */
  readonly traffic: { bytes: number };
  engine: Engine;
  startEngine(): Promise<void>;
  /** Ends the engine without a word, as a crash does, and starts another on the same journal. */
  crash(): Promise<void>;
  day(options?: Partial<Parameters<typeof createDay>[0]>): Day;
}

export function createWorld(options: WorldOptions): World {
  const clock = virtualClock(START);
  const random = seededRandom(options.seed);
  const people = peopleOf(options.agents);
  const latencyMs = options.latencyMs ?? 80;
  const five9 = createFive9Emulator({
    clock,
    random: random.fork('five9'),
    baseUrl: FIVE9,
    supervisor: SUPERVISOR,
    seedUsers: people.map(({ agent }) => ({ id: agent, userName: `${agent}@example.com` })),
    latency: { restMs: latencyMs, restJitterMs: 20, socketMs: 10 },
    ...options.five9,
  });
  const entra = createEntraEmulator({
    clock,
    random: random.fork('entra'),
    baseUrl: LOGIN,
    tenantId: TENANT,
    resources: [GRAPH],
    apps: [
      {
        clientId: CLIENT,
        secrets: [{ value: 'simulated' }],
        roles: ['Presence.Read.All', 'Presence.ReadWrite.All', 'User.ReadBasic.All'],
      },
    ],
  });
  const graph = createGraphEmulator({
    clock,
    random: random.fork('graph'),
    baseUrl: GRAPH,
    tenantId: TENANT,
    entra,
    users: people.map(({ user }) => ({ id: user })),
    behaviour: { latencyMs, latencyJitterMs: 20, ...options.graph },
  });
  const traffic = { bytes: 0 };
  const exchange = routed(
    new Map([
      [new URL(FIVE9).host, five9.exchange],
      [new URL(GRAPH).host, graph.exchange],
      [new URL(LOGIN).host, entra.exchange],
    ]),
    traffic,
  );
  const journal = createMemoryJournal();
  const notes = new Map<string, number>();
  let life = 0;

  const newEngine = (): Engine => {
    life += 1;
    return new Engine({
      tenant: 'sim',
      clock,
      random: random.fork(`engine/${life}`),
      log: SILENT,
      journal,
      connectors: connectorsOf({
        clock,
        random: random.fork(`connectors/${life}`),
        exchange,
        five9,
      }),
      people: people.map(agentOf),
      policy: policyOf(options.policy),
      platforms: { five9: { staleAfterMs: 45_000 }, teams: { staleAfterMs: 60_000 } },
      observer: { noted: (note) => notes.set(note, (notes.get(note) ?? 0) + 1) },
    });
  };

  const world: World = {
    clock,
    random,
    five9,
    graph,
    people,
    journal,
    notes,
    traffic,
    engine: newEngine(),
    startEngine: async () => {
      await world.engine.start();
    },
    crash: async () => {
      world.engine.abandon();
      world.engine = newEngine();
      await world.engine.start();
    },
    day: (day) =>
      createDay({
        clock,
        random: random.fork('day'),
        five9: five9.acts,
        teams: graph.acts,
        people,
        ...day,
      }),
  };
  return world;
}

export const CODES = {
  busy: REASON_IDS.teamsBusy,
  dnd: REASON_IDS.teamsDoNotDisturb,
  in_call: REASON_IDS.teamsInACall,
  in_meeting: REASON_IDS.teamsInAMeeting,
  presenting: REASON_IDS.teamsPresenting,
} as const;

function policyOf(settings: Partial<PolicySettings> | undefined): Policy {
  return compilePolicy({
    version: 'sim',
    strategy: 'latest_human',
    afterCallWork: 'busy',
    notReady: [
      { code: REASON_IDS.training, show: 'dnd' },
      { code: REASON_IDS.lunch, show: 'brb' },
    ],
    stopCodes: CODES,
    dwell: { toTeamsMs: 0, toFive9Ms: 0 },
    contactCentre: 'five9',
    collaboration: 'teams',
    ...settings,
  });
}

const SILENT: Log = { info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // The simulation judges by what happens, not by what is said of it.
}

interface Wires {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly exchange: Exchange;
  readonly five9: Five9Emulator;
}

function connectorsOf({ clock, random, exchange, five9 }: Wires): Connector[] {
  const seams = { clock, exchange, openSocket: five9.openSocket, log: SILENT };
  return [
    createFive9Connector(
      {
        loginUrl: FIVE9,
        username: SUPERVISOR.userName,
        password: SUPERVISOR.password,
        allowedHosts: ['five9.sim'],
        writesPerSecond: 50,
        writeBurst: 50,
      },
      { ...seams, random: random.fork('five9') },
    ),
    createTeamsConnector(
      {
        cloud: 'global',
        tenantId: TENANT,
        clientId: CLIENT,
        credential: { secret: 'simulated' },
        loginUrl: LOGIN,
        graphUrl: GRAPH,
      },
      { ...seams, random: random.fork('teams') },
    ),
  ];
}

function routed(hosts: ReadonlyMap<string, Exchange>, traffic: { bytes: number }): Exchange {
  return async (request: HttpRequest) => {
    const exchange = hosts.get(new URL(request.url).host);
    if (exchange === undefined) throw new Error(`no host in this world: ${request.url}`);
    const response = await exchange(request);
    traffic.bytes += request.url.length + (request.body?.length ?? 0) + response.body.length;
    return response;
  };
}

function peopleOf(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(5, '0');
    return {
      id: `a-${number}`,
      agent: `3000000005${number}`,
      user: `00000000-0000-4000-8000-0000000${number}`,
    };
  });
}

function agentOf({ id, agent, user }: Person): Agent {
  return { id, name: id, accounts: { five9: agent, teams: user } };
}
