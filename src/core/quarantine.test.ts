import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Observation } from '../model/observation.ts';
import type { Presence } from '../model/presence.ts';
import { Bench } from './bench.test-kit.ts';
import { step } from './core.ts';

it('leaves an agent with a broken invariant alone for a while, and tries again (L6)', () => {
  const bench = new Bench().five9('READY').teams('Available/Available').five9('ON_CALL');
  bench.deliver('teams');
  const [mark] = bench.marks('teams');
  const face = bench.state.faces['teams'];
  assert.ok(mark !== undefined && face !== undefined);
  const doubled = {
    ...bench.state,
    faces: { ...bench.state.faces, teams: { ...face, ours: [mark, mark] } },
  };

  const broken = step(doubled, { kind: 'tick' }, bench.world, bench.now);
  assert.match(broken.state.quarantined?.why ?? '', /^I13/);
  assert.deepEqual(broken.plans, {});

  const mended = { ...broken.state, faces: bench.state.faces };
  const during = step(mended, { kind: 'tick' }, bench.world, bench.now + 1_000);
  assert.equal(during.plans['teams']?.kind, 'blocked');
  const after = step(mended, { kind: 'tick' }, bench.world, (broken.wakeAt ?? 0) + 1);
  assert.equal(after.state.quarantined, undefined);
});

it('sets one agent aside whose input cannot be taken, and keeps the state from before (F105)', () => {
  const bench = new Bench().five9('READY').teams('Available/Available');
  const before = bench.state;
  const observation: Observation = {
    platform: 'teams',
    account: 'u',
    version: { generation: 1 },
    asOf: bench.now,
    via: 'sweep',
    get presence(): Presence {
      throw new Error('nobody expected this');
    },
  };
  const poison = { kind: 'observed', observation } as const;

  const broken = step(before, poison, bench.world, bench.now);

  assert.match(broken.state.quarantined?.why ?? '', /^observed cannot be taken/);
  assert.deepEqual(broken.state.faces, before.faces);
  assert.deepEqual(broken.plans, {});
  const after = step(broken.state, { kind: 'tick' }, bench.world, (broken.wakeAt ?? 0) + 1);
  assert.equal(after.state.quarantined, undefined);
});
