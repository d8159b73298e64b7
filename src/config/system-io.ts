/** The outside world of the configuration: this process's files and environment. */
import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import type { ConfigIo, FileFacts } from './config.ts';

export function systemIo(): ConfigIo {
  return {
    readFile: (path) => readFileSync(path, 'utf8'),
    env: process.env,
    stat: lookAt,
  };
}

function lookAt(path: string): FileFacts | undefined {
  try {
    const stats = statSync(path);
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
    // Windows has no such bits: Node makes them up from the read-only flag.
    const mode = process.platform === 'win32' ? {} : { mode: stats.mode };
    return { kind, bytes: stats.size, ...mode };
  } catch {
    return undefined;
  }
}
