/** `lockstep subscriber NAME`: signs an account in that holds subscriptions to presence. */
import { keepSecret } from '../config/keep-secret.ts';
import { ConnectorError } from '../connectors/connector.ts';
import { systemClock } from '../engine/clock.ts';
import { seededRandom } from '../lib/random.ts';
import type { Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';
import { signInSubscriber } from './service/subscribers.ts';
import { DEFAULT_FILE, readConfig } from './start.ts';

const USAGE = 'subscriber NAME [-c FILE]';
const MINUTE_MS = 60_000;

export const subscriber: Verb = {
  name: 'subscriber',
  usage: USAGE,
  about: 'sign an account in that subscribes to presence for Lockstep',
  run: async (args, io) => {
    const { values, positionals } = readArgs(
      args,
      { config: { type: 'string', short: 'c' } },
      USAGE,
    );
    const config = readConfig(values.config ?? DEFAULT_FILE, io);
    const [name = ''] = positionals;
    const known = config.teams.push?.subscribers ?? [];
    const wanted = known.find((each) => each.name === name);
    if (wanted === undefined) {
      throw new CliError(
        EXIT.usage,
        `teams.push.subscribers has no account ${JSON.stringify(name)}`,
        known.length === 0
          ? 'add it there with the file for its token; see docs/connect-microsoft.md'
          : `give one of: ${known.map((each) => each.name).join(', ')}`,
      );
    }
    const clock = systemClock();
    const world = { clock, random: seededRandom(clock.now()) };
    const token = await signInSubscriber(config, world, ({ url, code, withinMs }) => {
      io.out(`Open ${url} and sign in as ${name}.`);
      io.out(`Code ${code} (within ${Math.round(withinMs / MINUTE_MS)} minutes)`);
    }).catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error;
      throw new CliError(EXIT.refused, error.message, error.fix);
    });
    keepSecret(wanted.tokenFile, token);
    io.out(`Signed in. Its token is kept in ${wanted.tokenFile}; a running Lockstep uses it soon.`);
    return EXIT.ok;
  },
};
