// `npm run check`: everything that is fast, in one table. `--only NAME` runs one of them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, root } from './setup.mjs';

install();
const node = process.execPath;
const bin = (name) => join(root, 'node_modules', '.bin', name);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const CHECKS = [
  {
    name: 'unit, property, architecture',
    command: node,
    args: [
      '--import',
      'tsx',
      'scripts/run-tests.mjs',
      'src',
      'emulators',
      'web',
      'test/architecture',
      'test/tidy',
      'test/property',
    ],
  },
  { name: 'format', command: bin('oxfmt'), args: ['--check'] },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', command: node, args: [tsc, '-p', 'tsconfig.json'] },
  { name: 'types web', command: node, args: [tsc, '-p', 'tsconfig.web.json'] },
  { name: 'dead code', command: bin('knip'), args: ['--no-progress'] },
];

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]
  : undefined;
const chosen = CHECKS.filter(({ name }) => only === undefined || name.startsWith(only));
const started = performance.now();
const results = [];
// Two at a time: the machine that this has to be fast on has two cores.
const queue = [...chosen].reverse();
await Promise.all([worker(), worker()]);

for (const { name, ms, code, output } of results) {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(30)} ${(ms / 1000).toFixed(1)} s`);
  if (code !== 0)
    console.log(`${output.trimEnd()}\n     again: npm run check -- --only "${name}"\n`);
}
// The counts of the tests themselves, as the test runner closes with them.
for (const line of results.flatMap(({ counts }) => counts)) console.log(line);
const failed = results.filter(({ code }) => code !== 0).length;
console.log(
  `${results.length - failed} passed, ${failed} failed in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
process.exit(failed === 0 ? 0 : 1);

async function worker() {
  for (let check = queue.pop(); check !== undefined; check = queue.pop())
    results.push(await runOne(check));
}

function runOne({ name, command, args }) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('close', (code) =>
      resolve({
        name,
        ms: performance.now() - begun,
        code,
        output: failures(output),
        counts: countsOf(output),
      }),
    );
  });
}

function countsOf(output) {
  return output.split('\n').filter((line) => /^# (tests|pass|fail|skipped) \d+$/.test(line));
}

// Of a test report only what failed is worth reading.
function failures(output) {
  if (!output.includes('\n# pass ')) return output;
  const lines = output.split('\n');
  return lines
    .filter(
      (line, index) =>
        /not ok/.test(line) || isNearFailure(lines, index) || /^# (tests|pass|fail)/.test(line),
    )
    .join('\n');
}

function isNearFailure(lines, index) {
  for (let back = index; back > Math.max(0, index - 30); back -= 1)
    if (/not ok/.test(lines[back])) return true;
  return false;
}
