/**
 * The whole world in one thread under a virtual clock: the production engine, core, delivery,
 * journal and connectors on simulated machines, wired through the four seams to the emulators' pure
 * models. Nothing in product code knows that it is simulated.
 *
 * W1  One random stream a source (people, network, vendors, disk, nodes), so that one more draw in
 *     one does not shift the others.
 * W2  The world draws nothing by itself: what differs from the defaults is handed in.
 */
import { createDay } from '../emulators/day/day.ts';
import type { Day } from '../emulators/day/day.ts';
import type { EntraEmulator } from '../emulators/entra/entra.ts';
import type { Five9Emulator } from '../emulators/five9/emulator.ts';
import type { Five9Options } from '../emulators/five9/options.ts';
import { REASON_IDS } from '../emulators/five9/reasons.ts';
import type { TeamsActs } from '../emulators/acts.ts';
import type { Behaviour } from '../emulators/graph/behaviour.ts';
import type { GraphEmulator } from '../emulators/graph/graph.ts';
import { virtualClock } from '../emulators/virtual-clock.ts';
import type { VirtualClock } from '../emulators/virtual-clock.ts';
import type { Directory } from '../src/directory/directory.ts';
import { createDirectory } from '../src/directory/directory.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Journal } from '../src/journal/journal.ts';
import type { Observation } from '../src/model/observation.ts';
import type { Random } from '../src/lib/random.ts';
import { seededRandom } from '../src/lib/random.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { PolicySettings } from '../src/policy/seed.ts';
import { compilePolicy } from '../src/policy/seed.ts';
import { Disk } from './disk.ts';
import type { Ownership } from './disk.ts';
import { Evidence } from './evidence.ts';
import { Node } from './node.ts';
import { poisonable } from './poison.ts';
import { connectorsOf, engineOptionsOf } from './product.ts';
import type { ProductSettings } from './product.ts';
import type { Person } from './truths.ts';
import { Truths, watchedTeams } from './truths.ts';
import { FIVE9, GRAPH, LOGIN, OURS, SECRETS, emulate } from './vendors.ts';
import { Wire } from './wire.ts';

export const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const TENANT = 'sim';
const STARTING_MS = 1_000;

export interface WorldOptions extends ProductSettings {
  readonly seed: number | string;
  readonly agents: number;
  /** People whom both platforms know and nobody has mapped yet. */
  readonly spares?: number;
  readonly nodes?: number;
  readonly ownership?: Ownership;
  readonly policy?: Partial<PolicySettings>;
  readonly five9?: Partial<Omit<Five9Options, 'clock' | 'random' | 'baseUrl'>>;
  readonly graph?: Partial<Behaviour>;
  /** Latency of each HTTP round trip, ms. */
  readonly latencyMs?: number;
  /** One that is shared with another world, as tenants of one process would share it. */
  readonly clock?: VirtualClock;
}

export interface World {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly five9: Five9Emulator;
  readonly graph: GraphEmulator;
  readonly entra: EntraEmulator;
  /** People act in Teams through this, so that what was true is remembered. */
  readonly teams: TeamsActs;
  /** Everybody, mapped or not. */
  readonly people: readonly Person[];
  readonly wire: Wire;
  readonly truths: Truths;
  readonly evidence: Evidence;
  readonly disk: Disk;
  readonly nodes: readonly Node[];
  /** What an administrator has configured. */
  readonly config: { policy: Policy; directory: Directory };
  /** Until when the last fault lasts; what was promised for calm times is judged after it. */
  readonly calm: { disturbedUntil: number; lyingUntil: number };
  /** Users whom a fault concerns that must touch nobody else. */
  readonly afflicted: Set<string>;
  /** Users whose choice was lost in a way that nobody could have seen. */
  readonly excused: Set<string>;
  /** People whose input is poisoned. */
  readonly poisoned: Set<string>;
  /** Whether this observation reaches the engine spoilt. */
  poison: ((observation: Observation) => boolean) | undefined;
  /** Every mapping that was ever in force, and whether somebody confirmed it. */
  readonly mappings: {
    readonly directory: Directory;
    readonly confirmed: boolean;
    /** The file said nothing new. */
    readonly isSame: boolean;
  }[];
  /** The active engine; throws while there is none. */
  readonly engine: Engine;
  readonly journal: Journal;
  active(): Engine | undefined;
  /** Who is mapped now, and to which accounts. */
  mapped(): readonly Person[];
  /** Starts every node and lets the time pass that the first one needs. */
  startEngine(): Promise<void>;
  day(options?: Partial<Parameters<typeof createDay>[0]>): Day;
  refusedToStart(node: Node, code: string): void;
}

