/**
 * The command line: one file a verb, one table of verbs, one list of exit codes. A verb writes to
 * `out` what was asked for and to `err` what went wrong, one clear sentence and its fix.
 */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

export const EXIT = {
  ok: 0,
  /** A bug of ours; the text says where to look. */
  internal: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The configuration, the mapping file or a secret is wrong. */
  config: 3,
  /** A platform refuses our credentials or permissions. */
  refused: 4,
  /** The journal is in use, full or damaged. */
  journal: 5,
  /** A check failed (doctor, replay). */
  failed: 6,
  /** What was asked for does not exist. */
  notFound: 7,
  /** The service cannot be reached. */
  unreachable: 8,
} as const;

export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when the process is asked to stop. */
  stopped(): Promise<void>;
}

export interface Verb {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  run(args: readonly string[], io: Io): Promise<number>;
}

/** A mistake with its exit code; `main.ts` prints it without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: number;
  readonly fix: string;

  constructor(exit: number, message: string, fix: string) {
    super(message);
    this.exit = exit;
    this.fix = fix;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** The words of a verb; an unknown option is a usage error that says what is known. */
export function readArgs<O extends Options>(
  args: readonly string[],
  options: O,
  usage: string,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the command line is wrong';
    throw new CliError(EXIT.usage, message, `usage: lockstep ${usage}`);
  }
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** A number in a range, or a usage error that names the option, the value and the range. */
export function readNumber(name: string, text: string | undefined, range: NumberRange): number {
  if (text === undefined) return range.fallback;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= range.min && value <= range.max) return value;
  throw outOfRange(name, text, `a number from ${range.min} to ${range.max}`);
}

export function readWhole(name: string, text: string | undefined, range: NumberRange): number {
  const value = readNumber(name, text, range);
  if (Number.isInteger(value)) return value;
  throw outOfRange(name, text, `a whole number from ${range.min} to ${range.max}`);
}

function outOfRange(name: string, text: string | undefined, wanted: string): CliError {
  return new CliError(EXIT.usage, `--${name} is ${JSON.stringify(text)}`, `give ${wanted}`);
}
