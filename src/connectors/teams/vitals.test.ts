import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { Vitals } from './vitals.ts';

function bench(): {
  readonly rig: Rig;
  readonly vitals: Vitals;
  readonly states: () => readonly string[];
} {
  const rig = createRig();
  const vitals = new Vitals(rig.sink, rig.clock);
  return { rig, vitals, states: () => rig.said.health.map((health) => health.state) };
}

describe('the health of the connection', () => {
  it('is told once per change', () => {
    const { vitals, states } = bench();
    vitals.starting();
    vitals.signingIn();
    for (const left of [9, 4, 0, 0, 0]) vitals.worked(left);
    assert.deepEqual(states(), ['starting', 'signing_in', 'syncing', 'live']);
  });

  it('is down after three failures in a row, not before', () => {
    const { vitals, states } = bench();
    vitals.worked(0);
    assert.deepEqual([vitals.failed('x'), vitals.failed('x')], [false, false]);
    vitals.worked(0);
    assert.deepEqual(
      [1, 2, 3].map(() => vitals.failed('x')),
      [false, false, true],
    );
    assert.deepEqual(states(), ['live', 'degraded', 'live', 'degraded', 'down']);
  });

  it('is down at the first failure when nothing has worked for long', async () => {
    const { rig, vitals } = bench();
    vitals.worked(0);
    await rig.clock.advance(15_000);
    assert.equal(vitals.failed('x'), true);
  });

  it('carries an action whenever an administrator has to act', () => {
    const { rig, vitals } = bench();
    vitals.authBlocked('why', 'do this');
    vitals.refused('why', 'do that');
    assert.deepEqual(
      rig.said.health.map((health) => health.action),
      ['do this', 'do that'],
    );
  });

  it('says nothing after its close', () => {
    const { vitals, states } = bench();
    vitals.close();
    vitals.worked(0);
    vitals.authBlocked('late', 'too late');
    vitals.close();
    assert.deepEqual(states(), ['stopped']);
  });
});
