// `npm start`: installs and builds if needed, then runs the sandbox: emulated Five9, Entra and
// Graph, agents living a working day, and Lockstep between them. Arguments pass through:
// npm start -- --port 8430 --agents 200 --seed 1
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, root } from './setup.mjs';

install();
build();
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    join(root, 'dist', 'src', 'main.js'),
    'sandbox',
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 0));
