/** `lockstep start -c lockstep.yaml`: the service. */
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/config.ts';
import { formatProblems } from '../config/format-problems.ts';
import { systemIo } from '../config/system-io.ts';
import type { Io, Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';
import { startService } from './service/service.ts';

const USAGE = 'start -c FILE [--confirm TOKEN]';

export const DEFAULT_FILE = 'lockstep.yaml';

export const start: Verb = {
  name: 'start',
  usage: USAGE,
  about: 'run the service with a configuration file',
  run: async (args, io) => {
    const { values } = readArgs(
      args,
      { config: { type: 'string', short: 'c' }, confirm: { type: 'string' } },
      USAGE,
    );
    const path = values.config ?? DEFAULT_FILE;
    const config = readConfig(path, io);
    const service = await startService(config, io, {
      ...(values.confirm === undefined ? {} : { confirm: values.confirm }),
      reread: () => rereadConfig(path, io),
    });
    io.out(`Console ${service.app.url}/`);
    for (const note of service.notes) io.out(`Note: ${note}`);
    await io.stopped();
    await service.stop();
    return EXIT.ok;
  },
};

/** Undefined, and told, while the file or what it points to is being changed and is not whole. */
function rereadConfig(path: string, io: Io): Config | undefined {
  const loaded = loadConfig(path, systemIo());
  if (loaded.ok) return loaded.config;
  io.err(`${formatProblems(loaded.problems, path)}\nThe credentials of before are used on.`);
  return undefined;
}

/** The configuration, or one `CliError` with every mistake in it. */
export function readConfig(path: string, io: Io): Config {
  const loaded = loadConfig(path, systemIo());
  if (!loaded.ok) {
    throw new CliError(
      EXIT.config,
      formatProblems(loaded.problems, path),
      `see a complete sample with: lockstep config sample`,
    );
  }
  if (loaded.warnings.length > 0) io.err(formatProblems(loaded.warnings, path));
  return loaded.config;
}
