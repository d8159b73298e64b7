import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventOrder, type Place } from './event-order.ts';

function places(...events: readonly (readonly [string, number])[]): readonly Place[] {
  const order = new EventOrder();
  return events.map(([agent, number]) => order.place(agent, 's', number));
}

describe('the order of events', () => {
  it('sees nothing wrong where each agent has numbers of its own', () => {
    assert.deepEqual(places(['a', 1], ['b', 1], ['a', 2], ['b', 2], ['b', 3], ['a', 3]), [
      'first',
      'first',
      'next',
      'next',
      'next',
      'next',
    ]);
  });

  it('sees nothing wrong where a subscription counts all of them', () => {
    assert.deepEqual(places(['a', 1], ['b', 2], ['a', 3], ['a', 4], ['b', 5]), [
      'first',
      'first',
      'next',
      'next',
      'next',
    ]);
  });

  it('notices what is missing, what is repeated and what is late', () => {
    assert.deepEqual(places(['a', 1], ['a', 1], ['a', 4], ['a', 2], ['a', 2], ['a', 5]), [
      'first',
      'repeated',
      'gap',
      'late',
      'repeated',
      'next',
    ]);
  });

  it('keeps subscriptions apart, and knows nothing without a number', () => {
    const order = new EventOrder();
    order.place('a', 's', 5);
    assert.equal(order.place('a', 't', 1), 'first');
    assert.equal(order.place('a', 's', undefined), 'unnumbered');
    assert.equal(order.place('a', 's', 6), 'next');
  });

  it('keeps little of a gap, however large it is', () => {
    const order = new EventOrder();
    order.place('a', 's', 1);
    assert.equal(order.place('a', 's', 1_000_000_000), 'gap');
    assert.equal(order.place('a', 's', 999_999_999), 'late');
    assert.equal(order.place('a', 's', 2), 'repeated');
  });
});
