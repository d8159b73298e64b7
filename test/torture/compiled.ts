/**
 * Programs of this folder as plain JavaScript: compiled once, in a third of a second, a child starts
 * in a third of the time that loading TypeScript takes, and runs in the form in which it is shipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Compiled {
  /** The compiled file. */
  readonly file: string;
  remove(): void;
}

/** No import leads to them: they are started as threads. */
const THREADS = ['journal/sqlite-worker.ts', 'connectors/five9/frame-worker.ts'].map((file) =>
  join(ROOT, 'src', file),
);

/** Compiles `name` of this folder and all that it imports. */
export function compile(name: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-compiled-'));
  const write = (file: string, content: unknown): void =>
    writeFileSync(join(folder, file), JSON.stringify(content));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', { type: 'module' });
  write('tsconfig.json', {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: { rootDir: ROOT, outDir: folder, noCheck: true },
    files: [join(ROOT, 'test', 'torture', `${name}.ts`), ...THREADS],
  });
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], {
    encoding: 'utf8',
  });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    throw new Error(`${name}.ts does not compile: ${stdout}`);
  }
  return { file: join(folder, 'test', 'torture', `${name}.js`), remove };
}
