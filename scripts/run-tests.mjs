// Imports every *.test.ts below the given folders into this one process: starting a process per
// file would cost more time than the tests. Run with `node --import tsx scripts/run-tests.mjs`.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';

const files = process.argv
  .slice(2)
  .flatMap((path) => (path.endsWith('.test.ts') ? [path] : testsBelow(path)));
if (files.length === 0) {
  console.error('no test file found: name a folder or a *.test.ts file');
  process.exit(2);
}
// What passes only sometimes is a defect: every run draws the same.
fc.configureGlobal({ seed: 1 });
for (const file of files.sort()) {
  await import(pathToFileURL(resolve(file)).href);
}

function testsBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes('fixtures'));
}
