/**
 * `lockstep doctor --plan`: what an administrator has to do, in order, with the consent address and
 * the application's manifest. It asks nobody, and works before there is a usable configuration.
 */
import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { FIVE9_DOMAINS, LOGIN_URL } from '../../config/five9-schema.ts';
import { loadConfig } from '../../config/load.ts';
import { formatProblems } from '../../config/format-problems.ts';
import { systemIo } from '../../config/system-io.ts';
import type { SetupStep } from '../../connectors/connector.ts';
import type { Five9SetupFacts } from '../../connectors/five9/setup-plan.ts';
import { five9Steps } from '../../connectors/five9/setup-plan.ts';
import { CLOUDS } from '../../connectors/teams/clouds.ts';
import type { TeamsSetupFacts } from '../../connectors/teams/setup-plan.ts';
import {
  SPLIT_ADVICE,
  appManifest,
  consentUrl,
  teamsSteps,
} from '../../connectors/teams/setup-plan.ts';
import type { Io } from '../cli.ts';
import { EXIT } from '../cli.ts';

interface Plan {
  readonly five9: readonly SetupStep[];
  readonly teams: readonly SetupStep[];
  readonly consentUrl: string;
  /** With only what is needed, and with what the doctor may look at besides. */
  readonly manifest: object;
  readonly manifestWithOptional: object;
  /** Of the registration that reads, where it is another; the manifests above then only write. */
  readonly reader?: {
    readonly consentUrl: string;
    readonly manifest: object;
    readonly manifestWithOptional: object;
  };
  readonly advice?: string;
}

const USES = ['busy', 'dnd', 'in_call', 'in_meeting', 'presenting'] as const;

export function tellPlan(path: string, io: Io, asJson: boolean): number {
  const config = usable(path, io);
  const plan = planFor(five9Facts(config), teamsFacts(config));
  io.out(asJson ? JSON.stringify(plan, null, 2) : textOf(plan));
  return EXIT.ok;
}

/** A file that is not there yet is no mistake here; one that is wrong is told about. */
function usable(path: string, io: Io): Config | undefined {
  if (!existsSync(path)) return undefined;
  const loaded = loadConfig(path, systemIo());
  if (loaded.ok) return loaded.config;
  io.err(`${formatProblems(loaded.problems, path)}\nThe plan is made without this file.`);
  return undefined;
}

function planFor(five9: Five9SetupFacts, teams: TeamsSetupFacts): Plan {
  const { clientId, read } = teams;
  const duty = read === undefined ? 'both' : 'write';
  return {
    five9: five9Steps(five9),
    teams: teamsSteps(teams),
    consentUrl: consentUrl(teams, clientId),
    manifest: appManifest(teams, duty, false),
    manifestWithOptional: appManifest(teams, duty, true),
    ...(read === undefined ? { advice: SPLIT_ADVICE } : { reader: readerOf(teams, read.clientId) }),
  };
}

function readerOf(teams: TeamsSetupFacts, clientId: string): NonNullable<Plan['reader']> {
  return {
    consentUrl: consentUrl(teams, clientId),
    manifest: appManifest(teams, 'read', false),
    manifestWithOptional: appManifest(teams, 'read', true),
  };
}

function five9Facts(config: Config | undefined): Five9SetupFacts {
  const codes = config?.sync.reasonCodes;
  return {
    loginUrl: config?.five9.loginUrl ?? LOGIN_URL,
    allowedHosts: config?.five9.allowedHosts ?? FIVE9_DOMAINS,
    ...(config === undefined ? {} : { username: config.five9.username }),
    ...cloudFacts(config?.five9),
    reasonCodes: Object.fromEntries(USES.map((use) => [use, textOrNothing(codes?.[use])])),
  };
}

function cloudFacts(five9: Config['five9'] | undefined): Pick<Five9SetupFacts, 'cloud'> {
  if (five9?.cloud === undefined || five9.source === 'socket') return {};
  const { url, events } = five9.cloud;
  const isAlone = five9.source === 'cloud';
  return { cloud: { url, isAlone, ...(events === undefined ? {} : { eventsUrl: events.url }) } };
}

function textOrNothing(code: string | number | undefined): string | undefined {
  return code === undefined ? undefined : String(code);
}

function teamsFacts(config: Config | undefined): TeamsSetupFacts {
  if (config === undefined) return { cloud: CLOUDS.global };
  const { loginUrl, graphUrl, tenantId, clientId, read, push } = config.teams;
  return {
    cloud: { login: loginUrl, graph: graphUrl },
    tenantId,
    clientId,
    ...(read === undefined ? {} : { read: { clientId: read.clientId } }),
    subscribers: (push?.subscribers ?? []).map(({ name }) => name),
  };
}

function textOf(plan: Plan): string {
  return [
    'Five9',
    ...plan.five9.map(stepText),
    '',
    'Microsoft',
    ...plan.teams.map(stepText),
    '',
    ...manifestLines(plan),
    '',
    'When all is done: lockstep doctor',
  ].join('\n');
}

const OPTIONAL =
  'With the permissions that only let the doctor look and people be listed (all of them optional):';

function manifestLines({ manifest, manifestWithOptional, reader, advice }: Plan): string[] {
  if (reader === undefined) {
    const both = ['Manifest of the application:', json(manifest), '', OPTIONAL];
    return [...both, json(manifestWithOptional), ...(advice === undefined ? [] : ['', advice])];
  }
  return [
    'Manifest of the application that writes:',
    json(manifest),
    '',
    'Manifest of the application that reads:',
    json(reader.manifest),
    '',
    OPTIONAL,
    json(reader.manifestWithOptional),
  ];
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

function stepText({ where, todo, proof, link }: SetupStep, index: number): string {
  const see = link === undefined ? '' : `\n   See: ${link}`;
  return `${index + 1}. ${where}\n   ${todo}\n   Shown by the check ${proof}.${see}`;
}
