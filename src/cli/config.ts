/** `lockstep config check|schema|sample`: the configuration file, checked, described, begun. */
import { exampleYaml } from '../config/example.ts';
import { formatProblems } from '../config/format-problems.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { loadConfig } from '../config/load.ts';
import { systemIo } from '../config/system-io.ts';
import type { Io, Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';
import { DEFAULT_FILE } from './start.ts';

const USAGE = 'config check [-c FILE] [--json] | config schema | config sample';

export const config: Verb = {
  name: 'config',
  usage: USAGE,
  about: 'check the configuration file, print its schema or a sample',
  run: async (args, io) => {
    const { values, positionals } = readArgs(
      args,
      { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } },
      USAGE,
    );
    switch (positionals[0]) {
      case 'check':
        return check(values.config ?? DEFAULT_FILE, values.json === true, io);
      case 'schema':
        io.out(configJsonSchema());
        return EXIT.ok;
      case 'sample':
        io.out(exampleYaml());
        return EXIT.ok;
      default:
        throw new CliError(
          EXIT.usage,
          'say what to do with the configuration',
          `usage: lockstep ${USAGE}`,
        );
    }
  },
};

function check(path: string, json: boolean, io: Io): number {
  const loaded = loadConfig(path, systemIo());
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (json) io.out(JSON.stringify({ ok: loaded.ok, problems }, null, 2));
  else if (problems.length > 0) io.out(formatProblems(problems, path));
  else io.out(`${path} is complete and valid.`);
  return loaded.ok ? EXIT.ok : EXIT.config;
}
