import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, integer, property, record } from 'fast-check';
import { presetOf } from '../../model/preset.ts';
import { isStale } from '../../model/observation.ts';
import { observationOf, presenceOf, stampOf, standingOf } from './read.ts';
import { BOB, BREAK, OURS, READY, RESTING, row, T0, type RowSpec } from './scripted-five9.test.ts';
import { rowSchema, type Row } from './wire.ts';

const LABELS = new Map([[BREAK, 'Break']]);

function rowOf(spec: Partial<RowSpec>): Row {
  return rowSchema.parse(row({ id: BOB, state: 'NOT_READY', now: RESTING, ...spec }));
}

describe('reading an agent row', () => {
  it('knows the six states of Five9', () => {
    const seen = ['LOGGED_OUT', 'NOT_READY', 'READY', 'RINGING', 'ON_CALL', 'ACW'].map((state) => {
      const presence = presenceOf(rowOf({ state }), LABELS);
      return [state, presence.reach, presence.acd, presence.activity, presetOf(presence)].join(' ');
    });
    assert.deepEqual(seen, [
      'LOGGED_OUT offline logged_out none offline',
      'NOT_READY away not_ready none not_ready',
      'READY available ready none ready',
      'RINGING busy reserved none ringing',
      'ON_CALL busy engaged call in_call',
      'ACW busy wrap_up admin wrap_up',
    ]);
  });

  it('keeps the reason of Not Ready with its label, and says it in the raw text', () => {
    const presence = presenceOf(rowOf({}), LABELS);
    assert.deepEqual(presence.reason, { code: BREAK, label: 'Break' });
    assert.equal(presence.raw, `NOT_READY:${BREAK}`);
    assert.equal(presence.since, T0);
    assert.deepEqual(presence.channels, []);
    assert.equal('pending' in presence, false);
    assert.deepEqual(presenceOf(rowOf({ now: OURS }), LABELS).reason, { code: '410009' });
  });

  it('takes an unknown state for unknown, not for available, and keeps its words', () => {
    const presence = presenceOf(rowOf({ state: 'ON_THE_MOON', now: READY }), LABELS);
    assert.equal(presence.reach, 'unknown');
    assert.equal(presetOf(presence), 'unknown');
    assert.equal(presence.raw, 'ON_THE_MOON');
  });

  it('shows what is pending, also in a call, and the channels as they are now', () => {
    const presence = presenceOf(rowOf({ state: 'ON_CALL', now: READY, next: OURS }), LABELS);
    assert.deepEqual(presence.channels, ['CALL', 'CHAT']);
    assert.deepEqual(presence.pending, {
      acd: 'not_ready',
      reason: { code: '410009' },
      channels: [],
    });
    const back = presenceOf(rowOf({ state: 'ACW', now: OURS, next: READY }), LABELS);
    assert.deepEqual(back.pending, { acd: 'ready', channels: ['CALL', 'CHAT'] });
  });

  it('does not take the order of the channels for a change', () => {
    const next = { readyChannels: ['CHAT', 'CALL'], notReadyReasonCode: 0 };
    assert.equal(
      'pending' in presenceOf(rowOf({ state: 'READY', now: READY, next }), LABELS),
      false,
    );
  });

  it('takes a planned time for pending although both states are equal', () => {
    const base = row({ id: BOB, state: 'READY', now: READY });
    const presence = {
      currentState: READY,
      pendingState: READY,
      changeTimestamp: T0,
      nextStateChangeTimestamp: T0 + 30_000,
    };
    const read = presenceOf(rowSchema.parse({ ...base, presence }), LABELS);
    assert.equal(read.pending?.acd, 'ready');
  });

  it('says nothing of channels or pending when the block is missing or damaged', () => {
    for (const presence of [undefined, null, 'x', { currentState: {}, pendingState: 7 }]) {
      const read = presenceOf(rowOf({ state: 'NOT_READY', more: { presence } }), LABELS);
      assert.equal('pending' in read, false);
      assert.equal('channels' in read, false);
      const state = 'LOGGED_OUT';
      assert.equal(standingOf(rowOf({ state, more: { presence } })), undefined);
    }
    const text = rowOf({ more: { presence: undefined, readyChannels: '[CALL, VOICE_MAIL]' } });
    assert.deepEqual(presenceOf(text, LABELS).channels, ['CALL', 'VOICE_MAIL']);
    const none = rowOf({ more: { presence: undefined, readyChannels: '[]' } });
    assert.deepEqual(presenceOf(none, LABELS).channels, []);
  });

  it('takes the usual channels where a ready agent’s row names none', () => {
    const usual = ['CALL', 'VOICE_MAIL'];
    for (const state of ['READY', 'RINGING', 'ON_CALL', 'ACW']) {
      const bare = rowOf({ state, more: { presence: undefined } });
      assert.deepEqual(presenceOf(bare, LABELS).channels, usual);
    }
    const empty = { currentState: { readyChannels: [], notReadyReasonCode: 0 } };
    const ready = rowOf({ state: 'READY', more: { presence: empty } });
    assert.deepEqual(presenceOf(ready, LABELS).channels, usual);
    const onCall = rowOf({ state: 'ON_CALL', more: { presence: empty } });
    assert.deepEqual(presenceOf(onCall, LABELS).channels, [], 'Not Ready after the call');
  });

  it('drops everything else in the row, the customer above all', () => {
    const read = observationOf(rowOf({ state: 'ON_CALL' }), LABELS, {
      generation: 1,
      asOf: 5,
      via: 'push',
    });
    assert.ok(!JSON.stringify(read).includes('Private'));
  });
});

