import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UNKNOWN_PRESENCE } from '../../model/presence.ts';
import { Roster, type Entry } from './roster.ts';

function entry(account: string, stamp: string, generation = 1): Entry {
  return {
    standing: undefined,
    observation: {
      platform: 'five9',
      account,
      presence: { ...UNKNOWN_PRESENCE, raw: stamp },
      version: { generation, stamp },
      asOf: 0,
      via: 'push',
    },
  };
}

describe('roster', () => {
  it('never goes back within a connection, and starts anew with the next one', () => {
    const roster = new Roster();
    assert.equal(roster.note(entry('a', '5')), 'changed');
    assert.equal(roster.note(entry('a', '5')), 'same');
    assert.equal(roster.note(entry('a', '4')), 'stale');
    assert.equal(roster.get('a')?.observation.version.stamp, '5');
    assert.equal(roster.note(entry('a', '4', 2)), 'changed');
    assert.equal(roster.get('a')?.observation.version.stamp, '4');
  });

  it('reports an account gone after two full statistics in a row without it', () => {
    const roster = new Roster();
    roster.note(entry('a', '1'));
    roster.note(entry('b', '1'));
    assert.deepEqual(roster.gone(new Set(['a']), ['a', 'b', 'c']), []);
    assert.deepEqual(roster.gone(new Set(['a', 'b']), ['a', 'b', 'c']), ['c']);
    assert.deepEqual(roster.gone(new Set(['a']), ['a']), []);
    assert.deepEqual(roster.gone(new Set(['a']), ['a']), ['b']);
    assert.equal(roster.get('b'), undefined);
  });

  it('concludes nothing from statistics that hold nobody', () => {
    const roster = new Roster();
    roster.note(entry('a', '1'));
    assert.deepEqual(roster.gone(new Set(), ['a']), []);
    assert.deepEqual(roster.gone(new Set(), ['a']), []);
    assert.equal(roster.size, 1);
  });
});
