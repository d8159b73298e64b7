import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { aggregate, type AggregateRules, type Mark } from './aggregate.ts';
import { DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { PREFERRED_PAIRS, type Pair } from './pairs.ts';

const RANK = ['Away', 'Available', 'Busy', 'DoNotDisturb'];

const pair: fc.Arbitrary<Pair> = fc.constantFrom(
  { availability: 'Available', activity: 'Available' },
  { availability: 'Available', activity: 'AvailableInactive' },
  { availability: 'Busy', activity: 'InACall' },
  { availability: 'Busy', activity: 'InAConferenceCall' },
  { availability: 'Busy', activity: 'Busy' },
  { availability: 'Busy', activity: 'InAMeeting' },
  { availability: 'Away', activity: 'Away' },
  { availability: 'DoNotDisturb', activity: 'Presenting' },
);

const marks: fc.Arbitrary<Mark[]> = fc
  .array(fc.record({ pair, source: fc.constantFrom('device', 'app', 'calendar') }), {
    maxLength: 6,
  })
  .map((list) => list.map((each, order) => ({ ...each, order })));

const preferred = fc.option(fc.constantFrom(...PREFERRED_PAIRS), { nil: undefined });

function shown(list: readonly Mark[], want?: Pair, rules: Partial<AggregateRules> = {}): Pair {
  const standing = { marks: list, preferred: want, outOfOffice: false };
  return aggregate(standing, { ...DEFAULT_BEHAVIOUR, ...rules }).pair;
}

function mark(text: string, order: number, source: Mark['source'] = 'device'): Mark {
  const [availability = '', activity = ''] = text.split('/');
  return { pair: { availability, activity }, order, source };
}

describe('aggregate', () => {
  it('shows the highest availability of all sessions', () => {
    fc.assert(
      fc.property(marks, (list) => {
        if (!list.some((each) => each.source !== 'calendar')) return;
        const best = Math.max(...list.map((each) => RANK.indexOf(each.pair.availability)));
        assert.equal(shown(list).availability, RANK[best]);
      }),
    );
  });

  it('shows the preferred presence while there is a session, Offline without one', () => {
    fc.assert(
      fc.property(marks, preferred, (list, want) => {
        const has = list.some((each) => each.source !== 'calendar');
        if (!has) assert.equal(shown(list, want).availability, 'Offline');
        else if (want !== undefined) assert.deepEqual(shown(list, want), want);
      }),
    );
  });

  it('does not depend on the order in which sessions are listed', () => {
    fc.assert(
      fc.property(marks, fc.constantFrom('latest', 'ranked'), (list, busyActivity) => {
        const rules = { busyActivity };
        assert.deepEqual(
          shown([...list].reverse(), undefined, rules),
          shown(list, undefined, rules),
        );
      }),
    );
  });

  it('shows the most recent of several Busy sessions, or the highest ranked', () => {
    const list = [mark('Busy/InACall', 1), mark('Busy/InAMeeting', 2, 'calendar')];
    assert.equal(shown(list).activity, 'InAMeeting');
    assert.equal(shown(list, undefined, { busyActivity: 'ranked' }).activity, 'InACall');
  });

  it('prefers a fresh Available to a faded one, however recent', () => {
    const list = [mark('Available/Available', 1), mark('Available/AvailableInactive', 2, 'app')];
    assert.equal(shown(list).activity, 'Available');
  });

  it('can let the calendar speak for somebody who is signed in nowhere', () => {
    const list = [mark('Busy/InAMeeting', 1, 'calendar')];
    assert.equal(shown(list).availability, 'Offline');
    assert.equal(shown(list, undefined, { calendarNeedsSession: 'no' }).activity, 'InAMeeting');
  });

  it('can show out of office as an activity', () => {
    const standing = { marks: [mark('Available/Available', 1)], preferred: undefined };
    const rules = { ...DEFAULT_BEHAVIOUR, outOfOfficeActivity: 'available' as const };
    const out = aggregate({ ...standing, outOfOffice: true }, rules);
    assert.deepEqual(out.pair, { availability: 'Available', activity: 'OutOfOffice' });
    const silent = aggregate({ ...standing, outOfOffice: true }, DEFAULT_BEHAVIOUR);
    assert.equal(silent.pair.activity, 'Available');
  });
});
