/** Who is who, from the mapping file, checked against what both platforms list. */
import type { Account } from '../../connectors/connector.ts';
import type { Directory } from '../../directory/directory.ts';
import { EMPTY_DIRECTORY } from '../../directory/directory.ts';
import { derivedAgentId } from '../../directory/agent-ids.ts';
import { importDirectory } from '../../directory/import.ts';
import { suggestMatches } from '../../directory/match.ts';
import type { PlatformId } from '../../model/ids.ts';
import { CliError, EXIT } from '../cli.ts';

const SHOWN_MISTAKES = 20;

export interface PeopleInput {
  readonly tenant: string;
  readonly file: string | undefined;
  readonly text: string | undefined;
  readonly accounts: ReadonlyMap<PlatformId, readonly Account[]>;
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
    current: EMPTY_DIRECTORY,
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
        `the mapping has ${result.mistakes.length} mistakes`,
        ...lines,
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n'),
      `correct ${file}; nothing was changed`,
    );
  }
  return { directory: result.directory, notes: gapsOf(result.directory, accounts) };
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
      `${report.unmatched.five9.length} Five9 users are not mapped; ${report.suggestions.length} of them have a likely Teams user (see: lockstep doctor -c FILE --people)`,
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
