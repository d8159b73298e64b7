import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FindingBook, spreadOf, tally } from './learning.ts';

describe('the book of findings', () => {
  it('answers every question once, in the order of the table', () => {
    const book = new FindingBook({ first: 'First?', second: 'Second?', third: 'Third?' });
    book.measured('third', { value: 3, how: 'by counting' });
    book.missed('first', 'nobody was there', 'Somebody.');
    book.missedRest('it was stopped', 'Again.');

    const list = book.list().map(({ id, status, how }) => [id, status, how]);

    assert.deepEqual(list, [
      ['first', 'not_measured', 'nobody was there'],
      ['second', 'not_measured', 'it was stopped'],
      ['third', 'measured', 'by counting'],
    ]);
  });
});

describe('samples', () => {
  it('have a median and a 95th percentile', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

    assert.deepEqual(spreadOf(hundred), { median: 51, p95: 96, min: 1, max: 100, samples: 100 });
    assert.deepEqual(spreadOf([4.4]), { median: 4, p95: 4, min: 4, max: 4, samples: 1 });
    assert.equal(spreadOf([]), undefined);
  });

  it('are counted by word', () => {
    assert.deepEqual(tally(['a', 'b', 'a']), { a: 2, b: 1 });
  });
});
