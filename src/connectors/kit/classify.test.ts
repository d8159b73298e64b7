import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExchangeError, type HttpResponse } from '../../lib/exchange.ts';
import { outcomeOfError, outcomeOfStatus } from './classify.ts';

function answer(status: number, retryAfter?: string): HttpResponse {
  return {
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    body: '',
  };
}

describe('the outcome of a write', () => {
  const table: Readonly<Record<string, readonly number[]>> = {
    accepted: [200, 202, 204],
    throttled: [429],
    failed: [301, 302, 307, 421, 425],
    ambiguous: [408, 409, 412, 500, 502, 503, 504, 599],
    refused: [400, 404, 405, 413, 415, 422, 451],
    denied: [401, 403],
  };
  for (const [kind, statuses] of Object.entries(table)) {
    it(`is ${kind} for ${statuses.join(', ')}`, () => {
      for (const status of statuses) assert.equal(outcomeOfStatus(answer(status), 0).kind, kind);
    });
  }

  it('rests for as long as the service says, also under 503', () => {
    const wait = { kind: 'throttled', retryAfterMs: 7_000 };
    assert.deepEqual(outcomeOfStatus(answer(429, '7'), 0), wait);
    assert.deepEqual(outcomeOfStatus(answer(503, '7'), 0), wait);
    assert.deepEqual(outcomeOfStatus(answer(429, 'soon'), 0), { kind: 'throttled' });
  });

  it('is certain only when nothing was sent', () => {
    assert.equal(outcomeOfError(new ExchangeError('connect', false, 'x')).kind, 'failed');
    assert.equal(outcomeOfError(new ExchangeError('timeout', false, 'x')).kind, 'failed');
    assert.equal(outcomeOfError(new ExchangeError('timeout', true, 'x')).kind, 'ambiguous');
    assert.equal(outcomeOfError(new ExchangeError('reset', true, 'x')).kind, 'ambiguous');
    assert.equal(outcomeOfError(new Error('anything')).kind, 'ambiguous');
  });
});