describe('a row as Five9 sends it', () => {
  const since = { onHold: 0, onPark: 0, afterCallWork: 0, loggedOut: 0, onCall: 0, ready: 0 };
  const states = Object.entries({ ...since, notReady: T0 }).flatMap(([name, at]) => [
    [`${name}StateSince`, at] as const,
    [`${name}StateDuration`, 0] as const,
  ]);
  const captured: unknown = {
    id: BOB,
    callType: null,
    campaignId: null,
    customer: null,
    mediaAvailability: 'NOT_AVAILABLE',
    parkedCallsCount: 0,
    reasonCodeId: BREAK,
    state: 'NOT_READY',
    stateSince: T0,
    stateDuration: 0,
    ...Object.fromEntries(states),
    reasonCodeSince: T0 + 60_000,
    reasonCodeDuration: 0,
    permanentRecording: false,
    sessionRecording: false,
    presence: {
      pendingState: RESTING,
      currentState: RESTING,
      onVoice: false,
      onSCC: false,
      changeTimestamp: T0 + 60_001,
      nextStateChangeTimestamp: 0,
      gracefulModeOn: false,
    },
    channelAvailability: {
      Video: { current: 0, max: 1, status: 'not-enabled' },
      Voice: { current: 0, max: 1, status: 'not-ready' },
    },
    currentChatsCount: 0,
    readyChannels: '[]',
  };

  it('is dated by the change of its reason, and since by the change of its state', () => {
    const read = rowSchema.parse(captured);
    assert.equal(stampOf(read), `00${T0 + 60_001}`);
    assert.deepEqual(presenceOf(read, LABELS), {
      reach: 'away',
      acd: 'not_ready',
      activity: 'none',
      reason: { code: BREAK, label: 'Break' },
      channels: [],
      since: T0,
      raw: `NOT_READY:${BREAK}`,
    });
    assert.equal(Object.keys(read).length, 7, 'only the fields that are used');
  });
});

describe('the stamp of a row', () => {
  it('is padded text of the newest change that Five9 dates', () => {
    assert.equal(stampOf(rowOf({ since: T0, changedAt: T0 + 7 })), `00${T0 + 7}`);
    assert.equal(stampOf(rowOf({ more: { reasonCodeSince: T0 + 9 } })), `00${T0 + 9}`);
    assert.equal(stampOf(rowOf({ since: 0, changedAt: 0 })), undefined);
    assert.equal(stampOf(rowOf({ more: { stateSince: 'soon', presence: null } })), undefined);
  });

  it('leaves out a planned time, which would hide the changes before it', () => {
    const presence = { currentState: READY, pendingState: OURS, changeTimestamp: T0 + 1 };
    const planned = rowOf({
      more: { presence: { ...presence, nextStateChangeTimestamp: T0 * 2 } },
    });
    assert.equal(stampOf(planned), `00${T0 + 1}`);
  });

  it('puts a snapshot behind a newer difference and takes an equal one for no step back', () => {
    const version = (spec: Partial<RowSpec>): { generation: number; stamp?: string } =>
      observationOf(rowOf(spec), LABELS, { generation: 3, asOf: 0, via: 'sweep' }).version;
    assert.equal(isStale(version({ since: T0 }), version({ since: T0 + 1 })), true);
    assert.equal(isStale(version({ since: T0 }), version({ since: T0 })), false);
  });

  it('orders as text as it orders as time', () => {
    const times = record({
      a: integer({ min: 1, max: 10 ** 14 }),
      b: integer({ min: 1, max: 10 ** 14 }),
    });
    check(
      property(times, ({ a, b }) => {
        const [left, right] = [a, b].map((since) => stampOf(rowOf({ since, changedAt: 0 })) ?? '');
        assert.equal(Math.sign(a - b), left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1);
      }),
    );
  });
});