export function createWorld(options: WorldOptions): World {
  const clock = options.clock ?? virtualClock(START);
  const random = seededRandom(options.seed);
  const evidence = new Evidence(SECRETS);
  const people = peopleOf(options.agents + (options.spares ?? 0));
  const { five9, graph, entra } = emulate({ clock, random, people, options });
  const wire = new Wire(
    clock,
    new Map([
      [FIVE9, { host: 'five9' as const, exchange: five9.exchange }],
      [GRAPH, { host: 'graph' as const, exchange: graph.exchange }],
      [LOGIN, { host: 'entra' as const, exchange: entra.exchange }],
    ]),
  );
  const count = (name: string): void => evidence.count(name);
  const disk = new Disk({
    clock,
    random: random.fork('disk'),
    ownership: options.ownership ?? 'lock',
    count,
  });
  const truths = new Truths(clock, graph.acts, OURS);
  const directory = createDirectory(people.slice(0, options.agents).map(agentOf));
  const config = { policy: policyOf(options.policy), directory };
  const nodes: Node[] = [];
  const active = (): Engine | undefined => nodes.find((node) => node.isActive())?.engine;
  const world: World = {
    options,
    clock,
    random,
    five9,
    graph,
    entra,
    teams: watchedTeams(graph.acts, (user) => truths.look(user)),
    people,
    wire,
    truths,
    evidence,
    disk,
    nodes,
    config,
    calm: { disturbedUntil: 0, lyingUntil: 0 },
    afflicted: new Set(),
    excused: new Set(),
    poisoned: new Set(),
    poison: undefined,
    mappings: [{ directory, confirmed: true, isSame: false }],
    get engine() {
      return present(active(), 'engine');
    },
    get journal() {
      return present(nodes.find((node) => node.isActive())?.journal, 'journal');
    },
    active,
    mapped: () =>
      config.directory.agents.map(({ id, accounts }) => ({
        id,
        agent: accounts['five9'] ?? '',
        user: accounts['teams'] ?? '',
      })),
    startEngine: async () => {
      for (const node of nodes) node.start();
      await clock.run(STARTING_MS);
    },
    day: (day) =>
      createDay({
        clock,
        random: random.fork('day'),
        five9: five9.acts,
        teams: world.teams,
        people: people.slice(0, options.agents),
        ...day,
      }),
    refusedToStart: (node, code) => {
      // Somebody reads the message and mounts the right disk.
      if (code === 'JOURNAL_FOREIGN') node.disk = disk;
    },
  };
  for (let index = 0; index < (options.nodes ?? 1); index += 1) {
    nodes.push(nodeOf(world, `node-${index + 1}`));
  }
  return world;
}

function nodeOf(world: World, name: string): Node {
  const { options, evidence, disk } = world;
  return new Node(
    {
      name,
      random: world.random.fork(name),
      evidence,
      world: () => world,
      engine: ({ clock, journal, random }, connectors) =>
        engineOptionsOf(options, {
          tenant: TENANT,
          clock,
          journal,
          connectors,
          random: random.fork('engine'),
          evidence,
          people: world.config.directory.agents,
          policy: world.config.policy,
        }),
      connectors: ({ machine, clock, random }) =>
        connectorsOf(options, {
          machine,
          clock,
          random: random.fork('connectors'),
          exchange: world.wire.exchangeOf(machine),
          openSocket: world.wire.socketOf(machine, world.five9.openSocket),
          log: evidence.log(),
        }).map((connector) => poisonable(connector, (seen) => world.poison?.(seen) === true)),
    },
    disk,
  );
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`no node has an ${what} now`);
  return value;
}

export const CODES = {
  busy: REASON_IDS.teamsBusy,
  dnd: REASON_IDS.teamsDoNotDisturb,
  in_call: REASON_IDS.teamsInACall,
  in_meeting: REASON_IDS.teamsInAMeeting,
  presenting: REASON_IDS.teamsPresenting,
} as const;

export function policyOf(settings: Partial<PolicySettings> | undefined): Policy {
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

function agentOf({ id, agent, user }: Person): {
  readonly id: string;
  readonly name: string;
  readonly accounts: { readonly five9: string; readonly teams: string };
} {
  return { id, name: nameOf(id), accounts: { five9: agent, teams: user } };
}

/** A name that nothing but the side table of identities may hold. */
export function nameOf(id: string): string {
  return `Person ${id} Ünïcode \u202E=1+1`;
}
