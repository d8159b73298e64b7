import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assert as check,
  boolean,
  constantFrom,
  oneof,
  option,
  property,
  record,
  string,
} from 'fast-check';
import { presetOf } from '../../model/preset.ts';
import { TEAMS_MANIFEST } from './manifest.ts';
import { readPresence } from './read.ts';

function read(pair: string, isOutOfOffice?: boolean): ReturnType<typeof readPresence> {
  const [availability, activity] = pair.split('/', 2);
  const out = isOutOfOffice === undefined ? {} : { outOfOfficeSettings: { isOutOfOffice } };
  return readPresence({
    id: 'x',
    availability: availability === '' ? undefined : availability,
    activity: activity === '' ? undefined : activity,
    sequenceNumber: undefined,
    outOfOfficeSettings: undefined,
    ...out,
  });
}

const PAIRS: readonly (readonly [pair: string, reach: string, activity: string, preset: string])[] =
  [
    ['Available/Available', 'available', 'none', 'available'],
    ['AvailableIdle/Available', 'available', 'idle', 'available'],
    ['Available/AvailableInactive', 'available', 'idle', 'available'],
    ['Available/OutOfOffice', 'available', 'out_of_office', 'out_of_office'],
    ['Away/Away', 'away', 'none', 'away'],
    ['Away/Inactive', 'away', 'idle', 'away'],
    ['Available/Away', 'away', 'none', 'away'],
    ['BeRightBack/BeRightBack', 'away', 'brb', 'brb'],
    ['Busy/Busy', 'busy', 'none', 'busy'],
    ['BusyIdle/Busy', 'busy', 'idle', 'busy'],
    ['Busy/InACall', 'busy', 'call', 'in_call'],
    ['busy/inacall', 'busy', 'call', 'in_call'],
    ['inACall/busy', 'busy', 'call', 'in_call'],
    ['Busy/InAConferenceCall', 'busy', 'conference', 'in_conference'],
    ['Busy/InAMeeting', 'busy', 'meeting', 'in_meeting'],
    ['inAMeeting/busy', 'busy', 'meeting', 'in_meeting'],
    ['DoNotDisturb/DoNotDisturb', 'dnd', 'none', 'dnd'],
    ['DoNotDisturb/Presenting', 'dnd', 'presenting', 'presenting'],
    ['presenting/doNotDisturb', 'dnd', 'presenting', 'presenting'],
    ['DoNotDisturb/Focusing', 'dnd', 'focus', 'focus'],
    ['focusing/doNotDisturb', 'dnd', 'focus', 'focus'],
    ['DoNotDisturb/UrgentInterruptionsOnly', 'dnd', 'none', 'dnd'],
    ['DoNotDisturb/InACall', 'dnd', 'call', 'in_call'],
    ['Offline/Offline', 'offline', 'none', 'offline'],
    ['Offline/OffWork', 'offline', 'off_work', 'off_work'],
    ['OutOfOffice/OutOfOffice', 'away', 'out_of_office', 'out_of_office'],
    ['PresenceUnknown/PresenceUnknown', 'unknown', 'none', 'unknown'],
    ['presenceUnknown/presenceUnknown', 'unknown', 'none', 'unknown'],
    ['Busy/SomethingNew', 'busy', 'none', 'busy'],
    ['SomethingNew/DoNotDisturb', 'dnd', 'none', 'dnd'],
    ['SomethingNew/Available', 'unknown', 'none', 'unknown'],
    ['PresenceUnknown/Available', 'unknown', 'none', 'unknown'],
    ['/Available', 'unknown', 'none', 'unknown'],
    ['SomethingNew/SomethingElse', 'unknown', 'none', 'unknown'],
    ['/', 'unknown', 'none', 'unknown'],
  ];

describe('reading a pair', () => {
  for (const [pair, reach, activity, preset] of PAIRS) {
    it(`${pair} is ${reach} and ${activity}`, () => {
      const { presence } = read(pair);
      assert.deepEqual(
        [presence.reach, presence.activity, presetOf(presence), presence.raw],
        [reach, activity, preset, pair],
      );
      assert.equal(presence.acd, 'none');
    });
  }

  it('tells which words it does not know', () => {
    assert.deepEqual(read('Busy/SomethingNew').unknown, ['SomethingNew']);
    assert.deepEqual(read('PresenceUnknown/Busy').unknown, []);
    assert.deepEqual(read('/').unknown, []);
  });

  it('takes out of office from its own field, beside available only', () => {
    assert.equal(read('Available/Available', true).presence.activity, 'out_of_office');
    assert.equal(read('Available/Available', false).presence.activity, 'none');
    assert.equal(read('Busy/InACall', true).presence.activity, 'call');
    assert.equal(read('Busy/Busy', true).presence.activity, 'none');
    assert.equal(read('PresenceUnknown/PresenceUnknown', true).presence.reach, 'unknown');
  });

  it('reads every value that we write as a preset that it is declared to show', () => {
    for (const list of Object.values(TEAMS_MANIFEST.traits.express)) {
      for (const expression of list) {
        const preset = presetOf(read(expression.value).presence);
        assert.ok(expression.shows.includes(preset), `${expression.value} reads as ${preset}`);
      }
    }
  });

  it('is total, and never makes somebody available whose availability does not say so', () => {
    const word = option(
      oneof(string(), constantFrom(...PAIRS.flatMap(([pair]) => pair.split('/')))),
      { nil: undefined },
    );
    check(
      property(
        record({
          id: string(),
          availability: word,
          activity: word,
          sequenceNumber: word,
          outOfOfficeSettings: option(record({ isOutOfOffice: boolean() }), { nil: undefined }),
        }),
        (wire) => {
          const { presence } = readPresence(wire);
          assert.ok(presence.raw.length <= 129);
          if (presence.reach !== 'available') return;
          assert.match(wire.availability ?? '', /^available/i);
        },
      ),
    );
  });
});
