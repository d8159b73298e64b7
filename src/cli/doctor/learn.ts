/**
 * `lockstep doctor --learn`: measures on the live tenant what the vendors' contracts leave open, and
 * writes a report that can be sent to Lockstep's makers.
 */
import { writeFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { secretsOf } from '../../config/redact.ts';
import type { Account, Connector, Finding, LearnOptions } from '../../connectors/connector.ts';
import { systemClock } from '../../engine/clock.ts';
import type { Io } from '../cli.ts';
import { CliError, EXIT, readNumber, readWhole } from '../cli.ts';
import { ownChecks, type OwnChecks } from '../service/own-checks.ts';
import type { Platforms } from '../service/platforms.ts';
import { VERSION } from '../service/release.ts';
import { cleaned, reportText, type LearnReport } from './learn-report.ts';

export const LEARN_OPTIONS = {
  learn: { type: 'boolean' },
  'learn-quota': { type: 'boolean' },
  'learn-expiry': { type: 'boolean' },
  beyond: { type: 'string' },
  rounds: { type: 'string' },
  listen: { type: 'string' },
  idle: { type: 'string' },
  report: { type: 'string' },
} as const;

export interface LearnWords {
  readonly learn?: boolean | undefined;
  readonly 'learn-quota'?: boolean | undefined;
  readonly 'learn-expiry'?: boolean | undefined;
  readonly beyond?: string | undefined;
  readonly rounds?: string | undefined;
  readonly listen?: string | undefined;
  readonly idle?: string | undefined;
  readonly report?: string | undefined;
}

export interface LearnPlan {
  readonly options: Omit<LearnOptions, 'probeAccount' | 'progress' | 'isStopped'>;
  /** The text stands beside it, with the ending `.txt`. */
  readonly file: string;
}

const DEFAULT_REPORT = 'lockstep-learned.json';

/** Undefined without `--learn`. Throws `CliError`. */
export function learnPlan(words: LearnWords): LearnPlan | undefined {
  if (words.learn !== true) {
    const names = Object.keys(LEARN_OPTIONS);
    const stray = Object.keys(words).find((name) => name !== 'learn' && names.includes(name));
    if (stray === undefined) return undefined;
    throw new CliError(EXIT.usage, `--${stray} is given without --learn`, 'add --learn');
  }
  const isQuota = words['learn-quota'] === true;
  if (words.beyond !== undefined && !isQuota) {
    throw new CliError(EXIT.usage, '--beyond is given without --learn-quota', 'add --learn-quota');
  }
  const beyond = readWhole('beyond', words.beyond, { min: 0, max: 10_000, fallback: 0 });
  const seconds = (name: 'listen' | 'idle', min: number, fallback: number): number =>
    readNumber(name, words[name], { min, max: 3_600, fallback }) * 1_000;
  const file = words.report ?? DEFAULT_REPORT;
  if (!/[^/\\]\.json$/i.test(file)) {
    const fix = 'give a file name that ends with .json';
    throw new CliError(EXIT.usage, `--report is ${JSON.stringify(file)}`, fix);
  }
  return {
    options: {
      rounds: readWhole('rounds', words.rounds, { min: 1, max: 50, fallback: 5 }),
      watchMs: seconds('listen', 1, 30),
      idleMs: seconds('idle', 0, 60),
      expiry: words['learn-expiry'] === true,
      ...(isQuota ? { beyondQuota: beyond } : {}),
    },
    file,
  };
}

export interface Learning {
  readonly plan: LearnPlan;
  readonly probes: { readonly five9: string | undefined; readonly teams: string | undefined };
  readonly asJson: boolean;
}

export async function learn(
  settings: Config,
  platforms: Platforms,
  io: Io,
  { plan, probes, asJson }: Learning,
): Promise<number> {
  const own = await ownChecks(settings, platforms);
  platforms.teams.watch(new Map(own.mapped.map((id) => [id, 'cold'])));
  let isStopped = false;
  void io.stopped().then(() => {
    isStopped = true;
  });
  const ask = (connector: Connector, probe: string | undefined): Promise<readonly Finding[]> =>
    connector.learn?.({
      ...plan.options,
      ...(probe === undefined ? {} : { probeAccount: probe }),
      progress: (text) => io.err(text),
      isStopped: () => isStopped,
    }) ?? Promise.resolve([]);
  const findings = [
    ...(await ask(platforms.five9, probes.five9)),
    ...(await ask(platforms.teams, probes.teams)),
  ];
  const { requests, window: windowMs } = settings.teams.quota;
  const report: LearnReport = {
    report: 'lockstep doctor --learn',
    version: 1,
    release: VERSION,
    madeAt: new Date(systemClock().now()).toISOString(),
    cloud: settings.teams.cloud,
    quota: { requests, windowMs },
    findings: cleaned(findings, [...knownOf(settings, own), probes.five9, probes.teams]),
  };
  const json = JSON.stringify(report, null, 2);
  const text = reportText(report);
  const textFile = plan.file.replace(/\.json$/i, '.txt');
  save(plan.file, `${json}\n`);
  save(textFile, `${text}\n`);
  io.err(`The report is in ${plan.file} and ${textFile}; read it before you send it.`);
  io.out(asJson ? json : text);
  return findings.some(isTrace) ? EXIT.failed : EXIT.ok;
}

/** Something of ours may still stand on a test account. */
function isTrace({ id, value }: Finding): boolean {
  return id.endsWith('.clean_up') && value === false;
}

/** What must not be in a report: names, ids and secrets of this tenant. */
function* knownOf(settings: Config, own: OwnChecks): Generator<string | undefined> {
  const { tenant, five9, teams } = settings;
  yield* [tenant.name, five9.username, teams.tenantId, teams.clientId, teams.read?.clientId];
  yield* secretsOf(settings);
  yield* own.mapped;
  for (const accounts of own.accounts.values()) {
    for (const account of accounts) yield* namesOf(account);
  }
}

function namesOf({ id, name, upn, email }: Account): readonly (string | undefined)[] {
  return [id, name, upn, email];
}

function save(file: string, content: string): void {
  try {
    writeFileSync(file, content, { mode: 0o600 });
  } catch {
    const fix = 'give another file with --report FILE';
    throw new CliError(EXIT.failed, `the report cannot be written to ${file}`, fix);
  }
}
