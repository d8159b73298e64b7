import assert from 'node:assert/strict';
import { it } from 'node:test';
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
