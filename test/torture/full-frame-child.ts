/**
 * A bridge that reads a very large domain over a real socket, watched from inside: the longest time
 * for which its event loop stood still while everything was read for the first time, then again,
 * then while everybody's state changed at once.
 *
 * Arguments: address of the emulated Five9, path of the journal. Says `go` on a line of its own
 * when everybody's state shall change, and one `Stalls` as JSON on the last line.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pass } from 'node:timers/promises';
import type { Connector, Log } from '../../src/connectors/connector.ts';
import { createFrameThread } from '../../src/connectors/five9/frame-thread.ts';
import { createFive9Connector } from '../../src/connectors/five9/index.ts';
import type { LargeFrames } from '../../src/connectors/five9/parts.ts';
import { createHttp } from '../../src/connectors/kit/http.ts';
import { createSockets } from '../../src/connectors/kit/socket.ts';
import { TEAMS_MANIFEST } from '../../src/connectors/teams/manifest.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Agent } from '../../src/model/agent.ts';
import { compilePolicy } from '../../src/policy/seed.ts';
import type { Stalls } from './watch.ts';

const [url = '', path = ''] = process.argv.slice(-2);
const AGAIN = 3;
/** Longer than the gap that the connector keeps between two questions. */
const GAP_MS = 5_500;
/** The engine looks around once a second: what it does about a frame comes in this time too. */
const AFTER_MS = 1_500;
const MOST_MS = 60_000;

const clock = systemClock();
const say = (message: string): boolean => process.stderr.write(`${message}\n`);
const log: Log = { info: () => undefined, warn: say, error: say };

const POLICY = compilePolicy({
  version: 'load',
  strategy: 'most_restrictive',
  afterCallWork: 'busy',
  notReady: [],
  stopCodes: {},
  dwell: { toTeamsMs: 0, toFive9Ms: 0 },
  contactCentre: 'five9',
  collaboration: 'teams',
});

/** Rows that reached the engine, the longest call that took some in, and the size of a large frame. */
const seen = { rows: 0, callMs: 0, bytes: 0 };

/** Counts the rows that reach the engine. */
function counted(connector: Connector): Connector {
  return {
    ...connector,
    start: (sink, budget) =>
      connector.start(
        {
          ...sink,
          observe(observations): void {
            const began = performance.now();
            sink.observe(observations);
            seen.callMs = Math.max(seen.callMs, performance.now() - began);
            seen.rows += observations.length;
          },
        },
        budget,
      ),
  };
}

/** Everybody is available in Teams and every write is taken: what is measured is Five9's side. */
function quietTeams(people: readonly Agent[]): Connector {
  return {
    manifest: TEAMS_MANIFEST,
    start(sink): void {
      const tell = (from: number): void => {
        const some = people.slice(from, from + 100);
        sink.observe(
          some.map(({ accounts }) => ({
            platform: 'teams',
            account: accounts['teams'] ?? '',
            presence: {
              reach: 'available',
              acd: 'none',
              activity: 'none',
              raw: 'Available/Available',
            },
            version: { generation: 0 },
            asOf: clock.now(),
            via: 'sweep',
          })),
        );
        if (some.length > 0) clock.after(1, () => tell(from + 100));
      };
      tell(0);
    },
    stop: () => Promise.resolve(),
    watch: () => undefined,
    look: () => undefined,
    write: () => Promise.resolve({ kind: 'accepted' }),
    accounts: () => Promise.resolve([]),
    doctor: () => Promise.resolve([]),
  };
}

async function live(): Promise<void> {
  const http = createHttp({ allowed: [url], clock, limits: { bodyBytes: 64 * 1024 ** 2 } });
  const sockets = createSockets({ allowed: [url] });
  const thread = createFrameThread();
  const largeFrames: LargeFrames = {
    read(frame): ReturnType<LargeFrames['read']> {
      seen.bytes = frame.length;
      return thread.read(frame);
    },
  };
  const five9 = createFive9Connector(
    {
      loginUrl: url,
      username: 'supervisor.bridge@example.com',
      password: 'emulated',
      bytesPerAgentSecond: 10_000,
    },
    { clock, random: seededRandom('load'), log, exchange: http.exchange, openSocket: sockets.open },
    { largeFrames },
  );
  const people = (await five9.accounts()).map(({ id, name }) => ({
    id: `agent-${id}`,
    name,
    accounts: { five9: id, teams: `teams-${id}` },
  }));
  const journal = await openSqliteJournal({ path });
  const engine = new Engine({
    tenant: 'load',
    clock,
    random: seededRandom('load/engine'),
    log,
    journal,
    connectors: [counted(five9), quietTeams(people)],
    people,
    policy: POLICY,
    platforms: { five9: { staleAfterMs: 60_000 }, teams: { staleAfterMs: 600_000 } },
  });
  await engine.start();
  const first = await stall(people.length, () => undefined);
  const again: number[] = [];
  while (again.length < AGAIN) {
    await pass(GAP_MS);
    again.push(await stall(people.length, () => five9.look([])));
  }
  const all = await stall(people.length, () => process.stdout.write('go\n'));
  const stalls: Stalls = {
    agents: people.length,
    bytes: seen.bytes,
    first,
    again,
    all,
    callMs: seen.callMs,
  };
  await engine.stop();
  await journal.close();
  await thread.close();
  await http.close();
  process.stdout.write(`${JSON.stringify(stalls)}\n`);
}

/** The longest standstill, ms, until as many rows have come as there are agents. */
async function stall(agents: number, begin: () => void): Promise<number> {
  seen.rows = 0;
  seen.callMs = 0;
  const lag = monitorEventLoopDelay({ resolution: 1 });
  const began = performance.now();
  lag.enable();
  begin();
  while (seen.rows < agents) {
    if (performance.now() - began > MOST_MS)
      throw new Error(`only ${seen.rows} of ${agents} rows came`);
    await pass(10);
  }
  await pass(AFTER_MS);
  lag.disable();
  return lag.max / 1e6;
}

void live();
