/**
 * A service from a configuration: sign in, look up people and reason codes, open the journal, start
 * the app. `start` and `sandbox` differ only in where the configuration comes from.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from '../../app.ts';
import { startApp } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { createRedactor, secretsOf } from '../../config/redact.ts';
import type { Check, Log, ReasonCode } from '../../connectors/connector.ts';
import { ConnectorError } from '../../connectors/connector.ts';
import { systemClock } from '../../engine/clock.ts';
import { JournalError } from '../../journal/journal.ts';
import type { SqliteJournal } from '../../journal/sqlite.ts';
import { openSqliteJournal } from '../../journal/sqlite.ts';
import type { SteadyClock } from '../../lib/clock.ts';
import { steadyClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import type { CodeMistake } from '../../policy/codes.ts';
import { createLog } from '../../telemetry/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import type { Io } from '../cli.ts';
import { CliError, EXIT } from '../cli.ts';
import { economise } from './economy.ts';
import { observerOf, sample } from './instruments.ts';
import { ownChecks } from './own-checks.ts';
import { mappingOf, readPeople, rememberedDirectory } from './people.ts';
import type { Platforms } from './platforms.ts';
import { connectPlatforms } from './platforms.ts';
import type { PolicyFor } from './policy.ts';
import { policyFrom } from './policy.ts';
import { VERSION, webRoot } from './release.ts';
import type { Known } from './sign-in.ts';
import { lookUp } from './sign-in.ts';
import { openInbound } from './subscribers.ts';
import { refuseTakenSkills } from './taken-skills.ts';

export interface Service {
  readonly app: App;
  /** What somebody should look at, one sentence each. */
  readonly notes: readonly string[];
  stop(): Promise<void>;
}

interface Parts {
  readonly config: Config;
  readonly clock: SteadyClock;
  readonly log: Log;
  readonly platforms: Platforms;
  readonly options: ServiceOptions;
}

export interface ServiceOptions {
  /** Stands in for the file that the configuration names. */
  readonly mapping?: string;
  /** Confirms a held mass change of the mapping. */
  readonly confirm?: string;
  /** Reads the configuration again, for credentials that were changed meanwhile. */
  readonly reread?: () => Config | undefined;
}

export async function startService(
  config: Config,
  io: Io,
  options: ServiceOptions = {},
): Promise<Service> {
  const wall = systemClock();
  const redactor = createRedactor(secretsOf(config));
  const destination = { write: (line: string): void => io.err(line.trimEnd()) };
  const log = createLog({ level: config.log.level, clock: wall, redactor, destination });
  const clock = steadyClock(wall, (ms) => log.warn('the wall clock jumped', { ms }));
  const random = seededRandom(`${config.tenant.id}/${clock.now()}`);
  try {
    const platforms = connectPlatforms(config, { clock, random, log }, () => {
      const now = options.reread?.();
      // Before it can be in any line of the log.
      if (now !== undefined) redactor.learn(secretsOf(now));
      return now;
    });
    return await closingOnFailure(platforms, () =>
      begin({ config, clock, log, platforms, options }),
    );
  } catch (error) {
    throw asCliError(error);
  }
}

