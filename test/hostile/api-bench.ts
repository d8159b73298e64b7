/**
 * The API over a real engine in memory: forty people, states of every kind, and no platform behind
 * it that could change anything. What requests do to it can be told from its fingerprint.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Reader } from '../../src/api/reader.ts';
import { createServer } from '../../src/api/server.ts';
import type { Connector, Manifest, Sink } from '../../src/connectors/connector.ts';
import { MANIFESTS } from '../../src/connectors/registry.ts';
import { Engine } from '../../src/engine/engine.ts';
import { walkHistory } from '../../src/engine/history.ts';
import { pastAt } from '../../src/engine/past.ts';
import { createMemoryJournal } from '../../src/journal/memory.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Presence } from '../../src/model/presence.ts';
import { compilePolicy } from '../../src/policy/seed.ts';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';

const START = Date.UTC(2026, 0, 5, 8);
const PEOPLE = 40;

export interface ApiBench {
  /** With the console's files, as `lockstep start` serves it. */
  readonly server: FastifyInstance;
  /** The clock of the live stream alone: the engine's own stands still. */
  readonly clock: VirtualClock;
  /** The error that the last refusal came from, with the status that it names itself. */
  lastError(): string;
  /** Routes behind which something of ours failed. */
  readonly failures: readonly string[];
  /** Everything that a request must leave as it is. */
  fingerprint(): string;
  close(): Promise<void>;
}

export async function openApi(
  metricsText = (): Promise<string> => Promise.resolve('lockstep_up 1\n'),
): Promise<ApiBench> {
  const clock = virtualClock(START);
  const journal = createMemoryJournal();
  const sinks = new Map<string, Sink>();
  const engine = new Engine({
    tenant: 'main',
    clock,
    random: seededRandom(1),
    log: { info: ignore, warn: ignore, error: ignore },
    journal,
    connectors: MANIFESTS.map((manifest) => quietConnector(manifest, sinks)),
    people: Array.from({ length: PEOPLE }, (_, index) => personOf(index)),
    policy: compilePolicy({
      version: '1',
      strategy: 'latest_human',
      afterCallWork: 'busy',
      notReady: [{ code: '410002', show: 'brb' }],
      stopCodes: { busy: '901' },
      dwell: { toTeamsMs: 0, toFive9Ms: 0 },
      contactCentre: 'five9',
      collaboration: 'teams',
    }),
    platforms: { five9: { staleAfterMs: 60_000 }, teams: { staleAfterMs: 90_000 } },
  });
  await engine.start();
  show(sinks);
  await clock.run(5_000);
  const folder = webFolder();
  const streamClock = virtualClock(START);
  const reader = new Reader({
    engine,
    clock,
    version: '0.0.0',
    wireBytes: () => 0,
    history: (to, visitor) => walkHistory(journal, engine.population.world, to, visitor),
    past: async (id, at) => {
      const agent = engine.population.person(id);
      return agent && pastAt(journal, engine.population.world, agent, at);
    },
  });
  const failures: string[] = [];
  const server = await createServer({
    engine,
    reader,
    clock: streamClock,
    examine: () => Promise.resolve([]),
    metrics: { contentType: 'text/plain', text: metricsText },
    hosts: ['127.0.0.1', 'localhost'],
    failed: (route) => void failures.push(route),
    webRoot: folder,
  });
  let last = 'none';
  server.addHook('onError', (_request, _reply, error, done) => {
    last = `${error.code ?? error.name}, status of its own ${error.statusCode ?? 'none'}`;
    done();
  });
  return {
    server,
    clock: streamClock,
    lastError: () => last,
    failures,
    fingerprint: () =>
      JSON.stringify([engine.population.fingerprint(), engine.population.roster, journal.head()]),
    close: async () => {
      await server.close();
      await engine.stop();
      await journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ignore(): void {
  // What is logged is the business of the redactor's own trial.
}

function personOf(index: number): {
  id: string;
  name: string;
  accounts: Record<string, string>;
  teams: string[];
} {
  const id = `a-${String(index).padStart(3, '0')}`;
  return { id, name: `Agent ${id}`, accounts: { five9: `3${id}`, teams: `0${id}` }, teams: ['x'] };
}

/** A platform that says only what the bench lets it say. */
function quietConnector(manifest: Manifest, sinks: Map<string, Sink>): Connector {
  return {
    manifest,
    start: (sink) => void sinks.set(manifest.id, sink),
    stop: () => Promise.resolve(),
    watch: ignore,
    look: ignore,
    write: () => Promise.resolve({ kind: 'failed', detail: 'this platform takes nothing' }),
    accounts: () => Promise.resolve([]),
    doctor: () => Promise.resolve([]),
  };
}

const SHOWN: Readonly<Record<string, readonly Presence[]>> = {
  five9: [
    { reach: 'available', acd: 'ready', activity: 'none', raw: 'READY', channels: ['CALL'] },
    { reach: 'busy', acd: 'engaged', activity: 'call', raw: 'ON_CALL', channels: ['CALL'] },
    {
      reach: 'away',
      acd: 'not_ready',
      activity: 'none',
      raw: 'NOT_READY:410002',
      reason: { code: '410002', label: '<b>Lunch\u202e</b>' },
    },
  ],
  teams: [
    { reach: 'available', acd: 'none', activity: 'none', raw: 'Available/Available' },
    { reach: 'unknown', acd: 'none', activity: 'none', raw: '\u0000<script>/x' },
  ],
};

function show(sinks: ReadonlyMap<string, Sink>): void {
  for (const [platform, sink] of sinks) {
    sink.health({ state: 'live', detail: 'Live.' });
    const list = SHOWN[platform] ?? [];
    for (let index = 0; index < PEOPLE - 5; index += 1) {
      const presence = list[index % list.length];
      const account = personOf(index).accounts[platform];
      if (presence === undefined || account === undefined) continue;
      const version = { generation: 1, stamp: '001' };
      sink.observe([{ platform, account, presence, version, asOf: START, via: 'sweep' }]);
    }
    sink.confirmed(START);
  }
}

/** The least that a built console has. */
function webFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-hostile-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><style nonce="LOCKSTEP_CSP_NONCE">');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'main-0.js'), 'export {};\n');
  return folder;
}
