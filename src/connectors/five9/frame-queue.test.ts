import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { frameOf, type Frame } from './frame.ts';
import { createFive9Connector } from './index.ts';
import { partsOf, type LargeFrames } from './parts.ts';
import { ANN, BOB, PASSWORD, RESTING, ScriptedFive9, T0, until } from './scripted-five9.test.ts';

/** Above this, a text of the script counts as large. */
const LARGE = 750;

/** Reads one row a part, each when the test says so. */
class SlowReader implements LargeFrames {
  readonly steps: (() => void)[] = [];
  dies = false;

  async *read(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Frame, void> {
    for (const part of partsOf(frameOf(new TextDecoder().decode(bytes)), 1)) {
      await new Promise<void>((resolve) => this.steps.push(resolve));
      if (this.dies) throw new Error('the thread ended');
      yield part;
    }
  }

  /** Gives the next part. */
  async step(rig: Rig): Promise<void> {
    this.steps.shift()?.();
    await rig.clock.advance(0);
  }
}

interface World {
  readonly rig: Rig;
  readonly five9: ScriptedFive9;
  readonly reader: SlowReader;
  stop(): Promise<void>;
}

async function world(): Promise<World> {
  const rig = createRig();
  const five9 = new ScriptedFive9();
  const reader = new SlowReader();
  const connector = createFive9Connector(
    { username: 'bridge@example.com', password: PASSWORD },
    {
      ...rig,
      exchange: five9.exchange,
      openSocket: (request, handlers) =>
        five9.openSocket(request, {
          ...handlers,
          onText: (text) =>
            request.bytesFrom !== undefined && text.length >= LARGE
              ? handlers.onBytes?.(new TextEncoder().encode(text))
              : handlers.onText(text),
        }),
    },
    { largeFrames: reader },
  );
  connector.start(rig.sink, rig.budget);
  await until(rig, () => reader.steps.length === 1, 'the first large frame is being read');
  return { rig, five9, reader, stop: () => connector.stop() };
}

const seenOf = ({ rig }: World): unknown[] =>
  rig.said.observations.map(({ account, presence }) => [account, presence.raw]);

describe('frames beside a large one', () => {
  it('wait for it, and are told in order, each as of when it came', async () => {
    const here = await world();
    const { rig, five9, reader } = here;
    const askedAt = rig.clock.now();
    await rig.clock.advance(100);
    five9.push({ id: ANN, state: 'NOT_READY', now: RESTING, since: T0 + 9 });
    const pushedAt = rig.clock.now();
    await rig.clock.advance(100);
    assert.deepEqual(seenOf(here), []);
    await reader.step(rig);
    assert.deepEqual(seenOf(here), [[ANN, 'READY']]);
    assert.equal(rig.state(), 'syncing', 'half of the agents are not all');
    assert.deepEqual(rig.said.confirmed, []);
    await reader.step(rig);
    assert.deepEqual(seenOf(here), [
      [ANN, 'READY'],
      [BOB, 'NOT_READY:410002'],
      [ANN, 'NOT_READY:410002'],
    ]);
    assert.deepEqual(
      rig.said.observations.map(({ asOf, via }) => [asOf, via]),
      [
        [askedAt, 'sweep'],
        [askedAt, 'sweep'],
        [pushedAt, 'push'],
      ],
    );
    assert.equal(rig.state(), 'live');
    assert.deepEqual(rig.said.confirmed, [askedAt, pushedAt]);
    await here.stop();
  });

  it('nothing is judged while it is read, however long that takes, and pings go on', async () => {
    const here = await world();
    const { rig, five9, reader } = here;
    await rig.clock.advance(60_000);
    assert.equal(five9.open().length, 1);
    assert.equal(five9.hits('/request_full_statistics').length, 1);
    await reader.step(rig);
    await reader.step(rig);
    await until(rig, () => rig.state() === 'live', 'live');
    assert.deepEqual(rig.said.missing, []);
    await here.stop();
  });

  it('a frame that is lost counts as bad and is asked for again', async () => {
    const here = await world();
    const { rig, five9, reader } = here;
    await reader.step(rig);
    reader.dies = true;
    await reader.step(rig);
    assert.equal(rig.said.counts.get('bad_frame'), 1);
    assert.equal(rig.state(), 'syncing');
    reader.dies = false;
    await until(rig, () => reader.steps.length === 1, 'it came again', 30_000);
    assert.equal(five9.hits('/request_full_statistics').length, 2);
    await reader.step(rig);
    await reader.step(rig);
    assert.equal(rig.state(), 'live');
    assert.deepEqual(rig.said.missing, []);
    await here.stop();
  });

  it('what is left of it is not heard after the feed has ended', async () => {
    const here = await world();
    const { rig, five9, reader } = here;
    await reader.step(rig);
    for (const line of five9.open()) five9.drop(line, 1006);
    const before = rig.said.observations.length;
    await reader.step(rig);
    assert.equal(rig.said.observations.length, before);
    await here.stop();
  });

  it('ends the feed when more comes meanwhile than may wait', async () => {
    const here = await world();
    const { five9, rig } = here;
    const far = 'x'.repeat(64 * 1024 * 1024);
    for (const text of [far, far, far]) five9.say(text);
    assert.equal(five9.open().length, 0);
    await rig.clock.advance(0);
    assert.match(rig.said.health.at(-1)?.detail ?? '', /more than can be read/);
    await here.stop();
  });

  it('a bad large frame is counted like a small one', async () => {
    const here = await world();
    const { rig, five9, reader } = here;
    await reader.step(rig);
    await reader.step(rig);
    five9.say(`{"context":${'['.repeat(LARGE)}`);
    await reader.step(rig);
    assert.equal(rig.said.counts.get('bad_frame'), 1);
    assert.equal(five9.open().length, 1);
    await here.stop();
  });
});
