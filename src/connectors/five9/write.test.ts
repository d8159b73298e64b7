import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../model/mark.ts';
import { guardAgainst, isPending, planOf, type Plan } from './write.ts';

const PUT: Command = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: '410009',
};
const RESTORE: Command = { ...PUT, kind: 'restore', previous: 'CALL,VOICE_MAIL' };
const READY = { channels: ['CALL', 'VOICE_MAIL'], code: '0' };
const OURS = { channels: [], code: '410009' };
const THEIRS = { channels: [], code: '410002' };

function bodyOf(plan: Plan): unknown {
  assert.ok(plan.kind === 'send');
  return JSON.parse(plan.body);
}

function refusal(command: Command): string {
  const plan = planOf(command, 'full');
  assert.ok(plan.kind === 'refuse');
  return plan.reason;
}

describe('writing readiness', () => {
  it('puts Not Ready with the reason code as the whole presence resource', () => {
    assert.deepEqual(bodyOf(planOf(PUT, 'full')), {
      currentState: { readyChannels: [], notReadyReasonCodeId: '410009' },
      pendingState: null,
      currentStateTime: 0,
      pendingStateDelayTime: 0,
      gracefulModeOn: false,
    });
  });

  it('restores the very channels that stood there, in the shape that is configured', () => {
    assert.deepEqual(bodyOf(planOf(RESTORE, 'current_state')), {
      readyChannels: ['CALL', 'VOICE_MAIL'],
      notReadyReasonCodeId: '0',
    });
    const plan = planOf({ ...RESTORE, previous: ' EMAIL , SOCIAL' }, 'full');
    assert.ok(plan.kind === 'send');
    assert.deepEqual(plan.wanted, { channels: ['EMAIL', 'SOCIAL'], code: '0' });
  });

  it('never invents the channels of a restore', () => {
    const { previous: _, ...unknown } = RESTORE;
    assert.equal(refusal(unknown), 'refused');
    for (const previous of ['', ' ', 'CALL,', 'call', 'CALL;CHAT', 'A,'.repeat(40)]) {
      assert.equal(refusal({ ...RESTORE, previous }), 'refused', previous);
    }
  });

  it('refuses what Five9 cannot express', () => {
    assert.equal(refusal({ ...PUT, kind: 'clear' }), 'cannot_express');
    assert.equal(refusal({ ...PUT, value: 'ready' }), 'cannot_express');
    assert.equal(refusal({ ...PUT, slot: 'preferred' }), 'cannot_express');
    assert.equal(refusal({ ...PUT, slotKind: 'session' }), 'cannot_express');
    assert.equal(refusal({ ...PUT, platform: 'teams' }), 'cannot_express');
    const { reasonCode: _, ...without } = PUT;
    assert.equal(refusal(without), 'unmapped');
    for (const reasonCode of ['', '0', '-3', 'lunch', '1'.repeat(40)]) {
      assert.equal(refusal({ ...PUT, reasonCode }), 'unmapped', reasonCode);
    }
  });
});

describe('the guard before a write', () => {
  it('lets a put replace readiness or a code of ours, never a person’s Not Ready', () => {
    assert.equal(guardAgainst(PUT, READY, ['410009']), undefined);
    assert.equal(guardAgainst(PUT, OURS, []), undefined);
    assert.equal(guardAgainst(PUT, { channels: [], code: '410010' }, ['410010']), undefined);
    assert.match(guardAgainst(PUT, THEIRS, ['410009']) ?? '', /by themselves/);
  });

  it('lets a restore replace nothing but what we wrote', () => {
    assert.equal(guardAgainst(RESTORE, OURS, []), undefined);
    const { reasonCode: _, ...anyOfOurs } = RESTORE;
    assert.equal(guardAgainst(anyOfOurs, OURS, ['410009']), undefined);
    assert.match(guardAgainst(RESTORE, THEIRS, ['410009']) ?? '', /another reason/);
    assert.match(guardAgainst(RESTORE, READY, ['410009']) ?? '', /no longer Not Ready/);
  });
});

describe('a reply to a write', () => {
  const rest = (channels: readonly string[], code: string): unknown => ({
    readyChannels: channels,
    notReadyReasonCodeId: code,
  });

  it('is pending when what is to come was asked for and what holds was not', () => {
    const now = rest(['CALL'], '0');
    const next = rest([], '410009');
    assert.equal(isPending({ currentState: now, pendingState: next }, OURS), true);
    assert.equal(isPending({ currentStateLong: now, pendingState: next }, OURS), true);
    assert.equal(isPending({ currentState: next, pendingState: next }, OURS), false);
    assert.equal(isPending({ currentState: now, pendingState: rest([], '7') }, OURS), false);
  });

  it('says nothing when it cannot be read', () => {
    for (const body of [undefined, null, 'ok', {}, { currentState: 'x' }, { pendingState: {} }]) {
      assert.equal(isPending(body, OURS), false);
    }
  });
});
