/** The sandbox's configuration, as the file that somebody would write for it. */
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { formatProblems } from '../../config/format-problems.ts';
import { loadConfig } from '../../config/load.ts';
import { memoryIo } from '../../config/memory-io.ts';
import { CliError, EXIT } from '../cli.ts';
import type { SandboxWorld } from './world.ts';
import { CLIENT_ID, CLIENT_SECRET, SUPERVISOR, TENANT_ID } from './cast.ts';

export interface SandboxPlace {
  readonly port: number;
  readonly folder: string;
}

const FILE = 'sandbox.yaml';

export function sandboxConfig(world: SandboxWorld, place: SandboxPlace): Config {
  const io = memoryIo(
    { [FILE]: yamlOf(world, place), [join(place.folder, FILE)]: yamlOf(world, place) },
    { SANDBOX_FIVE9_PASSWORD: SUPERVISOR.password, SANDBOX_TEAMS_SECRET: CLIENT_SECRET },
  );
  const loaded = loadConfig(join(place.folder, FILE), io);
  if (loaded.ok) return loaded.config;
  throw new CliError(
    EXIT.internal,
    formatProblems(loaded.problems, FILE),
    'this is a bug of the sandbox',
  );
}

function yamlOf({ five9, graph }: SandboxWorld, { port, folder }: SandboxPlace): string {
  const host = new URL(five9.url).host;
  return `
tenant: { id: sandbox, name: Sandbox }
five9:
  loginUrl: ${five9.url}
  username: ${SUPERVISOR.userName}
  password: { env: SANDBOX_FIVE9_PASSWORD }
  allowedHosts: ["${host}"]
teams:
  tenantId: ${TENANT_ID}
  clientId: ${CLIENT_ID}
  credential: { secret: { env: SANDBOX_TEAMS_SECRET } }
  loginUrl: ${graph.url}
  graphUrl: ${graph.url}
sync:
  notReady:
    - { reason: Training, show: dnd }
    - { reason: Lunch, show: brb }
    - { reason: Break, show: brb }
    - { reason: Meeting, show: busy }
  reasonCodes:
    busy: "Teams: Busy"
    dnd: "Teams: Do not disturb"
    in_call: "Teams: In a call"
    in_meeting: "Teams: In a meeting"
    presenting: "Teams: Presenting"
journal: { path: ${JSON.stringify(join(folder, 'journal.db'))} }
server: { port: ${port} }
log: { level: warn }
`;
}
