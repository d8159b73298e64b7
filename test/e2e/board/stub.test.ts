import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  agentDetailSchema,
  boardPageSchema,
  streamEvents,
} from '../../../src/api/contract/board.ts';
import { createWorld } from '../../../web/dev/world.ts';
import { startStub } from '../../../web/dev/stub.ts';

const NOW = 1_700_000_000_000;

/** The first events of the stream, until each name has been seen. */
async function listen(url: string, names: readonly string[]): Promise<Map<string, unknown>> {
  const abort = new AbortController();
  const response = await fetch(`${url}v1/stream`, { signal: abort.signal });
  const seen = new Map<string, unknown>();
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    text += (await reader?.read())?.value ?? '';
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [event = '', data = ''] = frame.split('\n');
      seen.set(event.replace('event: ', ''), JSON.parse(data.replace('data: ', '')));
    }
    if (names.every((name) => seen.has(name))) break;
  }
  abort.abort();
  return seen;
}

describe('the stand-in server', () => {
  it('speaks the contract: pages, details and every event of the stream', async () => {
    const stub = await startStub({
      agents: 700,
      changesPerSecond: 40,
      seed: 3,
      port: 0,
      site: 'nowhere',
    });
    try {
      const first = boardPageSchema.parse(await (await fetch(`${stub.url}v1/agents`)).json());
      assert.equal(first.items.length, 500);
      const cursor = first.nextCursor ?? '';
      const rest = await (await fetch(`${stub.url}v1/agents?cursor=${cursor}`)).json();
      const second = boardPageSchema.parse(rest);
      assert.equal(second.items.length, 200);
      assert.equal(second.nextCursor, undefined);
      const detail = await (await fetch(`${stub.url}v1/agents/agent-0001`)).json();
      assert.equal(agentDetailSchema.parse(detail).id, 'agent-0001');

      const events = await listen(stub.url, ['hello', 'summary', 'agents', 'ages']);
      streamEvents.hello.parse(events.get('hello'));
      streamEvents.summary.parse(events.get('summary'));
      streamEvents.agents.parse(events.get('agents'));
      const ages = streamEvents.ages.parse(events.get('ages'));
      assert.equal(ages.platforms['five9']?.length, 700);
    } finally {
      await stub.stop();
    }
  });

  it('plays the same board for the same seed', () => {
    const play = (seed: number): unknown => {
      const world = createWorld({ agents: 50, seed, now: NOW });
      return [world.items(NOW), world.change(30, NOW + 100), world.change(30, NOW + 200)];
    };
    assert.deepEqual(play(5), play(5));
    assert.notDeepEqual(play(5), play(6));
  });
});
