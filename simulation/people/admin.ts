/**
 * An administrator who imports mappings, through the very code of the command line: parsed, checked
 * against what the platforms list, held when it takes many agents away. A new mapping takes effect
 * with an orderly restart, as in life.
 */
import { CliError } from '../../src/cli/cli.ts';
import { readPeople, rememberedDirectory } from '../../src/cli/service/people.ts';
import { accountOf } from '../../src/connectors/five9/client.ts';
import type { Account } from '../../src/connectors/connector.ts';
import { exportDirectory } from '../../src/directory/export.ts';
import { createDirectory } from '../../src/directory/directory.ts';
import { guardChange } from '../../src/directory/guard.ts';
import { importDirectory } from '../../src/directory/import.ts';
import { derivedAgentId } from '../../src/directory/agent-ids.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { PlatformId } from '../../src/model/ids.ts';
import type { World } from '../world.ts';

/** The rows as a file; not checked, so that it may be as wrong as files are. */
export function mappingText(agents: readonly Agent[]): string {
  const whole = agents.map((agent) => exportDirectory(createDirectory([agent])));
  const [header = ''] = exportDirectory(createDirectory([])).split('\n');
  return [
    header.trimEnd(),
    ...whole.map((text) => text.slice(text.indexOf('\n') + 1).trimEnd()),
  ].join('\n');
}

/** The same file with the address beside the id of one row, as it was when somebody wrote it. */
export function withAddress(text: string, teamsId: string, address: string): string {
  const [header = '', ...rows] = text.split('\n');
  const marked = rows.map((row) => `${row},${row.includes(teamsId) ? address : ''}`);
  return [`${header},teams_upn`, ...marked].join('\n');
}

/** `same`: nothing but the mapping that is in force stands in the file. */
export function importMapping(
  world: World,
  text: string,
  how: 'plain' | 'confirmed' | 'same',
): void {
  const current = rememberedDirectory(
    new Map([...world.disk.identities].map(([id, json]) => [id, JSON.parse(json)])),
  );
  const accounts = accountsOf(world);
  const input = {
    tenant: 'sim',
    file: 'agents.csv',
    text,
    accounts,
    current: current.agents.length === 0 ? world.config.directory : current,
  };
  try {
    const confirm = how === 'confirmed' ? tokenFor(input) : undefined;
    const { directory } = readPeople({ ...input, ...(confirm === undefined ? {} : { confirm }) });
    world.config.directory = directory;
    world.mappings.push({ directory, confirmed: how === 'confirmed', isSame: how === 'same' });
    world.evidence.count('admin.imported');
    for (const node of world.nodes) void node.restart().catch(() => undefined);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    world.evidence.count(
      error.message.includes('takes accounts away') ? 'admin.held' : 'admin.refused',
    );
  }
}

/** What the first attempt prints and the second one names. */
function tokenFor(input: {
  readonly text: string;
  readonly accounts: ReadonlyMap<PlatformId, readonly Account[]>;
  readonly current: ReturnType<typeof createDirectory>;
}): string | undefined {
  const result = importDirectory({ ...input, newAgentId: derivedAgentId('sim') });
  if (result.kind === 'refused') return undefined;
  const change = guardChange(input.current, result.directory);
  return change.kind === 'needs_confirmation' ? change.token : undefined;
}

function accountsOf(world: World): ReadonlyMap<PlatformId, readonly Account[]> {
  const five9 = world.people.map(({ agent }) =>
    accountOf({
      id: agent,
      userName: `${agent}@example.com`,
      fullName: agent,
      email: `${agent}@example.com`,
      permissions: [],
      roles: [],
    }),
  );
  const teams = world.graph.control
    .users()
    .map(({ id, displayName, userPrincipalName, enabled }): Account => ({
      id,
      name: displayName,
      upn: userPrincipalName,
      email: userPrincipalName,
      active: enabled,
    }));
  return new Map([
    ['five9', five9],
    ['teams', teams],
  ]);
}
