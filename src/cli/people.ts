/** `lockstep people`: who is mapped, who could be, and what does not fit. It never maps by itself. */
import type { Account } from '../connectors/connector.ts';
import type { Directory } from '../directory/directory.ts';
import { EMPTY_DIRECTORY } from '../directory/directory.ts';
import { derivedAgentId } from '../directory/agent-ids.ts';
import { exportDirectory } from '../directory/export.ts';
import { importDirectory } from '../directory/import.ts';
import type { MatchReport } from '../directory/match.ts';
import { suggestMatches } from '../directory/match.ts';
import { systemClock } from '../engine/clock.ts';
import { seededRandom } from '../lib/random.ts';
import type { Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';
import { connectPlatforms } from './service/platforms.ts';
import { mappingOf } from './service/people.ts';
import { lookUp } from './service/sign-in.ts';
import { DEFAULT_FILE, readConfig } from './start.ts';

const USAGE = 'people [-c FILE] [--export] [--json]';

export const people: Verb = {
  name: 'people',
  usage: USAGE,
  about: 'who is mapped, who could be, and what does not fit',
  run: async (args, io) => {
    const { values } = readArgs(
      args,
      {
        config: { type: 'string', short: 'c' },
        export: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      USAGE,
    );
    const config = readConfig(values.config ?? DEFAULT_FILE, io);
    const clock = systemClock();
    const silent = { info: ignore, warn: ignore, error: ignore };
    const platforms = connectPlatforms(config, {
      clock,
      random: seededRandom(clock.now()),
      log: silent,
    });
    try {
      const { accounts, notes } = await lookUp(platforms);
      for (const note of notes) io.err(note);
      const text = config.agents.file === undefined ? undefined : mappingOf(config, undefined).text;
      const mapping = directoryOf(text, config.tenant.id, accounts);
      const report = suggestMatches({
        five9: accounts.get('five9') ?? [],
        teams: accounts.get('teams') ?? [],
        mapping,
      });
      if (values.export === true) io.out(exportDirectory(mapping));
      else if (values.json === true)
        io.out(JSON.stringify({ mapped: mapping.agents.length, ...report }, null, 2));
      else io.out(reportText(mapping, report, accounts));
      return EXIT.ok;
    } finally {
      await Promise.all(platforms.all.map((connector) => connector.stop()));
      await platforms.close();
    }
  },
};

function ignore(): void {
  // The report says itself what was found.
}

function directoryOf(
  text: string | undefined,
  tenant: string,
  accounts: ReadonlyMap<string, readonly Account[]>,
): Directory {
  if (text === undefined) return EMPTY_DIRECTORY;
  const result = importDirectory({
    text,
    accounts,
    current: EMPTY_DIRECTORY,
    newAgentId: derivedAgentId(tenant),
  });
  if (result.kind === 'imported') return result.directory;
  const lines = result.mistakes.map(
    ({ row, column, value, message, fix }) =>
      `row ${row}, ${column} ${JSON.stringify(value)}: ${message}; ${fix}`,
  );
  throw new CliError(EXIT.config, lines.join('\n'), 'correct the mapping file');
}

function reportText(
  mapping: Directory,
  report: MatchReport,
  accounts: ReadonlyMap<string, readonly Account[]>,
): string {
  const name = namesOf(accounts);
  const suggestions = report.suggestions.map(
    ({ five9, teams, confidence, reason }) =>
      `  ${five9},${teams},${name(five9)}   (${confidence}: ${reason})`,
  );
  return [
    `${mapping.agents.length} agents are mapped.`,
    `${suggestions.length} pairs look like the same person. Copy those that are right into the mapping file:`,
    '  five9_user_id,teams_user_id,name',
    ...suggestions,
    `${report.unmatched.five9.length} Five9 users have no counterpart: ${shortList(report.unmatched.five9.map(name))}`,
    `${report.unmatched.teams.length} Teams users have no counterpart: ${shortList(report.unmatched.teams.map(name))}`,
    ...report.doubled.map(
      ({ five9, teams, reason }) =>
        `Doubled: ${[...five9, ...teams].map(name).join(', ')}: ${reason}`,
    ),
    ...report.renamed.map(
      ({ account, field, before, now }) => `Renamed: ${account} ${field} ${before} is now ${now}`,
    ),
    ...report.inactive.map(
      ({ account, platform, why }) => `${why}: ${name(account)} on ${platform}`,
    ),
  ].join('\n');
}

const LISTED = 20;

function shortList(names: readonly string[]): string {
  const more = names.length - LISTED;
  return `${names.slice(0, LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function namesOf(accounts: ReadonlyMap<string, readonly Account[]>): (id: string) => string {
  const names = new Map([...accounts.values()].flat().map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
