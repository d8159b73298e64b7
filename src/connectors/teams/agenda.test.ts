import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Interest } from '../connector.ts';
import { Agenda } from './agenda.ts';
import { CADENCE } from './cadence.ts';

function agenda(
  interest: Readonly<Record<string, Interest>>,
  batch = 650,
): { readonly agenda: Agenda; take(now: number): readonly string[] } {
  const made = new Agenda({ ...CADENCE, batch });
  made.replace(new Map(Object.entries(interest)), 0);
  return {
    agenda: made,
    take(now) {
      const taken = made.take(now);
      made.release(taken);
      return taken.map((entry) => entry.account);
    },
  };
}

describe('the agenda', () => {
  it('has everybody due at first, then by their interest', () => {
    const a = agenda({ h: 'hot', w: 'warm', c: 'cold' });
    assert.deepEqual(a.take(0), ['h', 'w', 'c']);
    assert.deepEqual(a.take(1_249), []);
    assert.equal(a.agenda.nextDue(), 1_250);
    assert.deepEqual(a.take(1_250), ['h']);
    assert.deepEqual(a.take(2_500), ['h', 'w']);
    assert.deepEqual(a.take(10_000).toSorted(), ['c', 'h', 'w']);
  });

  it('takes along those who are due soon, but wakes for nobody else', () => {
    const a = agenda({ a: 'warm', b: 'warm' });
    a.take(0);
    a.agenda.hasten(['a'], 300);
    assert.deepEqual(a.take(300), ['a']);
    assert.deepEqual(a.take(2_400), [], 'b is due at 2500, a at 2800');
    assert.deepEqual(a.take(2_500), ['b', 'a'], 'a is within a fifth of its period');
  });

  it('takes those who are overdue longest, and no more than a block', () => {
    const a = agenda({ a: 'hot', b: 'hot', c: 'hot' }, 2);
    assert.deepEqual(a.take(0), ['a', 'b']);
    assert.deepEqual(a.take(250), ['c']);
    assert.deepEqual(a.take(1_250), ['a', 'b']);
    assert.deepEqual(a.take(1_500), ['c']);
    a.agenda.hasten(['b'], 1_600);
    assert.deepEqual(a.take(2_600), ['b', 'a']);
  });

  it('keeps an account out of reach while it is read, and reads it again when asked meanwhile', () => {
    const { agenda: a } = agenda({ a: 'cold' });
    const flying = a.take(0);
    a.hasten(['A'], 100);
    assert.deepEqual(a.take(100), []);
    assert.equal(a.nextDue(), undefined);
    a.release(flying);
    assert.equal(a.nextDue(), 100);
    assert.equal(a.take(200).length, 1);
  });

  it('brings somebody forward who becomes hot, and forgets those who go', () => {
    const a = agenda({ a: 'cold', b: 'cold' });
    a.take(0);
    a.agenda.replace(new Map([['a', 'hot' as const]]), 100);
    assert.equal(a.agenda.nextDue(), 1_350);
    assert.deepEqual(a.agenda.accounts(), ['a']);
    assert.deepEqual(a.agenda.crowd(), { hot: 1, warm: 0, cold: 0 });
  });

  it('keeps what it knows of those who stay, whatever the case of their ids', () => {
    const { agenda: a } = agenda({ 'aa-BB': 'hot' });
    const entry = a.find('AA-bb');
    a.replace(new Map([['AA-BB', 'warm' as const]]), 0);
    assert.equal(a.find('aa-bb'), entry);
    assert.equal(entry?.interest, 'warm');
  });

  const gapsFor = (alone: boolean): readonly number[] => {
    const { agenda: a } = agenda({ a: 'hot' });
    const gaps: number[] = [];
    const known = a.find('a');
    assert.ok(known !== undefined);
    known.alone = alone;
    let now = 0;
    for (let i = 0; i < 16; i += 1) {
      const taken = a.take(now);
      a.release(taken);
      const [entry] = taken;
      assert.ok(entry !== undefined);
      a.missed(entry, now);
      gaps.push((a.nextDue() ?? 0) - now);
      now = a.nextDue() ?? 0;
    }
    return gaps;
  };

  it('asks ever less often for somebody who is not known, down to once a minute', () => {
    const gaps = gapsFor(false);
    assert.deepEqual(gaps.slice(0, 5), [1_250, 1_250, 2_500, 5_000, 10_000]);
    assert.equal(gaps.at(-1), 60_000);
  });

  it('asks still less often where that takes a read of its own', () => {
    assert.equal(gapsFor(true).at(-1), 300_000);
  });

  it('reads an account alone that has spoiled a read', () => {
    const a = agenda({ a: 'hot', b: 'hot', c: 'hot' });
    const entry = a.agenda.find('a');
    assert.ok(entry !== undefined);
    entry.alone = true;
    assert.deepEqual(a.take(0), ['a']);
    assert.deepEqual(a.take(0), ['b', 'c']);
  });

  it('gives a batch back as overdue as it was', () => {
    const { agenda: a } = agenda({ a: 'cold' });
    const taken = a.take(0);
    a.giveBack(taken, 50);
    assert.equal(a.nextDue(), 50);
  });
});
