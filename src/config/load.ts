/** From the configuration file to the configuration, or to the list of everything wrong with it. */
import { dirname } from 'node:path';
import type {
  Config,
  ConfigIo,
  Five9CloudConfig,
  LoadResult,
  Problem,
  PushConfig,
} from './config.ts';
import type { Finding } from './checks.ts';
import { findContradictions } from './checks.ts';
import { at, explainIssue } from './explain.ts';
import { FIVE9_CLOUD_HOSTS } from './five9-schema.ts';
import { configSchema } from './json-schema.ts';
import type { Reading } from './read-yaml.ts';
import { readYaml } from './read-yaml.ts';
import type { References } from './references.ts';
import { followReferences, fromFolder } from './references.ts';
import type { Settings } from './schema.ts';
import { readNonEmpty } from './secret.ts';
import { settingsSchema } from './schema.ts';
import { CLOUD_HOSTS } from './teams-schema.ts';

/** Never throws: whatever is wrong with the file or around it comes back as problems. */
export function loadConfig(path: string, io: ConfigIo): LoadResult {
  const text = tryRead(path, io);
  if (text === undefined) {
    const fix = 'check the path and the right to read it';
    return { ok: false, problems: [{ path: '', message: 'cannot be read', fix }] };
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return { ok: false, problems: [yaml.problem] };
  const { reading } = yaml;
  const locate = fromFolder(dirname(path));
  const parsed = settingsSchema.safeParse(reading.value);
  const root = configSchema();
  const wrong = (parsed.error?.issues ?? []).flatMap((issue) => explainIssue(issue, root, reading));
  const references = followReferences(reading.value, io, locate);
  const findings = [...findContradictions(reading.value), ...references.findings];
  const problems = [...wrong, ...asProblems(findings, 'mistake', reading)];
  const config = parsed.success ? assemble(parsed.data, references, { io, locate }) : undefined;
  if (problems.length > 0 || config === undefined)
    return { ok: false, problems: inOrder(problems) };
  return { ok: true, config, warnings: inOrder(asProblems(findings, 'warning', reading)) };
}

function tryRead(path: string, io: ConfigIo): string | undefined {
  try {
    return io.readFile(path);
  } catch {
    return undefined;
  }
}

function asProblems(
  findings: readonly Finding[],
  severity: Finding['severity'],
  reading: Reading,
): Problem[] {
  return findings
    .filter((finding) => finding.severity === severity)
    .map((finding) => at(finding.path, finding, reading.placeOf(finding.path)));
}

/** In the order of the file, so that it can be read side by side with it. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

interface Around {
  readonly io: ConfigIo;
  readonly locate: (path: string) => string;
}

function pushOf(
  { url, subscribers }: NonNullable<Settings['teams']['push']>,
  { pushContent }: References,
  { io, locate }: Around,
): PushConfig {
  return {
    url,
    subscribers: subscribers.map(({ name, tokenFile }) => {
      const file = locate(tokenFile);
      return { name, tokenFile: file, read: () => readNonEmpty(file, io) };
    }),
    ...(pushContent === undefined ? {} : { content: pushContent }),
  };
}

/** Undefined when a reference could not be followed; there is a problem for it then. */
function assemble(
  settings: Settings,
  references: References,
  { io, locate }: Around,
): Config | undefined {
  const { credential, readCredential } = references;
  const { read, push, ...teams } = settings.teams;
  if (credential === undefined) return undefined;
  if (read !== undefined && readCredential === undefined) return undefined;
  const five9 = five9Of(settings.five9, references);
  if (five9 === undefined) return undefined;
  const { file } = settings.agents;
  const hosts = CLOUD_HOSTS[settings.teams.cloud];
  return {
    ...settings,
    five9,
    teams: {
      ...teams,
      credential,
      ...(read === undefined || readCredential === undefined
        ? {}
        : { read: { clientId: read.clientId, credential: readCredential } }),
      ...(push === undefined ? {} : { push: pushOf(push, references, { io, locate }) }),
      loginUrl: settings.teams.loginUrl ?? hosts.loginUrl,
      graphUrl: settings.teams.graphUrl ?? hosts.graphUrl,
    },
    agents: { ...settings.agents, ...(file === undefined ? {} : { file: locate(file) }) },
    journal: { ...settings.journal, path: locate(settings.journal.path) },
  };
}

function five9Of(
  { cloud: group, ...rest }: Settings['five9'],
  references: References,
): Config['five9'] | undefined {
  const { password } = references;
  if (password === undefined) return undefined;
  if (group === undefined) return { ...rest, password };
  const cloud = cloudOf(group, references);
  return cloud && { ...rest, password, cloud };
}

function cloudOf(
  { region, url, clientSecret: _reference, events, ...rest }: CloudGroup,
  { cloudSecret, eventsPassword }: References,
): Five9CloudConfig | undefined {
  if (cloudSecret === undefined) return undefined;
  const base = { ...rest, url: url ?? FIVE9_CLOUD_HOSTS[region], clientSecret: cloudSecret };
  if (events === undefined) return base;
  return eventsPassword && { ...base, events: { ...events, password: eventsPassword } };
}

type CloudGroup = NonNullable<Settings['five9']['cloud']>;
