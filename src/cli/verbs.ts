/** The one list of verbs, and how an expected failure is told: a sentence and its fix, no stack. */
import type { Io, Verb } from './cli.ts';
import { CliError, EXIT } from './cli.ts';
import { config } from './config.ts';
import { doctor } from './doctor/doctor.ts';
import { emulate } from './emulate.ts';
import { explainVerb } from './explain.ts';
import { people } from './people.ts';
import { replay } from './replay.ts';
import { sandbox } from './sandbox/sandbox.ts';
import { VERSION } from './service/release.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { subscriber } from './subscriber.ts';

const VERBS: readonly Verb[] = [
  start,
  sandbox,
  emulate,
  doctor,
  people,
  subscriber,
  explainVerb,
  replay,
  status,
  config,
];

export async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(help());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === 'version') {
    io.out(VERSION);
    return EXIT.ok;
  }
  const verb = VERBS.find((each) => each.name === name);
  if (verb === undefined) {
    io.err(`lockstep: there is no verb ${JSON.stringify(name)}\nFix: see lockstep help`);
    return EXIT.usage;
  }
  return run(verb, rest, io);
}

async function run(verb: Verb, args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(`lockstep ${verb.usage}\n${verb.about}`);
    return EXIT.ok;
  }
  try {
    return await verb.run(args, io);
  } catch (error) {
    if (error instanceof CliError) {
      io.err(`lockstep ${verb.name}: ${error.message}\nFix: ${error.fix}`);
      return error.exit;
    }
    io.err(
      `lockstep ${verb.name}: an unexpected failure, which is a bug of ours\n${String(error instanceof Error ? error.stack : error)}`,
    );
    return EXIT.internal;
  }
}

function help(): string {
  const width = Math.max(...VERBS.map(({ usage }) => usage.length));
  const lines = VERBS.map(({ usage, about }) => `  ${usage.padEnd(width)}  ${about}`);
  const codes = Object.entries(EXIT).map(([name, code]) => `${code} ${name}`);
  return [
    'Lockstep keeps Five9 and Microsoft Teams in step, both ways.',
    '',
    ...lines,
    '',
    `Exit codes: ${codes.join(', ')}`,
  ].join('\n');
}
