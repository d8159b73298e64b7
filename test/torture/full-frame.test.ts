/**
 * Full statistics of 10,000 agents over a real socket, taken in by the connector, the engine and a
 * journal on disk in a process of their own, without its event loop standing still. The machine is
 * shared, and what other programs do to it can only make a standstill longer: the shortest of three
 * counts.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { serveFive9, type ServedFive9 } from '../../emulators/five9/serve.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { newFolder } from '../e2e/kit.ts';
import { compile } from './compiled.ts';
import type { Stalls } from './watch.ts';

const AGENTS = 10_000;
const FRAME_BYTES = 13_000_000;
const MOST_MS = 50;
/**
 * When everybody changes at once the engine decides 10,000 times: one part of it, with a collection
 * of memory in its middle. All of it in one call takes 400 ms and more. What the engine does besides
 * (a snapshot of everybody comes every 20,000 records) is not the frame's, so it is told only.
 */
const MOST_CALL_MS = 200;

describe('full statistics of a very large domain', () => {
  const folder = newFolder();
  after(() => folder.remove());

  it(`${AGENTS} agents are taken in with no standstill above ${MOST_MS} ms`, async (t) => {
    const five9 = await serveFive9({
      clock: systemClock(),
      random: seededRandom('load'),
      agents: AGENTS,
      keepRequests: 10,
      keepWrites: 10,
    });
    const { acts } = five9.emulator;
    for (const agent of acts.agents()) {
      acts.logIn(agent);
      acts.ready(agent);
    }
    const program = compile('full-frame-child');
    try {
      const said = await runChild(program.file, join(folder.path, 'load.db'), five9);
      const { agents, bytes, first, again, all, callMs } = stallsOf(JSON.parse(said));
      t.diagnostic(`a full frame has ${(bytes / 1e6).toFixed(1)} MB`);
      t.diagnostic(`read again: ${again.map((ms) => ms.toFixed(0)).join(', ')} ms`);
      t.diagnostic(`everybody changes: ${all.toFixed(0)} ms, one call ${callMs.toFixed(0)} ms`);
      t.diagnostic(`the first reading, with the engine's own first look: ${first.toFixed(0)} ms`);
      assert.equal(agents, AGENTS);
      assert.ok(bytes >= FRAME_BYTES, `only ${bytes} bytes`);
      assert.ok(Math.min(...again) <= MOST_MS, `stood still for ${again.join(', ')} ms`);
      assert.ok(callMs <= MOST_CALL_MS, `one call took ${callMs} ms`);
    } finally {
      program.remove();
      await five9.close();
    }
  });
});

/** Its last line. */
async function runChild(file: string, journal: string, five9: ServedFive9): Promise<string> {
  const child = spawn(process.execPath, [file, five9.url, journal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { acts } = five9.emulator;
  const closed = once(child, 'close');
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'go') for (const agent of acts.agents()) acts.ring(agent);
    last = line;
  });
  await closed;
  assert.equal(child.exitCode, 0, 'the child ended well');
  return last;
}

/** The child writes nothing else. */
function stallsOf(value: Stalls): Stalls {
  return value;
}
