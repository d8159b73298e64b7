import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { postFrom } from './event-wire.ts';

const AT = '2026-01-05T08:00:00.000Z';
const EVENT = {
  event: 'NotReady',
  agentId: '300000000500101',
  agentInfo: { id: '300000000500101' },
  agentState: 'NOT_READY',
  sequence_number: 7,
  reasonCode: '410001',
  reasonSince: AT,
};
const READ = {
  ids: ['300000000500101'],
  subscription: '',
  sequence: 7,
  row: {
    id: '300000000500101',
    state: 'NOT_READY',
    reasonCodeId: '410001',
    stateSince: Date.parse(AT),
    reasonCodeSince: Date.parse(AT),
  },
};

function only(value: unknown): unknown {
  return postFrom(JSON.stringify(value))?.events[0];
}

describe('a post of events', () => {
  it('is read in whichever envelope it comes, with whatever else is in it', () => {
    for (const post of [
      EVENT,
      [EVENT],
      { events: [EVENT] },
      { data: EVENT },
      { version: 1, links: [{ a: null }], data: { events: [{ ...EVENT, more: [1] }] } },
      { payload: JSON.parse(JSON.stringify({ event: EVENT })) as unknown },
    ]) {
      assert.deepEqual(postFrom(JSON.stringify(post)), { events: [READ], spoiled: 0 });
    }
  });

  it('loses a bad event and nothing else', () => {
    const post = postFrom(JSON.stringify([{ agentState: 'READY' }, EVENT, 7, null]));

    assert.deepEqual([post?.events.length, post?.spoiled], [1, 1]);
  });

  it('that holds no event is refused', () => {
    for (const text of ['', '{', '{}', '[]', '7', '"x"', '{"id":"1"}', '{"events":[]}']) {
      assert.equal(postFrom(text), undefined, text);
    }
    assert.equal(postFrom(`${'['.repeat(50_000)}${']'.repeat(50_000)}`), undefined);
  });

  it('names an agent by every id that it has, the agent’s own first', () => {
    const event = { agentId: 1, agentInfo: { userUID: 'u-1', vccId: '300' }, agentState: 'READY' };

    assert.deepEqual(only(event), { ids: ['1', '300', 'u-1'], subscription: '' });
  });
});

describe('the content of an event', () => {
  it('is left out where the state, its time or its reason is not told', () => {
    for (const less of [
      { agentState: 'SOMETHING' },
      { agentState: undefined },
      { reasonSince: undefined },
      { reasonSince: 'yesterday' },
      { reasonCode: undefined },
    ]) {
      const read = postFrom(JSON.stringify({ ...EVENT, ...less }))?.events[0];
      assert.equal(read?.sequence, 7);
      assert.equal(read?.row, undefined, JSON.stringify(less));
    }
  });

  it('is read in other spellings too', () => {
    const read = postFrom(
      JSON.stringify({
        ...EVENT,
        agentState: 'Not Ready',
        sequence_number: undefined,
        sequenceNumber: '7',
        reasonSince: Date.parse(AT),
        reasonCode: 410_001,
      }),
    );

    assert.deepEqual(read?.events, [READ]);
  });
});
