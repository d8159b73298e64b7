/**
 * Event loop and memory under a steady load. The limits leave room for a machine with two cores on
 * which other things run: lateness is compared with that of an idle thread in the same process, and
 * only memory that stays in use counts as growth.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as pass } from 'node:timers/promises';
import { after, describe, it } from 'node:test';
import { endHard, lockstep, newFolder } from '../e2e/kit.ts';
import { compile } from './compiled.ts';
import { growth } from './watch.ts';
import type { Watched } from './watch.ts';

const PER_SECOND = 5_000;
const SECONDS = 20;
/** A busy disk and busy neighbours may slow the load down, but it has to be one. */
const LEAST_SHARE = 0.3;
/** Nothing that the journal does on the main thread takes long; a snapshot is the longest. */
const LAG_MS = 100;
const HEAP_GROWTH = 16 * 1024 ** 2;
const RSS_GROWTH = 64 * 1024 ** 2;

const SANDBOX_AGENTS = 200;
const SANDBOX_SAMPLES = 30;
/** The emulated platforms in the same process fill their logs, which are bounded, all the time. */
const SANDBOX_GROWTH = 96 * 1024 ** 2;
const ANSWER_MS = 2_000;

const mega = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`;

describe('under a steady load', { concurrency: 2 }, () => {
  const folder = newFolder();
  after(() => folder.remove());

  it(`a journal with ${PER_SECOND} records a second blocks nothing and does not grow`, async (t) => {
    const program = compile('load-child');
    const path = join(folder.path, 'load.db');
    const child = spawn(process.execPath, [program.file, path, `${PER_SECOND}`, `${SECONDS}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    program.remove();

    const { ok, records, snapshots, lag, idleLag, samples } = watchedOf(JSON.parse(said));
    const heap = growth(samples.map(({ heapUsed }) => heapUsed));
    const rss = growth(samples.map((sample) => sample.rss));
    const most = Math.max(...samples.map((sample) => sample.rss));
    const late = ({ p99Ms, maxMs }: typeof lag): string =>
      `p99 ${p99Ms.toFixed(1)} ms, most ${maxMs.toFixed(0)} ms`;
    t.diagnostic(`${records} records and ${snapshots} snapshots in ${SECONDS} s`);
    t.diagnostic(`late by ${late(lag)}; an idle thread by ${late(idleLag)}`);
    t.diagnostic(`heap grew by ${mega(heap)}, memory by ${mega(rss)}, at most ${mega(most)}`);
    assert.equal(ok, true);
    assert.ok(records > PER_SECOND * SECONDS * LEAST_SHARE, `only ${records} records`);
    assert.ok(snapshots > 1);
    assert.ok(lag.p99Ms < LAG_MS + 3 * idleLag.p99Ms, `late by ${late(lag)}`);
    assert.ok(heap < HEAP_GROWTH, `the heap grew by ${mega(heap)}`);
    assert.ok(rss < RSS_GROWTH, `memory grew by ${mega(rss)}`);
  });

  it(
    `the sandbox with ${SANDBOX_AGENTS} agents answers at once and does not grow`,
    { skip: process.platform === 'linux' ? false : 'memory is read from /proc' },
    async (t) => {
      const running = lockstep('sandbox', '--agents', `${SANDBOX_AGENTS}`, '--port', '0');
      try {
        const [, url = ''] = await running.line(/Console +(http:\S+)\//, 120_000);
        const memory: number[] = [];
        const answers: number[] = [];
        while (memory.length < SANDBOX_SAMPLES) {
          const [ms] = await Promise.all([answerMs(`${url}/metrics`), pass(1_000)]);
          answers.push(ms);
          memory.push(residentBytes(running.pid));
        }

        const grown = growth(memory);
        const slowest = answers.sort((a, b) => a - b).at(Math.floor(answers.length * 0.95)) ?? 0;
        t.diagnostic(`memory grew by ${mega(grown)}, at most ${mega(Math.max(...memory))}`);
        t.diagnostic(`19 of 20 answers within ${slowest.toFixed(0)} ms`);
        assert.ok(grown < SANDBOX_GROWTH, `memory grew by ${mega(grown)}`);
        assert.ok(slowest < ANSWER_MS, `an answer took ${slowest.toFixed(0)} ms`);
        running.kill('SIGTERM');
        assert.equal((await running.ended(60_000)).code, 0);
      } finally {
        await endHard(running);
      }
    },
  );

  it('growth is seen by the measure, and ups and downs are not', () => {
    const saw = Array.from({ length: 90 }, (_, n) => 100 + (n % 10));
    const leak = saw.map((value, n) => value + n);
    const warming = saw.map((value, n) => value + Math.min(n, 30));

    assert.equal(growth(saw), 0);
    assert.equal(growth(leak), 30);
    assert.equal(growth(warming), 0);
  });
});

/** The child writes nothing else. */
function watchedOf(value: Watched): Watched {
  return value;
}

async function answerMs(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(url);
  await response.text();
  assert.equal(response.status, 200);
  return performance.now() - began;
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
