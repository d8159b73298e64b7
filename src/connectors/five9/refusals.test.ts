import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Outcome } from '../connector.ts';
import { Refusals } from './refusals.ts';

const REFUSED: Outcome = { kind: 'refused', reason: 'refused', detail: 'no' };

describe('a refusal', () => {
  it('is of one agent until three have been refused in a row', () => {
    const refusals = new Refusals('do this');
    assert.equal(refusals.judge('1', 403, REFUSED), REFUSED);
    assert.equal(refusals.judge('2', 403, REFUSED), REFUSED);
    const last = refusals.judge('3', 405, REFUSED);
    assert.ok(last.kind === 'denied');
    assert.equal(last.readOnly, true);
    assert.equal(last.action, 'do this');
    assert.match(last.detail, /every agent.*read only/);
  });

  it('is of all where one agent is refused six times', () => {
    const refusals = new Refusals('do this');
    const kinds = Array.from({ length: 6 }, () => refusals.judge('1', 404, REFUSED).kind);
    assert.deepEqual(kinds, [...Array.from({ length: 5 }, () => 'refused'), 'denied']);
  });

  it('is of one again after a write that was taken, and never for another status', () => {
    const refusals = new Refusals('do this');
    refusals.judge('1', 403, REFUSED);
    refusals.judge('2', 403, REFUSED);
    refusals.judge('9', 200, { kind: 'accepted' });
    assert.equal(refusals.judge('3', 403, REFUSED), REFUSED);
    for (const id of ['4', '5', '6', '7']) assert.equal(refusals.judge(id, 409, REFUSED), REFUSED);
  });
});
