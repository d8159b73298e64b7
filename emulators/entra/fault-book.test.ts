import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import { createFaultBook, parseFault, type FaultBook } from './fault-book.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';

type Kind = 'slow' | 'down';
const ANY = { ops: ['read'] };

function open(): { readonly clock: VirtualClock; readonly book: FaultBook<Kind> } {
  const clock = virtualClock(0);
  return { clock, book: createFaultBook<Kind>(clock, seededRandom(1)) };
}

describe('fault book', () => {
  it('strikes as often as asked, then never again', () => {
    const { book } = open();
    book.add({ kind: 'slow', count: 2, ms: 5 });
    const strikes = [1, 2, 3].map(() => book.draw('slow', ANY)?.ms);
    assert.deepEqual(strikes, [5, 5, undefined]);
    assert.deepEqual(book.strikes(), { slow: 2 });
    assert.equal(book.active().length, 0);
  });

  it('knows of which kinds there are faults at all', () => {
    const { book } = open();
    assert.equal(book.has('slow'), false);
    const id = book.add({ kind: 'slow', user: 'somebody' });
    assert.deepEqual([book.has('slow'), book.has('down')], [true, false]);
    book.remove(id);
    assert.equal(book.has('slow'), false);
  });

  it('ends after its duration', () => {
    const { clock, book } = open();
    book.add({ kind: 'down', durationMs: 1_000 });
    clock.advance(999);
    assert.ok(book.draw('down', ANY));
    clock.advance(1);
    assert.equal(book.draw('down', ANY), undefined);
  });

  it('strikes with about its probability', () => {
    const { book } = open();
    book.add({ kind: 'slow', probability: 0.3 });
    const hits = Array.from({ length: 1_000 }, () => book.draw('slow', ANY)).filter(Boolean);
    assert.ok(hits.length > 250 && hits.length < 350, String(hits.length));
  });

  it('keeps to its operation and its user', () => {
    const { book } = open();
    book.add({ kind: 'slow', op: 'write' });
    book.add({ kind: 'down', user: 'A' });
    assert.equal(book.draw('slow', ANY), undefined);
    assert.ok(book.draw('slow', { ops: ['setPresence', 'write'] }));
    assert.equal(book.draw('down', { ops: [], user: 'b' }), undefined);
    assert.ok(book.draw('down', { ops: [], user: 'a' }));
  });

  it('leaves alone whoever asks for named faults only', () => {
    const { book } = open();
    const id = book.add({ kind: 'down' });
    assert.equal(book.draw('down', { ops: [], user: 'a', namedOnly: true }), undefined);
    assert.ok(book.remove(id));
    assert.equal(book.draw('down', ANY), undefined);
  });
});

describe('parseFault', () => {
  const kinds = ['slow', 'down'] as const;

  it('takes what is well formed', () => {
    const fault = { kind: 'slow', ms: 20, retryAfter: 'soon' };
    assert.deepEqual(parseFault(kinds, fault), fault);
  });

  it('names the field that is wrong', () => {
    assert.throws(() => parseFault(kinds, { kind: 'odd' }), /kind: "odd" is unknown/u);
    assert.throws(() => parseFault(kinds, { kind: 'slow', ms: '5' }), /ms: "5" is not a number/u);
    assert.throws(() => parseFault(kinds, { kind: 'slow', far: 1 }), /far: no such field/u);
    assert.throws(() => parseFault(kinds, [1]), /send a JSON object/u);
  });
});
