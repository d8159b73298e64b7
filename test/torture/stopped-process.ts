/** A process that the operating system holds still, as a suspended machine or container would. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../e2e/kit.ts';

export interface Stop {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Only Linux tells in a file whether a process is stopped. */
export const CANNOT_STOP =
  process.platform === 'linux' ? false : `${process.platform} does not tell who is stopped`;

/** Stops the process, lets real time pass, and lets it go on. */
export async function holdStill(pid: number, ms: number): Promise<Stop> {
  process.kill(pid, 'SIGSTOP');
  try {
    await until('the process stands still', () => stateOf(pid) === 'T', { withinMs: 10_000 });
    const from = Date.now();
    await pass(ms);
    return { from, to: Date.now() };
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** The letter behind the name, which stands in brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}
