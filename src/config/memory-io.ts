/** A configuration's outside world without a disk: for the sandbox and for tests. */
import type { ConfigIo, FileFacts } from './config.ts';

export interface MemoryFile {
  readonly text: string;
  readonly mode?: number;
}

/** Owner only, as a file of secrets should be. */
const PRIVATE = 0o600;

export function memoryIo(
  files: Readonly<Record<string, string | MemoryFile>>,
  env: Readonly<Record<string, string>> = {},
): ConfigIo {
  const find = (path: string): MemoryFile | undefined => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    return typeof file === 'string' ? { text: file } : file;
  };
  return {
    env,
    readFile: (path): string => {
      const file = find(path);
      if (file === undefined) throw new Error('no such file');
      return file.text;
    },
    stat: (path): FileFacts | undefined => {
      const file = find(path);
      if (file === undefined) return undefined;
      return { kind: 'file', bytes: file.text.length, mode: file.mode ?? PRIVATE };
    },
  };
}
