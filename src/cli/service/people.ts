/** Who is who, from the mapping file, checked against what both platforms list. */
import { existsSync, readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import type { Account } from '../../connectors/connector.ts';
import type { Directory } from '../../directory/directory.ts';
import { createDirectory, EMPTY_DIRECTORY } from '../../directory/directory.ts';
import { derivedAgentId } from '../../directory/agent-ids.ts';
import { guardChange } from '../../directory/guard.ts';
import { importDirectory } from '../../directory/import.ts';
import { suggestMatches } from '../../directory/match.ts';
import { accountsOf } from '../../engine/remap.ts';
import type { Json } from '../../lib/json.ts';
import type { AgentId, PlatformId } from '../../model/ids.ts';
import { CliError, EXIT } from '../cli.ts';

const SHOWN_MISTAKES = 20;

export interface PeopleInput {
  readonly tenant: string;
  readonly file: string | undefined;
  readonly text: string | undefined;
  readonly accounts: ReadonlyMap<PlatformId, readonly Account[]>;
  /** Who was who until now: agents keep their ids, and a mass change is held (I17). */
  readonly current: Directory;
  /** The token that a held mass change printed. */
  readonly confirm?: string;
}

/** The mapping file that the configuration names, or what stands in for it. */
export function mappingOf(
  { agents }: Config,
  given: string | undefined,
): { file: string | undefined; text: string | undefined } {
  const { file } = agents;
  if (given !== undefined) return { file: file ?? 'the mapping', text: given };
  if (file === undefined) return { file, text: undefined };
  if (!existsSync(file)) {
    throw new CliError(
      EXIT.config,
      `agents.file is ${file}: there is no such file`,
      'write the mapping there, or correct agents.file',
    );
  }
  return { file, text: readFileSync(file, 'utf8') };
}

/** The directory and what somebody should look at. Throws `CliError` with every mistake. */
export function readPeople(input: PeopleInput): {
  readonly directory: Directory;
  readonly notes: readonly string[];
} {
  const { file, text, accounts } = input;
  if (file === undefined || text === undefined) {
    throw new CliError(
      EXIT.config,
      noMapping(input),
      'name a CSV file in agents.file, such as agents.csv',
    );
  }
  const result = importDirectory({
    text,
    accounts,
    current: input.current,
    newAgentId: derivedAgentId(input.tenant),
  });
  if (result.kind === 'refused') {
    const lines = result.mistakes
      .slice(0, SHOWN_MISTAKES)
      .map(
        ({ row, column, value, message, fix }) =>
          `${file} row ${row}, ${column} ${JSON.stringify(value)}: ${message}; ${fix}`,
      );
    const more = result.mistakes.length - lines.length;
    throw new CliError(
      EXIT.config,
      [
        `the mapping has ${result.mistakes.length === 1 ? 'a mistake' : `${result.mistakes.length} mistakes`}`,
        ...lines,
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n'),
      `correct ${file}; nothing was changed`,
    );
  }
  holdMassChange(input, result.directory);
  return { directory: result.directory, notes: gapsOf(result.directory, accounts) };
}

function holdMassChange({ current, confirm }: PeopleInput, next: Directory): void {
  const change = guardChange(current, next, confirm);
  if (change.kind === 'allowed') return;
  throw new CliError(
    EXIT.config,
    `${change.words} Nothing was changed.`,
    `if that is meant, start again with --confirm ${change.token}`,
  );
}

/** The directory that the journal's side table remembers. */
export function rememberedDirectory(identities: ReadonlyMap<AgentId, Json>): Directory {
  const agents = [...identities].flatMap(([id, identity]) => {
    const accounts = accountsOf(identity);
    const name = nameOf(identity);
    return accounts === undefined || name === undefined ? [] : [{ id, name, accounts }];
  });
  return createDirectory(agents);
}

function nameOf(identity: Json): string | undefined {
  if (typeof identity !== 'object' || identity === null || !('name' in identity)) return undefined;
  const { name } = identity;
  return typeof name === 'string' ? name : undefined;
}

/** Nobody is ever mapped by a guess; what could be guessed is counted, to be confirmed in a file. */
function gapsOf(
  directory: Directory,
  accounts: ReadonlyMap<PlatformId, readonly Account[]>,
): string[] {
  const report = suggestMatches({
    five9: accounts.get('five9') ?? [],
    teams: accounts.get('teams') ?? [],
    mapping: directory,
  });
  const notes: string[] = [];
  if (report.unmatched.five9.length > 0) {
    notes.push(
      `${report.unmatched.five9.length} Five9 users are not mapped; ${report.suggestions.length} of them have a likely Teams user (see: lockstep people -c FILE)`,
    );
  }
  for (const { agent, why, platform } of report.inactive) {
    if (agent !== undefined)
      notes.push(`${agent} is mapped to a ${platform} account that is ${why}`);
  }
  return notes;
}

function noMapping({ accounts }: PeopleInput): string {
  const report = suggestMatches({
    five9: accounts.get('five9') ?? [],
    teams: accounts.get('teams') ?? [],
    mapping: EMPTY_DIRECTORY,
  });
  return `no agent is mapped: Five9 lists ${accounts.get('five9')?.length ?? 0} users, Teams ${accounts.get('teams')?.length ?? 0}, and ${report.suggestions.length} pairs look like the same person`;
}
