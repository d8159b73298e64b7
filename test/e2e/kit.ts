/**
 * What the end-to-end tests share: emulated platforms on real sockets in this process, the product
 * as a child process, and waiting for a state. Nothing here sleeps for luck: `until` asks again
 * until the state is there, or fails and says what it saw last.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as nextLook } from 'node:timers/promises';
import type { z } from 'zod';
import type { AccountSpec } from '../../emulators/entra/accounts.ts';
import type { Behaviour } from '../../emulators/graph/behaviour.ts';
import type { ServedGraph } from '../../emulators/graph/serve.ts';
import { serveGraph } from '../../emulators/graph/serve.ts';
import type { ServedFive9, ServeOptions } from '../../emulators/five9/serve.ts';
import { serveFive9 } from '../../emulators/five9/serve.ts';
import { main } from '../../src/cli/verbs.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { systemClock } from '../../src/engine/clock.ts';
import {
  assertJournalKept,
  assertKept,
  CALL_PARTY,
  guard,
  listedAs,
  SECRETS,
  STATUS_MESSAGE,
} from './canaries.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const CLIENT_ID = '66666666-7777-4888-8999-aaaaaaaaaaaa';
export const TENANT_ID = '11111111-2222-4333-8444-555555555555';
export const SUPERVISOR = { userName: 'bridge@example.com', password: SECRETS.password };
export const CLIENT_SECRET = SECRETS.clientSecret;
export const PRESENCE_ROLES = ['Presence.Read.All', 'Presence.ReadWrite.All', 'User.ReadBasic.All'];

const LOOK_MS = 15;

/** Asks until the answer is defined and not false, and returns it. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  options: { readonly withinMs: number; readonly saw?: () => unknown },
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + options.withinMs;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (performance.now() > end) {
      const saw = options.saw === undefined ? '' : `; seen last: ${JSON.stringify(options.saw())}`;
      throw new Error(`not within ${options.withinMs} ms: ${what}${saw}`);
    }
    await nextLook(LOOK_MS);
  }
}

function isThere<T>(answer: T): answer is Exclude<T, false | undefined> {
  return answer !== undefined && answer !== false;
}

export interface Person {
  readonly id: string;
  readonly agent: string;
  readonly user: string;
}

export interface Platforms {
  readonly clock: Clock;
  readonly five9: ServedFive9;
  readonly graph: ServedGraph;
  readonly people: readonly Person[];
  close(): Promise<void>;
}

export interface PlatformsOptions {
  readonly agents: number;
  readonly seed: number;
  readonly roles?: readonly string[];
  readonly graph?: Partial<Behaviour>;
  /** People of the tenant who can sign in. */
  readonly accounts?: readonly AccountSpec[];
  readonly five9?: Partial<ServeOptions>;
}

export async function openPlatforms(options: PlatformsOptions): Promise<Platforms> {
  const clock = systemClock();
  const random = seededRandom(options.seed);
  const people = Array.from({ length: options.agents }, (_, index) => personOf(index + 1));
  const five9 = await serveFive9({
    clock,
    random: random.fork('five9'),
    supervisor: SUPERVISOR,
    seedUsers: people.map(({ id, agent }) => ({
      id: agent,
      userName: listedAs(id).address,
      fullName: listedAs(id).name,
      extension: listedAs(id).extension,
    })),
    latency: { restMs: 60, restJitterMs: 40 },
    extrapolated: { customer: CALL_PARTY },
    ...options.five9,
  });
  const graph = await serveGraph({
    random: random.fork('graph'),
    tenantId: TENANT_ID,
    users: people.map(({ id, user }) => ({
      id: user,
      displayName: listedAs(id).name,
      userPrincipalName: listedAs(id).address,
      mail: listedAs(id).address,
    })),
    apps: [
      {
        clientId: CLIENT_ID,
        secrets: [{ value: CLIENT_SECRET }],
        roles: [...(options.roles ?? PRESENCE_ROLES)],
      },
    ],
    ...(options.accounts === undefined ? {} : { accounts: options.accounts }),
    behaviour: { latencyMs: 60, latencyJitterMs: 60, ...options.graph },
  });
  for (const { user } of people) graph.graph.control.say(user, STATUS_MESSAGE);
  guard(() => five9.emulator.control.handedOut());
  return {
    clock,
    five9,
    graph,
    people,
    close: async () => {
      await Promise.all([five9.close(), graph.close()]);
    },
  };
}

function personOf(index: number): Person {
  const number = String(index).padStart(4, '0');
  return {
    id: `a-${number}`,
    agent: `30000000051${number}`,
    user: `00000000-0000-4000-8000-00000000${number}`,
  };
}

/** A folder of its own, to be removed by the test. */
export function newFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lockstep-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Parts of the configuration that a test replaces; each is YAML. */
export interface Wishes {
  readonly password?: string;
  readonly secret?: string;
  readonly sync?: string;
  /** `credential` of Teams, and what stands beside it. */
  readonly credential?: string;
  readonly port?: number;
  readonly mapping?: string;
  /** Does not write the mapping file that the configuration names. */
  readonly withoutMapping?: boolean;
}

