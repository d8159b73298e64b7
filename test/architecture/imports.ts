/** Reads the imports of TypeScript files and judges them by the rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Room } from './rules.ts';
import { EMULATOR_DOORS, IMPURE, PURE, ROOMS } from './rules.ts';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

export function readTree(root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => readSource(root, path)),
  );
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? 'does not parse'}`);
  const reExports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  );
  const dynamicImports = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  );
  return {
    path: relative(root, path).split(sep).join('/'),
    text,
    imports: [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...reExports,
    ],
    dynamicImports,
  };
}

/** One line for each import, or each word in pure code, that the rules forbid. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => (isTest(file.path) ? [] : violationsOf(file)));
}

function violationsOf(file: SourceFile): string[] {
  return [
    ...file.imports.flatMap((target) => importViolation(file.path, target)),
    ...file.dynamicImports.flatMap((target) => dynamicViolation(file.path, target)),
    ...impurities(file),
  ];
}

function importViolation(path: string, target: string): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} stands in no room: add its folder to rules.ts`];
  if (!target.startsWith('.')) {
    return mayUse(room, target) ? [] : [`${path} uses the package ${target}`];
  }
  const resolved = resolve(path, target);
  const own = resolved.startsWith(room.folder) && roomOf(resolved)?.folder === room.folder;
  const allowed =
    own || room.may.some((prefix) => resolved === prefix || resolved.startsWith(`${prefix}/`));
  return allowed ? [] : [`${path} imports ${resolved}`];
}

function dynamicViolation(path: string, target: string): string[] {
  const resolved = target.startsWith('.') ? resolve(path, target) : target;
  if (!resolved.startsWith('emulators')) return [];
  const door = EMULATOR_DOORS.some((prefix) => path === prefix || path.startsWith(prefix));
  return door ? [] : [`${path} loads ${resolved}`];
}

function impurities({ path, text }: SourceFile): string[] {
  if (!PURE.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return [];
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
  const unquoted = code.replaceAll(/'[^'\n]*'|`[^`]*`/g, "''");
  return IMPURE.filter((pattern) => pattern.test(unquoted)).map(
    (pattern) => `${path} is pure but has ${pattern.source}`,
  );
}

function roomOf(path: string): Room | undefined {
  return ROOMS.filter(
    ({ folder }) =>
      path === folder ||
      path.startsWith(`${folder}/`) ||
      (folder.includes('/cli/') && path.startsWith(folder)),
  ).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function mayUse(room: Room, name: string): boolean {
  return room.packages.some((allowed) =>
    allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  );
}

function resolve(path: string, target: string): string {
  return normalize(join(dirname(path), target))
    .split(sep)
    .join('/');
}

/** Tests and the small kits beside them may use more than the code that they test. */
function isTest(path: string): boolean {
  return /\.test\.tsx?$|\.test-kit\.ts$|\/conformance|\/fixtures\//.test(path);
}
