#!/usr/bin/env node
/** The process: arguments, signals, exit code. */
import process from 'node:process';
import type { Io } from './cli/cli.ts';
import { main } from './cli/verbs.ts';

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

const io: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  stopped: () => stopped,
};

process.exitCode = await main(process.argv.slice(2), io);
