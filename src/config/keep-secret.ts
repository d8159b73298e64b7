/** Writes a file of a secret: whole or not at all, and for nobody else to read. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws what the system says when it cannot. */
export function keepSecret(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${content}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}