async function begin(parts: Parts): Promise<Service> {
  const { config, platforms } = parts;
  const known = await lookUp(platforms);
  const policyFor = policyOf(config, known.codes);
  const journal = await openJournal(config.journal.path);
  try {
    return await withJournal(parts, known, policyFor, journal);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function withJournal(
  { config, clock, log, platforms, options }: Parts,
  known: Known,
  policyFor: PolicyFor,
  journal: SqliteJournal,
): Promise<Service> {
  const metrics = createMetrics();
  const people = readPeople({
    tenant: config.tenant.id,
    accounts: known.accounts,
    current: rememberedDirectory(await journal.identities()),
    ...mappingOf(config, options.mapping),
    ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
  });
  const inbound = await openInbound(config, platforms, metrics);
  const app = await startApp({
    tenant: config.tenant.id,
    version: VERSION,
    clock,
    random: seededRandom(`${config.tenant.id}/${clock.now()}/engine`),
    log,
    journal,
    connectors: platforms.all,
    people: people.directory.agents,
    notBefore: (at) => clock.notBefore(at),
    recovered: (states) => refuseTakenSkills(config, states),
    policy: policyFor(config.sync.afterCallWork === 'in_call' ? 'in_call' : 'busy'),
    platforms: lanesOf(config),
    observer: observerOf(metrics),
    metrics: { contentType: metrics.contentType, text: () => metrics.exposition() },
    wireBytes: () => bytesOf(platforms),
    examine: () => examineAll(config, platforms),
    server: { host: config.server.host, port: config.server.port, hosts: [] },
    ...webRoot(),
  }).catch((error: unknown) => closing(inbound, error));
  const stopSampling = sample({ app, metrics, clock, platforms });
  const stopSaving =
    config.sync.afterCallWork === 'auto'
      ? economise(app.engine, policyFor, clock, (error) =>
          log.error('policy not applied', { error }),
        )
      : (): void => undefined;
  return {
    app,
    notes: [...inbound.notes, ...known.notes, ...people.notes, ...recoveredNotes(journal)],
    stop: async () => {
      stopSaving();
      stopSampling();
      await app.stop();
      await inbound.close();
      await platforms.close();
    },
  };
}

function bytesOf(platforms: Platforms): number {
  const bytes = platforms.wireBytes();
  return bytes.in + bytes.out;
}

async function closing(open: { close(): Promise<void> }, error: unknown): Promise<never> {
  await open.close();
  throw error;
}

/** As the doctor does, on the connections that are in use. */
async function examineAll(config: Config, platforms: Platforms): Promise<readonly Check[]> {
  const own = await ownChecks(config, platforms);
  const found: Check[] = [];
  for (const connector of platforms.all) found.push(...(await connector.doctor()));
  return [...found, ...own.checks];
}

async function closingOnFailure<T>(platforms: Platforms, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    await Promise.all(platforms.all.map((connector) => connector.stop()));
    await platforms.close();
    throw error;
  }
}

function lanesOf(config: Config): Parameters<typeof startApp>[0]['platforms'] {
  const { staleAfter } = config.sync;
  const { requests, window } = config.teams.quota;
  return {
    five9: { staleAfterMs: staleAfter.five9 },
    teams: { staleAfterMs: staleAfter.teams, quota: { requests, windowMs: window } },
  };
}

function policyOf(config: Config, codes: readonly ReasonCode[] | undefined): PolicyFor {
  const { mistakes, policyFor } = policyFrom(config, codes ?? codesAsGiven(config));
  if (mistakes.length === 0) return policyFor;
  if (codes === undefined) throw notLookedUp(mistakes);
  const lines = mistakes.map(
    ({ path, value, message, fix }) => `${path} is ${JSON.stringify(value)}: ${message}; ${fix}`,
  );
  throw new CliError(
    EXIT.config,
    lines.join('\n'),
    'correct the configuration; nothing was changed',
  );
}

function notLookedUp(names: readonly CodeMistake[]): CliError {
  const named = names.map(({ path, value }) => `${path} is ${JSON.stringify(value)}`).join(', ');
  return new CliError(
    EXIT.config,
    `Five9 cannot be reached now, so reason codes given by name cannot be looked up: ${named}`,
    'start again when Five9 can be reached, or give the ids of the codes; nothing was changed',
  );
}

/** Five9 cannot be asked: an id is believed, a label cannot be looked up. */
function codesAsGiven({ sync }: Config): readonly ReasonCode[] {
  const wishes = [...Object.values(sync.reasonCodes), ...sync.notReady.map(({ reason }) => reason)];
  return wishes
    .filter((wish): wish is string => typeof wish === 'string' && /^\d+$/.test(wish))
    .map((code) => ({ code, label: code, selectable: true }));
}

async function openJournal(path: string): Promise<SqliteJournal> {
  mkdirSync(dirname(path), { recursive: true });
  return openSqliteJournal({ path });
}

function recoveredNotes(journal: SqliteJournal): string[] {
  const lost = Object.values(journal.recovered).some(
    (value) => typeof value === 'number' && value > 0,
  );
  return lost ? [`the journal's torn end was cut back: ${JSON.stringify(journal.recovered)}`] : [];
}

/** Every expected failure as one sentence with its fix and exit code; the rest is a bug. */
function asCliError(error: unknown): unknown {
  if (error instanceof JournalError) return new CliError(EXIT.journal, error.message, error.fix);
  if (error instanceof ConnectorError) return new CliError(EXIT.refused, error.message, error.fix);
  if (isListenError(error)) {
    return new CliError(
      EXIT.config,
      `the address is not free (${error.message})`,
      'choose another port with --port or server.port, or stop what uses it',
    );
  }
  return error;
}

function isListenError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