export const SYNC = `sync:
  afterCallWork: busy
  notReady:
    - { reason: Training, show: dnd }
    - { reason: Meeting, show: busy }
    - { reason: Lunch, show: away }
    - { reason: Break, show: brb }
  reasonCodes:
    busy: "Teams: Busy"
    dnd: "Teams: Do not disturb"
    in_call: "Teams: In a call"
    in_meeting: "Teams: In a meeting"
    presenting: "Teams: Presenting"`;

/** Writes the configuration and what it points to; returns its path. */
export function writeConfig(folder: string, platforms: Platforms, wishes: Wishes = {}): string {
  const { five9, graph, people } = platforms;
  const secretFile = (name: string, content: string): void =>
    writeFileSync(join(folder, name), `${content}\n`, { mode: 0o600 });
  secretFile('five9-password', wishes.password ?? SUPERVISOR.password);
  secretFile('teams-secret', wishes.secret ?? CLIENT_SECRET);
  if (wishes.withoutMapping !== true)
    writeFileSync(join(folder, 'agents.csv'), wishes.mapping ?? mappingOf(people));
  const path = join(folder, 'lockstep.yaml');
  writeFileSync(
    path,
    `tenant: { id: e2e, name: End to end }
five9:
  loginUrl: ${five9.url}
  username: ${SUPERVISOR.userName}
  password: { file: five9-password }
  allowedHosts: ["${new URL(five9.url).host}"]
teams:
  tenantId: ${TENANT_ID}
  clientId: ${CLIENT_ID}
  ${wishes.credential ?? 'credential: { secret: { file: teams-secret } }'}
  loginUrl: ${graph.url}
  graphUrl: ${graph.url}
${wishes.sync ?? SYNC}
agents: { file: agents.csv }
journal: { path: journal.db }
server: { port: ${wishes.port ?? 0} }
log: { level: warn }
`,
  );
  return path;
}

/** Rows of the mapping file after its header. */
export function mappingOf(people: readonly Person[], ...more: readonly string[]): string {
  const rows = people.map(({ id, agent, user }) => `${agent},${user},${id},Support`);
  return `${['five9_user_id,teams_user_id,name,teams', ...rows, ...more].join('\n')}\n`;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Lockstep {
  readonly pid: number;
  /** The monotonic time of the first line on standard output; undefined before it. */
  firstLineAt(): number | undefined;
  out(): string;
  err(): string;
  /** Waits for a line of standard output; fails at once when the process ends without it. */
  line(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  ended(withinMs: number): Promise<Ended>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** The product as its own process, from the sources. What it said and wrote is looked at in the end. */
export function lockstep(...args: readonly string[]): Lockstep {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  let first: number | undefined;
  let end: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    first ??= performance.now();
    text.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  child.once('close', (code, signal) => {
    end = { code, signal };
  });
  const saw = (): unknown => ({ ...text, end });
  return {
    pid: child.pid ?? -1,
    firstLineAt: () => first,
    out: () => text.out,
    err: () => text.err,
    line: (pattern, withinMs) =>
      until(
        `a line like ${String(pattern)}`,
        () => {
          const match = pattern.exec(text.out);
          if (match === null && end !== undefined)
            throw new Error(`it ended instead of saying ${String(pattern)}: ${text.err}`);
          return match ?? undefined;
        },
        { withinMs, saw },
      ),
    ended: async (withinMs) => {
      const last = await until('the end of the process', () => end, { withinMs, saw });
      assertKept('the output', text.out + text.err);
      const config = args[args.indexOf('-c') + 1];
      if (args.includes('-c') && config !== undefined) assertJournalKept(config);
      return { ...last, ...text };
    },
    kill: (signal) => void child.kill(signal),
  };
}

/**
 * A verb that ends by itself, in this process: the same path as `main.ts` takes, without the second
 * or two that a new process costs. What it leaves open would keep the test run from ending.
 */
export async function verb(...args: readonly string[]): Promise<Ended> {
  const text = { out: '', err: '' };
  const code = await main(args, {
    out: (line) => (text.out += `${line}\n`),
    err: (line) => (text.err += `${line}\n`),
    stopped: () => Promise.resolve(),
  });
  assertKept(`the output of ${args[0] ?? 'lockstep'}`, text.out + text.err, 'verb');
  return { code, signal: null, ...text };
}

/** Ends a process that a test may have left running, and waits until it is gone. */
export async function endHard(running: Lockstep): Promise<void> {
  running.kill('SIGKILL');
  await running.ended(10_000);
}

/** The metrics as monitoring reads them: series with their labels, and values. */
export async function getMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  assertKept('/metrics', text);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** One answer of the API, checked against its schema. */
export async function getJson<S extends z.ZodType>(
  url: string,
  schema: S,
  status = 200,
): Promise<z.infer<S>> {
  const response = await fetch(url);
  const text = await response.text();
  assertKept(url, text);
  const body: unknown = JSON.parse(text);
  if (response.status !== status)
    throw new Error(`${url} answered ${response.status}: ${JSON.stringify(body)}`);
  return schema.parse(body);
}
