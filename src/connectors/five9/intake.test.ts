import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isStale } from '../../model/observation.ts';
import type { Observation } from '../../model/observation.ts';
import { Intake } from './intake.ts';
import { Outlet } from './outlet.ts';
import { rowSchema } from './wire.ts';
import type { Row } from './wire.ts';

const GENERATION = 7;

function row(state: string, stateSince: number): Row {
  return rowSchema.parse({ id: '300', state, stateSince, reasonCodeSince: 0 });
}

/** An intake, and all that it passed on. */
function rig(): { intake: Intake; passed: Observation[]; counts: string[] } {
  const passed: Observation[] = [];
  const counts: string[] = [];
  const outlet = new Outlet();
  outlet.attach(
    {
      observe: (observations) => void passed.push(...observations),
      missing: () => undefined,
      confirmed: () => undefined,
      noticed: () => Promise.resolve(),
      health: () => undefined,
      count: (event) => void counts.push(event),
    },
    {
      read: () => Promise.resolve(),
      spend: () => undefined,
      throttled: () => undefined,
      used: () => 0,
    },
  );
  const clock = { now: () => 0, monotonic: () => 0, after: () => ({ cancel: () => undefined }) };
  return { intake: new Intake(outlet, clock), passed, counts };
}

describe('a row that is dated before what is known', () => {
  it('stays behind when it came unasked', () => {
    const { intake, passed } = rig();
    const arrival = { generation: GENERATION, via: 'push' as const };

    intake.difference(
      { kind: 'diff', rows: [row('READY', 9_000)], badRows: 0, removed: [] },
      { ...arrival, asOf: 1 },
    );
    const isOlder = intake.difference(
      { kind: 'diff', rows: [row('ON_CALL', 2_000)], badRows: 0, removed: [] },
      { ...arrival, asOf: 2 },
    );

    const [first, second] = passed.map(({ version }) => version);
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(isOlder, true);
    assert.equal(isStale(second, first), true);
  });

  it('begins a new order when it was asked for later: Five9’s clock has gone back (F68)', () => {
    const { intake, passed, counts } = rig();

    intake.difference(
      { kind: 'diff', rows: [row('READY', 9_000)], badRows: 0, removed: [] },
      { generation: GENERATION, via: 'push', asOf: 1 },
    );
    intake.full(
      { kind: 'full', rows: [row('ON_CALL', 2_000)], badRows: 0, hasAgents: true },
      { generation: GENERATION, via: 'sweep', asOf: 2 },
    );
    intake.difference(
      { kind: 'diff', rows: [row('ACW', 3_000)], badRows: 0, removed: [] },
      { generation: GENERATION, via: 'push', asOf: 3 },
    );

    const [first, second, third] = passed.map(({ version }) => version);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    assert.equal(isStale(second, first), false);
    assert.equal(isStale(third, second), false);
    assert.ok(third.generation < GENERATION + 1, 'a new connection is above it');
    assert.ok(counts.includes('clock_set_back'));
  });

  it('keeps the new order when the agent leaves the view and comes back (F63)', () => {
    const { intake, passed } = rig();
    const sweep = { generation: GENERATION, via: 'sweep' as const };

    intake.full(
      { kind: 'full', rows: [row('READY', 9_000)], badRows: 0, hasAgents: true },
      { ...sweep, asOf: 1 },
    );
    intake.full(
      { kind: 'full', rows: [row('ON_CALL', 2_000)], badRows: 0, hasAgents: true },
      { ...sweep, asOf: 2 },
    );
    intake.difference(
      { kind: 'diff', rows: [], badRows: 0, removed: ['300'] },
      { generation: GENERATION, via: 'push', asOf: 3 },
    );
    intake.full(
      { kind: 'full', rows: [row('ACW', 3_000)], badRows: 0, hasAgents: true },
      { ...sweep, asOf: 4 },
    );
    intake.full(
      { kind: 'full', rows: [row('READY', 4_000)], badRows: 0, hasAgents: true },
      { ...sweep, generation: GENERATION + 1, asOf: 5 },
    );

    const versions = passed.map(({ version }) => version);
    for (const [index, version] of versions.slice(1).entries()) {
      const before = versions[index];
      assert.ok(before !== undefined && !isStale(version, before), `row ${index + 1}`);
    }
    assert.equal(versions.at(-1)?.generation, GENERATION + 1);
  });
});
