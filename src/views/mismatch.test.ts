import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench } from '../core/bench.test-kit.ts';
import { addUp, MismatchFold, mismatchOf, type MismatchTotals } from './mismatch.ts';

const SIDES = { contactCentre: 'five9', collaboration: 'teams' };
const NONE = {
  available_on_contact: 0,
  routable_while_busy: 0,
  available_in_wrap_up: 0,
  busy_after_contact: 0,
};

function totalsOf(fold: MismatchFold, now: number): MismatchTotals {
  return addUp(fold.end(now).values());
}

describe('a disagreement of two platforms', () => {
  const cases = [
    ['in_call', 'available', false, 'available_on_contact'],
    ['ringing', 'available', false, 'available_on_contact'],
    ['wrap_up', 'available', false, 'available_in_wrap_up'],
    ['ready', 'dnd', false, 'routable_while_busy'],
    ['ready', 'in_call', true, 'busy_after_contact'],
    ['in_call', 'busy', false, undefined],
    ['not_ready', 'dnd', false, undefined],
    ['ready', 'available', false, undefined],
    ['ready', 'away', false, undefined],
    ['unknown', 'available', false, undefined],
  ] as const;
  for (const [five9, teams, isOurs, kind] of cases) {
    it(`${five9} beside ${isOurs ? 'our ' : ''}${teams} is ${kind ?? 'none'}`, () => {
      assert.equal(mismatchOf(five9, teams, isOurs), kind);
    });
  }
});

describe('the time in disagreement', () => {
  it('is told as it was, and as it would have been without our In a call', () => {
    const bench = new Bench().five9('READY').teams('Available/Available').five9('ON_CALL');
    const fold = new MismatchFold(SIDES, 0, 100_000);
    fold.take('a', bench.state, 10_000, true);
    bench.deliver('teams').teams('Busy/InACall');
    fold.take('a', bench.state, 13_000, true);
    const { watched, was, without } = totalsOf(fold, 73_000);
    assert.equal(watched, 63_000);
    assert.deepEqual(was, { ...NONE, available_on_contact: 3_000 });
    assert.deepEqual(without, { ...NONE, available_on_contact: 63_000 });
  });

  it('counts only inside the period, and only while both platforms are read', () => {
    const bench = new Bench().five9('READY').teams('DoNotDisturb/DoNotDisturb');
    const fold = new MismatchFold(SIDES, 20_000, 50_000);
    fold.take('a', bench.state, 10_000, true);
    fold.take('a', bench.state, 30_000, false);
    fold.take('a', bench.state, 45_000, true);
    const { watched, was } = totalsOf(fold, 90_000);
    assert.equal(watched, 15_000);
    assert.deepEqual(was, { ...NONE, routable_while_busy: 15_000 });
  });

  it('stands still while nobody watches', () => {
    const bench = new Bench().five9('ON_CALL').teams('Available/Available');
    const fold = new MismatchFold(SIDES, 0, 100_000);
    fold.take('a', bench.state, 0, true);
    fold.pause(5_000);
    fold.take('a', bench.state, 60_000, true);
    assert.equal(totalsOf(fold, 61_000).was.available_on_contact, 6_000);
  });

  it('is nothing before both were ever read', () => {
    const fold = new MismatchFold(SIDES, 0, 100_000);
    fold.take('a', new Bench().five9('ON_CALL').state, 0, true);
    assert.equal(fold.end(50_000).size, 0);
  });
});
