import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agenda, type Entry } from './agenda.ts';
import { CADENCE } from './cadence.ts';
import { digest, type Answered, type Digest } from './digest.ts';
import { shows } from './fixtures/scripted-graph.ts';
import { Stamps } from './stamps.ts';
import { parsePresences } from './wire.ts';

function entries(...accounts: readonly string[]): readonly Entry[] {
  const agenda = new Agenda(CADENCE);
  agenda.replace(new Map(accounts.map((account) => [account, 'hot' as const])), 0);
  return agenda.take(0);
}

function answer(items: readonly unknown[]): Answered {
  const list = parsePresences(JSON.stringify({ value: items }));
  assert.ok(list !== undefined);
  return { kind: 'answered', presences: list.items, spoiled: list.spoiled, bytes: 0 };
}

function digested(batch: readonly Entry[], items: readonly unknown[], readAt = 100): Digest {
  return digest(batch, answer(items), {
    began: { asOf: 5_000 - readAt, readAt },
    stamps: new Stamps(() => {}),
    unknownUsers: 'observe',
    isWatched: (entry) => entry.account !== 'gone',
    changed: () => undefined,
  });
}

function accountsOf(list: Digest['observations'] | Digest['missing']): readonly string[] {
  return list.map((one) => one.account);
}

describe('one bulk answer', () => {
  it('gives each account that was asked for once, as the engine writes it', () => {
    const result = digested(entries('AA', 'bb'), [
      shows('aa', 'Busy/Busy'),
      shows('aa', 'Away/Away'),
      shows('other', 'Busy/Busy'),
      shows('BB', 'Busy/NewWord'),
    ]);
    assert.deepEqual(accountsOf(result.observations), ['AA', 'bb']);
    assert.equal(result.observations[0]?.presence.raw, 'Busy/Busy');
    assert.equal(result.unknownWords, 1);
    assert.deepEqual(result.missing, []);
  });

  it('says who is missing, unless an item that cannot be read may be theirs', () => {
    assert.deepEqual(accountsOf(digested(entries('a', 'b'), [shows('a', 'Busy/Busy')]).missing), [
      'b',
    ]);
    assert.deepEqual(digested(entries('a', 'b'), [shows('a', 'Busy/Busy'), 7]).missing, []);
  });

  it('drops an answer whose read began before the last one delivered, by the clock that never jumps', () => {
    const batch = entries('a');
    assert.equal(digested(batch, [shows('a', 'Busy/Busy')], 200).observations.length, 1);
    assert.equal(digested(batch, [shows('a', 'Away/Away')], 199).observations.length, 0);
    assert.equal(digested(batch, [shows('a', 'Away/Away')], 200).observations.length, 1);
  });

  it('says nothing of an account that is no longer watched', () => {
    const result = digested(entries('gone', 'a'), [shows('gone', 'Busy/Busy')]);
    assert.deepEqual(accountsOf(result.observations), []);
    assert.deepEqual(accountsOf(result.missing), ['a']);
  });

  it('reads fields of the wrong type as unknown', () => {
    const odd = {
      id: 'a',
      availability: 7,
      activity: {},
      sequenceNumber: [],
      outOfOfficeSettings: 1,
    };
    const [seen] = digested(entries('a'), [odd]).observations;
    assert.equal(seen?.presence.reach, 'unknown');
    assert.deepEqual(seen?.version, { generation: 0 });
  });
});
