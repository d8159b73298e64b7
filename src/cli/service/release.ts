/** What this installation is: its version, and where the built console lies. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, found upwards from here, in the sources as in dist. */
const PACKAGE_ROOT = packageRoot(dirname(fileURLToPath(import.meta.url)));

export const VERSION = versionOf(join(PACKAGE_ROOT, 'package.json'));

/** The built console, if it was built. */
export function webRoot(): { readonly webRoot?: string } {
  const folder = join(PACKAGE_ROOT, 'dist', 'web');
  return existsSync(join(folder, 'index.html')) ? { webRoot: folder } : {};
}

function packageRoot(start: string): string {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return start;
}

function versionOf(path: string): string {
  const text: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const version =
    typeof text === 'object' && text !== null && 'version' in text ? text.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}
