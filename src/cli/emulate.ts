/** `lockstep emulate five9|graph`: one emulated platform alone, with its control API. */
import { seededRandom } from '../lib/random.ts';
import { systemClock } from '../engine/clock.ts';
import type { Io, Verb } from './cli.ts';
import { CliError, EXIT, readArgs, readWhole } from './cli.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  TENANT_ID,
  peopleOf,
  ROLES,
  SUPERVISOR,
} from './sandbox/cast.ts';

const USAGE = 'emulate five9|graph [--port N] [--agents N] [--seed S]';

export const emulate: Verb = {
  name: 'emulate',
  usage: USAGE,
  about: 'serve one emulated platform with its control API',
  run: async (args, io) => {
    const { values, positionals } = readArgs(
      args,
      { port: { type: 'string' }, agents: { type: 'string' }, seed: { type: 'string' } },
      USAGE,
    );
    const options = {
      port: readWhole('port', values.port, { min: 0, max: 65_535, fallback: 0 }),
      agents: readWhole('agents', values.agents, { min: 1, max: 5_000, fallback: 20 }),
      seed: readWhole('seed', values.seed, { min: 0, max: 2 ** 31, fallback: 1 }),
    };
    switch (positionals[0]) {
      case 'five9':
        return five9(options, io);
      case 'graph':
        return graph(options, io);
      default:
        throw new CliError(EXIT.usage, 'say which platform to emulate', `usage: lockstep ${USAGE}`);
    }
  },
};

interface EmulateOptions {
  readonly port: number;
  readonly agents: number;
  readonly seed: number;
}

async function five9({ port, agents, seed }: EmulateOptions, io: Io): Promise<number> {
  const { serveFive9 } = await import('../../emulators/five9/serve.ts');
  const served = await serveFive9({
    clock: systemClock(),
    random: seededRandom(seed),
    port,
    supervisor: SUPERVISOR,
    seedUsers: peopleOf(agents).map(({ agent, name, mail }) => ({
      id: agent,
      userName: mail,
      fullName: name,
      email: mail,
    })),
  });
  io.out(
    `Emulated Five9 at ${served.url}; supervisor ${SUPERVISOR.userName}, password ${SUPERVISOR.password}`,
  );
  io.out('Control API below /_emulator/, described in emulators/five9/README.md');
  await io.stopped();
  await served.close();
  return EXIT.ok;
}

async function graph({ port, agents, seed }: EmulateOptions, io: Io): Promise<number> {
  const { serveGraph } = await import('../../emulators/graph/serve.ts');
  const served = await serveGraph({
    random: seededRandom(seed),
    port,
    tenantId: TENANT_ID,
    users: peopleOf(agents).map(({ user, name, mail }) => ({
      id: user,
      displayName: name,
      userPrincipalName: mail,
      mail,
    })),
    apps: [{ clientId: CLIENT_ID, secrets: [{ value: CLIENT_SECRET }], roles: ROLES }],
  });
  io.out(
    `Emulated Graph and Entra at ${served.url}; tenant ${TENANT_ID}, client ${CLIENT_ID}, secret ${CLIENT_SECRET}`,
  );
  io.out('Control API below /_emulator/, described in emulators/graph/README.md');
  await io.stopped();
  await served.close();
  return EXIT.ok;
}
