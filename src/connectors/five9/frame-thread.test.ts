import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { frameOf, type Frame } from './frame.ts';
import { createFrameThread } from './frame-thread.ts';
import { partsOf } from './parts.ts';
import { frameText, READY, row } from './scripted-five9.test.ts';

const agents = (count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, n) => row({ id: `${1_000 + n}`, state: 'READY', now: READY }));
const block = { dataSource: 'AGENT_STATE' };
const full = (count: number): string =>
  frameText('5000', [{ ...block, data: [...agents(count), { id: '' }] }]);
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function all(parts: AsyncIterable<Frame>): Promise<Frame[]> {
  const read: Frame[] = [];
  for await (const part of parts) read.push(part);
  return read;
}

describe('parts of a frame', () => {
  it('hold every row once, in order, and only the last says that nothing follows', () => {
    const frame = frameOf(full(5));
    const parts = [...partsOf(frame, 2)];
    assert.ok(frame.kind === 'full' && parts.every((part) => part.kind === 'full'));
    assert.deepEqual(
      parts.map(({ rows, badRows, more }) => [rows.length, badRows, more]),
      [
        [2, 1, true],
        [2, 0, true],
        [1, 0, undefined],
      ],
    );
    assert.deepEqual(
      parts.flatMap(({ rows }) => rows),
      frame.rows,
    );
  });

  it('tell who was removed after all rows', () => {
    const removed = ['a', 'b', 'c'];
    const frame = frameOf(frameText('5012', [{ ...block, updated: agents(3), removed }]));
    const parts = [...partsOf(frame, 2)];
    assert.ok(parts.every((part) => part.kind === 'diff'));
    assert.deepEqual(
      parts.map((part) => [part.rows.length, part.removed]),
      [
        [2, []],
        [1, ['a']],
        [0, ['b', 'c']],
      ],
    );
  });

  it('are one where there is nothing to cut', () => {
    for (const text of [full(0), frameText('1202', 'pong'), 'no frame']) {
      assert.deepEqual([...partsOf(frameOf(text))], [frameOf(text)]);
    }
  });
});

describe('the thread that reads large frames', () => {
  const thread = createFrameThread();
  after(() => thread.close());

  it('reads what is read without it, and takes the bytes', async () => {
    for (const text of [full(250), frameText('1002', {}), '{"context":', '\ufeff{}']) {
      const bytes = bytesOf(text);
      assert.deepEqual(await all(thread.read(bytes)), [...partsOf(frameOf(text))]);
      assert.equal(bytes.length, 0, 'handed on without a copy');
    }
  });

  it('reads two frames at a time, and lets go of one that nobody reads on', async () => {
    const [one, two] = [thread.read(bytesOf(full(350))), thread.read(bytesOf(full(150)))];
    for await (const part of one) {
      assert.ok(part.kind === 'full' && part.more);
      break;
    }
    assert.equal((await all(two)).length, 2);
  });

  it('gives up what it read when it dies, and the next frame has a new one', async () => {
    let started = 0;
    const mortal = createFrameThread(() => {
      started += 1;
      return new Worker(
        'require("node:worker_threads").parentPort.once("message", () => process.exit(3))',
        {
          eval: true,
          execArgv: [],
        },
      );
    });
    await assert.rejects(all(mortal.read(bytesOf(full(1)))), /ended/);
    await assert.rejects(all(mortal.read(bytesOf(full(1)))), /ended/);
    assert.equal(started, 2);
  });

  it('does not take the process with it when it has not the memory', async () => {
    const small = createFrameThread(
      () =>
        new Worker(
          'require("node:worker_threads").parentPort.once("message", () => { const a = []; for (;;) a.push([a.length]); })',
          { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 16 } },
        ),
    );
    await assert.rejects(all(small.read(bytesOf(full(1)))), /memory/);
  });
});
