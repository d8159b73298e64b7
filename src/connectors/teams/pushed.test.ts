import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Observation } from '../../model/observation.ts';
import { Agenda, type Entry } from './agenda.ts';
import { CADENCE } from './cadence.ts';
import { presenceText } from './push/fixtures/graph-notices.ts';
import { pushedObservation } from './pushed.ts';
import { Stamps } from './stamps.ts';
import { parsePresence } from './wire.ts';

const ACCOUNT = 'AAAA';

/** Read with the stamp 5. */
function entry(more: Partial<Entry> = {}): Entry {
  const agenda = new Agenda(CADENCE);
  agenda.replace(new Map([[ACCOUNT, 'hot' as const]]), 0);
  const made = agenda.find(ACCOUNT) ?? assert.fail('no entry');
  return Object.assign(made, { seen: { value: 'x', stamp: '5' } }, more);
}

function push(to: Entry, stamp?: string, now = 100, stamps = usable()): Observation | undefined {
  const wire = parsePresence(presenceText('aaaa', 'Busy/InACall', stamp));
  return pushedObservation(to, wire ?? assert.fail('no presence'), { stamps, asOf: 7_000, now });
}

const usable = (): Stamps => new Stamps(() => undefined);

describe('content of a notification', () => {
  it('is observed under the account as the engine writes it, with the time of its arrival', () => {
    const observed = push(entry(), '6');

    assert.equal(observed?.account, ACCOUNT);
    assert.deepEqual(
      [observed?.presence.raw, observed?.asOf, observed?.via, observed?.version],
      ['Busy/InACall', 7_000, 'push', { generation: 0, stamp: '6' }],
    );
  });

  it('counts only beyond the last read and the last content (M1)', () => {
    const one = entry();
    assert.equal(push(one, '4'), undefined);
    assert.equal(push(one, '5'), undefined);
    assert.equal(push(one, '8')?.version.stamp, '8');
    assert.equal(push(one, '8'), undefined);
    assert.equal(push(one, '7'), undefined);
    assert.equal(push(one, '9')?.version.stamp, '9');
    assert.deepEqual(one.pushed, { stamp: '9', at: 100 });
  });

  it('counts not at all without a stamp, before the first read, or where stamps are of no use', () => {
    const ended = usable();
    ended.incomparable();

    assert.equal(push(entry(), undefined), undefined);
    assert.equal(push(entry(), '9'.repeat(129)), undefined);
    assert.equal(push(entry({ seen: undefined }), '6'), undefined);
    assert.equal(push(entry({ seen: { value: 'x' } }), '6'), undefined);
    assert.equal(push(entry(), '6', 100, ended), undefined);
  });

  it('never counts within a minute of a write of ours, and leaves no trace then (M2)', () => {
    const one = entry({ wroteAt: 1_000 });

    assert.equal(push(one, '6', 60_999), undefined);
    assert.equal(one.pushed, undefined);
    assert.equal(push(one, '6', 61_000)?.version.stamp, '6');
  });

  it('that comes out of order leaves the newest', () => {
    const one = entry();
    const taken = ['9', '6', '8', '7'].flatMap((stamp) => push(one, stamp) ?? []);

    assert.deepEqual(
      taken.map(({ version }) => version.stamp),
      ['9'],
    );
  });
});
