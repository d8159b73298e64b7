import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../model/mark.ts';
import type { Observation } from '../../model/observation.ts';
import { presetOf } from '../../model/preset.ts';
import { skillsFrom, skillsPlanOf, withSkills } from './skills.ts';

const SALES = '300000000600027';
const SUPPORT = '300000000600020';
const PARKING = '300000000600099';

const PUT: Command = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: 'no_active_skills',
  previous: `${SALES},${SUPPORT}`,
};

function seen(presence: Partial<Observation['presence']>): Observation {
  return {
    platform: 'five9',
    account: '1',
    presence: {
      reach: 'available',
      acd: 'ready',
      activity: 'none',
      channels: ['CALL'],
      since: 7,
      raw: 'READY',
      ...presence,
    },
    version: { generation: 1 },
    asOf: 1,
    via: 'push',
  };
}

describe('reading a state together with active skills', () => {
  it('reads a ready agent without skills as Not Ready, for a reason of its own', () => {
    const { presence } = withSkills(seen({}), [], undefined);
    assert.equal(presetOf(presence), 'not_ready');
    assert.equal(presence.reason?.code, 'no_active_skills');
    assert.deepEqual(presence.channels, []);
    assert.equal(presence.since, undefined);
  });

  it('keeps the skills, in their order, as what a stop takes away', () => {
    const { presence } = withSkills(seen({}), [SALES, SUPPORT], undefined);
    assert.equal(presetOf(presence), 'ready');
    assert.deepEqual(presence.channels, [SALES, SUPPORT]);
  });

  it('takes the parking skill for a stop only where it stands alone and is configured', () => {
    const codeOf = (skills: readonly string[], parking?: string): string | undefined =>
      withSkills(seen({}), skills, parking).presence.reason?.code;
    assert.equal(codeOf([PARKING], PARKING), 'parking_skill');
    assert.equal(codeOf([PARKING]), undefined);
    assert.equal(codeOf([PARKING, SALES], PARKING), undefined);
    assert.equal(codeOf([], PARKING), 'no_active_skills');
  });

  it('leaves every other state as it is, with the stop as what is to come', () => {
    for (const acd of ['engaged', 'not_ready', 'logged_out', 'wrap_up'] as const) {
      const { presence } = withSkills(seen({ acd, raw: acd }), [], undefined);
      assert.equal(presence.acd, acd);
      assert.equal(presence.pending?.acd, 'not_ready');
      assert.equal(presence.pending.reason?.code, 'no_active_skills');
    }
    const none = withSkills(seen({ acd: 'not_ready', channels: [] }), [SALES], undefined);
    assert.deepEqual(none.presence.channels, []);
    assert.equal(none.presence.pending, undefined);
  });

  it('reads ids, numbers and things with an id, and nothing else', () => {
    assert.deepEqual(skillsFrom([SALES, 7, { id: SUPPORT }]), [SALES, '7', SUPPORT]);
    for (const bad of [undefined, {}, 'x', [''], ['a,b'], [null], [-1]]) {
      assert.equal(skillsFrom(bad), undefined);
    }
  });
});

describe('writing active skills', () => {
  it('takes the list that the command carries, and puts back exactly that', () => {
    const saved = [SALES, SUPPORT];
    assert.deepEqual(skillsPlanOf(PUT, undefined), { kind: 'send', expected: saved, wanted: [] });
    assert.deepEqual(skillsPlanOf({ ...PUT, kind: 'restore' }, undefined), {
      kind: 'send',
      expected: [],
      wanted: saved,
    });
    const parked: Command = { ...PUT, kind: 'restore', reasonCode: 'parking_skill' };
    assert.deepEqual(skillsPlanOf(parked, PARKING), {
      kind: 'send',
      expected: [PARKING],
      wanted: saved,
    });
  });

  it('does nothing without a list to give back', () => {
    for (const previous of [undefined, '', 'CALL,VOICE_MAIL', ',']) {
      const { previous: _previous, ...rest } = PUT;
      const command: Command = previous === undefined ? rest : { ...rest, previous };
      assert.equal(skillsPlanOf(command, undefined).kind, 'refuse');
    }
  });

  it('does not guess what a parking skill was that is configured no longer', () => {
    const parked: Command = { ...PUT, kind: 'restore', reasonCode: 'parking_skill' };
    assert.equal(skillsPlanOf(parked, undefined).kind, 'refuse');
  });
});
