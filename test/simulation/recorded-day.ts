/**
 * A working day of the production engine and connectors at virtual time, written down in a real
 * SQLite journal. The disk is the one real thing in it: no virtual time passes while it writes, so
 * the same seed gives the same day, however slow the machine is.
 */
import { createDay } from '../../emulators/day/day.ts';
import type { Day } from '../../emulators/day/day.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { SqliteJournal } from '../../src/journal/sqlite.ts';
import { steadyClock } from '../../src/lib/clock.ts';
import { asJson, canonical } from '../../src/lib/json.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { Evidence } from '../../simulation/evidence.ts';
import { Machine } from '../../simulation/machine.ts';
import { connectorsOf, engineOptionsOf } from '../../simulation/product.ts';
import type { Vendors } from '../../simulation/vendors.ts';
import { emulate } from '../../simulation/vendors.ts';
import { policyOf, START } from '../../simulation/world.ts';

/** Virtual time between two looks at the disk, ms: the longest that a flush seems to take. */
const TURN_MS = 200;
const TENANT = 'recorded';

export interface DayWishes {
  readonly seed: number;
  readonly agents: number;
  /** The journal's file; one that is there is gone on with. */
  readonly path: string;
}

export interface RecordedDay {
  readonly day: Day;
  readonly vendors: Vendors;
  /** Of the process that runs now. */
  engine(): Engine;
  journal(): SqliteJournal;
  run(ms: number): Promise<void>;
  /** Crashes the process and starts the next one on the same file. */
  crash(): Promise<Crash>;
  /** Ends it in order; the file is closed then. */
  end(): Promise<void>;
}

export interface Crash {
  /** States that the crashed process had, and those that the next one has read, as text. */
  readonly before: string;
  readonly rebuilt: string;
  /** Records that it read after its snapshot. */
  readonly replayed: number;
}

interface Life {
  readonly engine: Engine;
  readonly journal: SqliteJournal;
  readonly rebuilt: string;
  readonly replayed: number;
  readonly machine: Machine;
}

export async function openDay(wishes: DayWishes): Promise<RecordedDay> {
  const clock = virtualClock(START);
  const random = seededRandom(wishes.seed);
  const people = peopleOf(wishes.agents);
  const vendors = emulate({ clock, random, people, options: wishes });
  const day = createDay({
    clock,
    random: random.fork('day'),
    five9: vendors.five9.acts,
    teams: vendors.graph.acts,
    people,
  });
  day.start();
  let lives = 0;
  const next = (): Promise<Life> => {
    lives += 1;
    return begin({ clock, vendors, people, path: wishes.path, name: `${wishes.seed}/${lives}` });
  };
  let life = await next();
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += TURN_MS) {
      await clock.run(TURN_MS);
      await flushed(life.journal);
    }
  };
  return {
    day,
    vendors,
    engine: () => life.engine,
    journal: () => life.journal,
    run,
    crash: async () => {
      const before = life.engine.population.fingerprint();
      life.machine.kill();
      life.engine.abandon();
      await life.journal.close();
      life = await next();
      return { before, rebuilt: life.rebuilt, replayed: life.replayed };
    },
    end: async () => {
      day.stop();
      const stopped = life.engine.stop();
      await run(TURN_MS);
      await stopped;
      await life.journal.close();
    },
  };
}

/** Until nothing waits for the disk any more, nor what followed from that. */
async function flushed(journal: SqliteJournal): Promise<void> {
  for (let { seq } = journal.head(); ;) {
    await journal.durable(seq);
    await new Promise((resolve) => setImmediate(resolve));
    if (journal.head().seq === seq) return;
    ({ seq } = journal.head());
  }
}

async function begin(parts: {
  readonly clock: VirtualClock;
  readonly vendors: Vendors;
  readonly people: readonly Person[];
  readonly path: string;
  readonly name: string;
}): Promise<Life> {
  const { clock: world, vendors, people } = parts;
  const random = seededRandom(parts.name);
  const machine = new Machine(parts.name, world);
  const clock = steadyClock(machine, () => undefined);
  const evidence = new Evidence([]);
  const journal = await openSqliteJournal({ path: parts.path });
  const connectors = connectorsOf(
    {},
    {
      machine,
      clock,
      random: random.fork('connectors'),
      exchange: (request) => {
        const host = new URL(request.url).host;
        const found = [vendors.five9, vendors.graph, vendors.entra].at(HOSTS.indexOf(host));
        return found?.exchange(request) ?? Promise.reject(new Error(`no host ${host}`));
      },
      openSocket: vendors.five9.openSocket,
      log: evidence.log(),
    },
  );
  let rebuilt = '';
  const engine = new Engine({
    ...engineOptionsOf(
      {},
      {
        tenant: TENANT,
        clock,
        journal,
        connectors,
        random: random.fork('engine'),
        evidence,
        people: people.map(({ id, agent, user }) => ({
          id,
          name: `Person ${id}`,
          accounts: { five9: agent, teams: user },
        })),
        policy: policyOf({}),
      },
    ),
    recovered: (states) => {
      rebuilt = canonical(asJson(states));
    },
  });
  const { replayed } = await engine.start();
  return { engine, journal, rebuilt, replayed, machine };
}

const HOSTS = ['app.five9.sim', 'graph.sim', 'login.sim'];

interface Person {
  readonly id: string;
  readonly agent: string;
  readonly user: string;
}

function peopleOf(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      id: `a-${number}`,
      agent: `30000000051${number}`,
      user: `00000000-0000-4000-8000-00000000${number}`,
    };
  });
}
