import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from '../../lib/exchange.ts';
import type { Outcome } from '../connector.ts';
import { graphError, json } from './fixtures/scripted-graph.ts';
import { outcomeOfWrite, type Granted } from './write-outcome.ts';

const ALL: Granted = { roles: ['Presence.ReadWrite.All'], worked: false };
const OPAQUE: Granted = { worked: false };

function outcome(
  response: HttpResponse,
  granted: Granted = ALL,
  alsoDone: readonly number[] = [],
): Outcome {
  return outcomeOfWrite({ response, granted, alsoDone, now: 0 });
}

describe('the outcome of a Teams write', () => {
  it('is accepted for 200 and 204, and for 404 where nothing was left to do', () => {
    assert.equal(outcome({ status: 200, headers: {}, body: '' }).kind, 'accepted');
    assert.equal(outcome({ status: 204, headers: {}, body: '' }).kind, 'accepted');
    assert.equal(outcome(graphError(404, 'NotFound'), ALL, [404]).kind, 'accepted');
    assert.equal(outcome(graphError(404, 'NotFound')).kind, 'refused');
  });

  it('blames the application when it lacks the role', () => {
    const roles = ['Presence.Read.All'];
    const result = outcome(graphError(403, 'Forbidden'), { roles, worked: true });
    assert.equal(result.kind, 'denied');
    assert.match('action' in result ? result.action : '', /Presence\.ReadWrite\.All/);
  });

  it('blames the application when the service says so', () => {
    for (const [code, message] of [
      ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
      ['Forbidden', "Missing role permissions on the request. API requires one of 'X'."],
    ] as const) {
      assert.equal(outcome(graphError(403, code, message), OPAQUE).kind, 'denied');
    }
  });

  it('blames the person when the application is known to be allowed', () => {
    const plain = graphError(403, 'Forbidden');
    for (const granted of [ALL, { worked: true }]) {
      const result = outcome(plain, granted);
      assert.ok(result.kind === 'refused' && result.reason === 'no_licence');
    }
    const licence = graphError(403, 'Forbidden', 'The user has no licence for this service.');
    assert.equal(outcome(licence, OPAQUE).kind, 'refused');
    assert.equal(outcome(plain, OPAQUE).kind, 'denied');
  });

  it('repeats the code of the service but not its words, which may name people', () => {
    const result = outcome(graphError(400, 'InvalidArgument', 'for Agent 017'));
    assert.equal('detail' in result ? result.detail : '', 'HTTP 400 InvalidArgument');
    const odd = outcome(graphError(400, 'free text of Agent 017'));
    assert.equal('detail' in odd ? odd.detail : '', 'HTTP 400');
  });

  it('keeps what the shared table says of the rest', () => {
    assert.deepEqual(outcome(json(429, {}, { 'retry-after': '9' })), {
      kind: 'throttled',
      retryAfterMs: 9_000,
    });
    assert.equal(outcome(json(503, {})).kind, 'ambiguous');
    assert.equal(outcome(json(503, {}, { 'retry-after': '9' })).kind, 'throttled');
    assert.equal(outcome(json(504, {})).kind, 'ambiguous');
    assert.equal(outcome(json(409, {})).kind, 'ambiguous');
    assert.equal(outcome({ status: 500, headers: {}, body: '{{{' }).kind, 'ambiguous');
  });
});
