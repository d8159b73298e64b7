// `npm test`: installs if needed, then every test: the fast suite first, then what needs a real
// process, a browser or many seeds. Node's own report closes each part; the last line is the sum.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { build, install, root } from './setup.mjs';

install();
build();
const PARTS = [
  { name: 'check', command: process.execPath, args: ['scripts/check.mjs'] },
  {
    name: 'whole product',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/run-tests.mjs', 'test/e2e'],
  },
  {
    name: 'hostile input',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/run-tests.mjs', 'test/hostile'],
  },
  {
    name: 'simulated world',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/run-tests.mjs', 'test/simulation'],
  },
  {
    name: 'torture of the journal',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/run-tests.mjs', 'test/torture'],
  },
];
// What the parts measure stands there afterwards, for docs/trust.md.
rmSync(join(root, 'reports', 'trust'), { recursive: true, force: true });
let passed = 0;
let failed = 0;
let skipped = 0;
for (const { name, command, args } of PARTS) {
  console.log(`\n# ${name}`);
  const { code, output } = await runPart(command, args);
  const counts = countsOf(output);
  passed += counts.pass;
  skipped += counts.skipped;
  failed += code === 0 ? counts.fail : Math.max(1, counts.fail);
}
if (failed === 0) {
  console.log('\n# trust');
  await runPart(process.execPath, ['--import', 'tsx', 'simulation/trust/main.ts']);
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);

function runPart(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: join(root), stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-2_000_000);
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

// Node's own closing lines give the counts; a part that failed counts as one failure at least.
function countsOf(output) {
  const number = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { pass: number('pass'), fail: number('fail'), skipped: number('skipped') };
}
