/**
 * Secrets: from a reference to the content, by way of a file or the environment.
 *
 * A file of secrets is read once at start; to rotate one, write the new content and start again.
 */
import type { ConfigIo, Secret } from './config.ts';
import type { SecretReference } from './fields.ts';

/** Longest secret that is read. An RSA-4096 key as PEM has some 3,300 bytes. */
const SECRET_BYTES_MAX = 65_536;

const OTHERS_MAY_READ = 0o004;

/** What reading one came to; the words never hold a part of the secret. */
export type Found<T> =
  | { readonly ok: true; readonly value: T; readonly warning?: Advice }
  | { readonly ok: false; readonly problem: Advice };

export interface Advice {
  readonly message: string;
  readonly fix: string;
}

function createSecret(content: string, origin: string): Secret {
  return {
    // Kept in a closure: inspecting or serialising the object cannot reach it.
    reveal: (): string => content,
    origin,
    toJSON: (): string => origin,
    toString: (): string => origin,
  };
}

/**
 * Reads what a reference points to. A problem names neither the path nor the variable: somebody may
 * have written the secret itself there.
 */
export function readSecret(
  reference: SecretReference,
  io: ConfigIo,
  locate: (path: string) => string,
): Found<Secret> {
  if (reference.env !== undefined) return fromEnvironment(reference.env, io);
  const path = locate(reference.file ?? '');
  const found = readNonEmpty(path, io);
  if (!found.ok) return found;
  const secret = createSecret(withoutLastBreak(found.value), `[secret from file ${path}]`);
  if (((io.stat(path)?.mode ?? 0) & OTHERS_MAY_READ) === 0) return { ok: true, value: secret };
  const warning = {
    message: 'points to a file that every user of this machine can read',
    fix: 'take that right away: chmod 600 and the name of the file',
  };
  return { ok: true, value: secret, warning };
}

function fromEnvironment(name: string, io: ConfigIo): Found<Secret> {
  const content = io.env[name];
  if (content !== undefined && content.trim() !== '') {
    return { ok: true, value: createSecret(content, `[secret from environment ${name}]`) };
  }
  const state = content === undefined ? 'not set' : 'empty';
  return refuse(
    `points to an environment variable that is ${state}`,
    'set that variable before the start, or point to a file: { file: path }',
  );
}

/** The text of a file that must be there and must hold something. */
export function readNonEmpty(path: string, io: ConfigIo): Found<string> {
  const facts = io.stat(path);
  if (facts === undefined) {
    return refuse(
      'points to a file that does not exist',
      'create it or correct the path; relative paths count from the folder of this file',
    );
  }
  if (facts.kind !== 'file') return refuse('points to something that is no file', 'name a file');
  if (facts.bytes > SECRET_BYTES_MAX) {
    return refuse(`points to a file of more than ${SECRET_BYTES_MAX} bytes`, 'name the right file');
  }
  const content = tryRead(path, io);
  if (content === undefined) {
    return refuse(
      'points to a file that cannot be read',
      'let the user that runs Lockstep read it',
    );
  }
  if (content.trim() === '') return refuse('points to an empty file', 'write the content into it');
  return { ok: true, value: content };
}

function refuse(message: string, fix: string): Found<never> {
  return { ok: false, problem: { message, fix } };
}

function tryRead(path: string, io: ConfigIo): string | undefined {
  try {
    return io.readFile(path);
  } catch {
    return undefined;
  }
}

/** Editors end a file with a line break that is no part of a password. */
function withoutLastBreak(content: string): string {
  return content.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
}
