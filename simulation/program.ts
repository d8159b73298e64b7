/**
 * The simulated world as plain JavaScript in a folder of its own: it runs faster than through the
 * loader, and a canary can be planted in a copy without a trace of it in the product.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One change of one source file; `find` must stand there exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export interface Program {
  /** The compiled worker of a batch. */
  readonly worker: string;
  remove(): void;
}

export function compileWorld(patches: readonly Patch[] = []): Program {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-world-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  for (const part of ['src', 'emulators', 'simulation', 'tsconfig.base.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  for (const patch of patches) plant(folder, patch);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  write(folder, 'package.json', { type: 'module' });
  write(folder, 'tsconfig.json', {
    extends: './tsconfig.base.json',
    compilerOptions: { rootDir: '.', outDir: 'out', noCheck: true, types: [] },
    files: ['simulation/worker.ts'],
  });
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    remove();
    throw new Error(`the simulated world does not compile: ${stdout}`);
  }
  return { worker: join(folder, 'out', 'simulation', 'worker.js'), remove };
}

function plant(folder: string, { file, find, put }: Patch): void {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`${file} holds ${parts.length - 1} times what a canary replaces: ${find}`);
  }
  writeFileSync(path, parts.join(put));
}

function write(folder: string, file: string, content: unknown): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}
