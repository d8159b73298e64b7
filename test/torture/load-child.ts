/**
 * A journal under a steady load, watched from inside: how late the event loop was and how much
 * memory was in use. Beside it an idle thread measures how late the machine itself makes a loop.
 *
 * Arguments: path, records a second, seconds. Says one line at the end: a `Watched` as JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pass } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { SqliteJournal } from '../../src/journal/sqlite.ts';
import type { Lag, Sample, Watched } from './watch.ts';

const [path = '', perSecond = '', seconds = ''] = process.argv.slice(-3);
const TURN_MS = 20;
const SAMPLE_MS = 250;
const SNAPSHOT_MS = 4_000;
const AGENTS = 1_000;

const IDLE = `
  const { monitorEventLoopDelay } = require('node:perf_hooks');
  const { parentPort } = require('node:worker_threads');
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  parentPort.once('message', () => {
    parentPort.postMessage({ p99Ms: lag.percentile(99) / 1e6, maxMs: lag.max / 1e6 });
  });`;

async function live(): Promise<void> {
  const idle = new Worker(IDLE, { eval: true, execArgv: [] });
  const journal = await openSqliteJournal({ path });
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const { samples, snapshots } = await work(journal);
  lag.disable();
  const reply = new Promise<Lag>((resolve) => idle.once('message', resolve));
  idle.postMessage('enough', []);
  const idleLag = await reply;
  const { ok } = await journal.verify();
  const watched: Watched = {
    ok,
    records: journal.head().seq,
    snapshots,
    lag: { p99Ms: lag.percentile(99) / 1e6, maxMs: lag.max / 1e6 },
    idleLag,
    samples,
  };
  await journal.close();
  await idle.terminate();
  process.stdout.write(`${JSON.stringify(watched)}\n`);
}

/** Appends what is due by the clock; what a slow disk holds up is made good, up to a second. */
async function work(
  journal: SqliteJournal,
): Promise<{ samples: readonly Sample[]; snapshots: number }> {
  const samples: Sample[] = [];
  const began = performance.now();
  const rate = Number(perSecond) / 1_000;
  let [sampled, saved, snapshots, appended] = [began, began, 0, 0];
  for (;;) {
    const now = performance.now();
    if (now - began > Number(seconds) * 1_000) break;
    const due = Math.min((now - began) * rate, appended + rate * 1_000);
    for (; appended < due; appended += 1) append(journal, appended);
    if (now - sampled > SAMPLE_MS) {
      sampled = now;
      const { rss, heapUsed } = process.memoryUsage();
      samples.push({ rss, heapUsed });
    }
    if (now - saved > SNAPSHOT_MS) {
      saved = now;
      snapshots += 1;
      await save(journal);
    }
    await Promise.all([journal.durable(journal.head().seq), pass(TURN_MS)]);
  }
  return { samples, snapshots };
}

function append(journal: SqliteJournal, n: number): void {
  const body = { platform: 'five9', state: 'READY', channels: ['VOICE', 'CHAT'], since: n, n };
  journal.append({
    kind: 'observed',
    at: 1_700_000_000_000 + n,
    agent: `agent-${n % AGENTS}`,
    body,
  });
}

async function save(journal: SqliteJournal): Promise<void> {
  const { seq, hash } = journal.head();
  const agents = Array.from({ length: AGENTS }, (_, n) => ({
    id: `agent-${n}`,
    faces: { five9: { state: 'READY', since: seq + n }, teams: { availability: 'Available' } },
  }));
  await journal.saveSnapshot({ seq, hash, body: { agents } });
}

void live();
