// Set-up that every command shares: install when the lock file is newer than what is installed,
// build when a source is newer than what is built. Plain Node, so that it runs before anything is
// installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const installedMark = join(root, 'node_modules', '.lockstep-installed');
const builtMark = join(root, 'dist', '.lockstep-built');

export function install() {
  const wanted = hashOf(['package-lock.json']);
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === wanted) return;
  say('Installing the dependencies (once, about a minute) …');
  // Engine warnings of optional build tools would only distract; errors are still shown.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installedMark, wanted);
}

export function build() {
  const wanted = hashOf(
    sources(['src', 'emulators', 'web']).concat([
      'package-lock.json',
      'vite.config.ts',
      'tsconfig.build.json',
    ]),
  );
  if (existsSync(builtMark) && readFileSync(builtMark, 'utf8') === wanted) return;
  say('Building …');
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  run(bin('vite'), ['build', '--logLevel', 'warn']);
  mkdirSync(dirname(builtMark), { recursive: true });
  writeFileSync(builtMark, wanted);
}

export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.status !== 0) {
    say(`${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}`);
    process.exit(result.status ?? 1);
  }
}

function sources(folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.(ts|tsx|css|html|svg)$/.test(path) && statSync(join(root, path)).isFile())
    .sort();
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function say(text) {
  console.error(text);
}
