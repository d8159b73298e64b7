import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf, isKnownWord } from './learn-frame.ts';
import { ANN, BOB, READY, RESTING, frameText, row } from './scripted-five9.test.ts';

const agents = (...rows: readonly object[]): string =>
  frameText('5000', [{ dataSource: 'AGENT_STATE', data: rows }]);

describe('the digest of a frame', () => {
  it('counts rows and bytes, and tells an event that is not known by its number', () => {
    const text = agents(row({ id: ANN, state: 'READY', now: READY }), { id: BOB });

    const { event, isKnown, rows, bytes } = digestOf(text);

    assert.deepEqual([event, isKnown, rows, bytes], ['5000', true, 2, Buffer.byteLength(text)]);
    const other = digestOf(frameText('6789', null));
    assert.deepEqual([other.event, other.isKnown], ['6789', false]);
  });

  it('tells words of enumerations, and which of them are known', () => {
    const words = digestOf(
      agents({
        ...row({ id: ANN, state: 'READY', now: READY }),
        mediaAvailability: 'MOSTLY_AVAILABLE',
        channelAvailability: { Voice: { status: 'ready' }, Chat: { status: 'not-enabled' } },
      }),
    ).words;

    assert.deepEqual(words.filter((word) => !isKnownWord(word)).toSorted(), [
      'channelStatus=ready',
      'mediaAvailability=MOSTLY_AVAILABLE',
      'readyChannel=CHAT',
    ]);
  });

  it('tells no text that could be of somebody', () => {
    const digest = digestOf(
      agents({
        ...row({ id: ANN, state: 'NOT_READY', now: RESTING }),
        state: 'Ann Example',
        callType: '+49 170 1234567',
        mediaAvailability: 'ann@example.com',
        customer: 'CANARY',
        channelAvailability: { CANARY: { status: '300000000500102' } },
      }),
    );

    assert.doesNotMatch(JSON.stringify(digest), /Ann Ex|170|example|CANARY|3000/i);
    assert.ok(digest.words.includes('callType=(another form)'));
    assert.equal(digestOf(frameText('5000-of-ann', null)).event, 'other');
    assert.equal(digestOf('CANARY').event, 'other');
  });
});
