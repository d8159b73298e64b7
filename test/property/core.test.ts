import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Bench, CODES } from '../../src/core/bench.test-kit.ts';
import { STRATEGIES } from '../../src/policy/policy.ts';

type Move =
  | { readonly kind: 'teams'; readonly raw: string }
  | {
      readonly kind: 'five9';
      readonly state: string;
      readonly code?: string;
      readonly pending?: string;
    }
  | { readonly kind: 'send' | 'accept' | 'lose' | 'fail'; readonly platform: 'five9' | 'teams' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'live'; readonly platform: 'five9' | 'teams'; readonly live: boolean };

const platform = fc.constantFrom('five9' as const, 'teams' as const);
const code = fc.constantFrom(CODES.dnd, CODES.busy, '7');

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('teams' as const),
    raw: fc.constantFrom(
      'Available/Available',
      'Busy/Busy',
      'Busy/InACall',
      'Busy/InAMeeting',
      'DoNotDisturb/DoNotDisturb',
      'DoNotDisturb/Presenting',
      'BeRightBack/BeRightBack',
      'Away/Away',
      'Offline/Offline',
    ),
  }),
  fc.record(
    {
      kind: fc.constant('five9' as const),
      state: fc.constantFrom('READY', 'NOT_READY', 'RINGING', 'ON_CALL', 'ACW', 'LOGGED_OUT'),
      code,
      pending: code,
    },
    { requiredKeys: ['kind', 'state'] },
  ),
  fc.record({
    kind: fc.constantFrom('send' as const, 'accept' as const, 'lose' as const, 'fail' as const),
    platform,
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(400_000) }),
  fc.record({ kind: fc.constant('live' as const), platform, live: fc.boolean() }),
);

describe('the core under any sequence of inputs', () => {
  it('keeps its numbered rules', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STRATEGIES),
        fc.array(move, { maxLength: 60 }),
        (strategy, moves) => {
          const bench = new Bench(strategy, [{ code: '7', show: 'brb' }]);
          for (const each of moves) {
            make(bench, each);
            check(bench);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('asks for nothing new when the same observation comes again (I18)', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const bench = new Bench();
        for (const each of moves) make(bench, each);
        bench.teams('Available/Available').five9('READY');
        const before = [bench.planOf('five9'), bench.planOf('teams')];
        bench.teams('Available/Available').five9('READY');
        assert.deepEqual([bench.planOf('five9'), bench.planOf('teams')], before);
      }),
      { numRuns: 500 },
    );
  });

  it('comes to rest with no mark left when nobody asks for anything', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const bench = new Bench();
        for (const each of moves) make(bench, each);
        bench.live('five9', true).live('teams', true);
        settle(bench);
        assert.deepEqual(bench.marks('teams'), []);
        assert.equal(bench.planOf('teams'), 'none');
      }),
      { numRuns: 500 },
    );
  });
});

/** A quiet world: no contact, nothing chosen, every write works, time goes on. */
function settle(bench: Bench): void {
  for (let round = 0; round < 12; round += 1) {
    for (const id of ['five9', 'teams'] as const) {
      if (bench.state.faces[id]?.intent !== undefined) bench.outcome(id, { kind: 'accepted' });
      if (bench.last.plans[id]?.kind === 'write') bench.deliver(id);
    }
    bench.pass(60_000).five9('READY').teams('Available/Available');
  }
}

function make(bench: Bench, each: Move): void {
  switch (each.kind) {
    case 'teams':
      bench.teams(each.raw);
      return;
    case 'five9':
      bench.five9(each.state, {
        ...(each.state === 'NOT_READY' && each.code !== undefined ? { code: each.code } : {}),
        ...(each.pending === undefined ? {} : { pending: each.pending }),
      });
      return;
    case 'send':
      if (bench.last.plans[each.platform]?.kind === 'write') bench.send(each.platform);
      return;
    case 'accept':
    case 'lose':
    case 'fail':
      if (bench.state.faces[each.platform]?.intent === undefined) return;
      bench.outcome(each.platform, { kind: RECEIPTS[each.kind] });
      return;
    case 'pass':
      bench.pass(each.ms);
      return;
    case 'live':
      bench.live(each.platform, each.live);
  }
}

const RECEIPTS = { accept: 'accepted', lose: 'ambiguous', fail: 'no_effect' } as const;

function check(bench: Bench): void {
  assert.equal(bench.state.quarantined, undefined);
  for (const id of ['five9', 'teams']) {
    const plan = bench.last.plans[id];
    const face = bench.state.faces[id];
    assert.ok(plan !== undefined && face !== undefined);
    if (plan.kind !== 'write') continue;
    assert.equal(face.intent, undefined, 'I10: one write in flight');
    assert.equal(face.unknownSince, undefined, 'I11: read first');
    assert.ok(bench.world.live['five9'] === true && bench.world.live['teams'] === true, 'D3');
    const { command } = plan;
    if (id === 'five9' && command.kind === 'restore') {
      const shown = face.seen?.presence.reason?.code ?? face.seen?.presence.pending?.reason?.code;
      const pending = face.seen?.presence.pending?.reason?.code;
      assert.ok(shown === command.reasonCode || pending === command.reasonCode, 'I7: only our own');
    }
    if (id === 'five9' && command.kind === 'put') assert.notEqual(face.own?.preset, 'not_ready');
    if (
      id === 'teams' &&
      command.kind === 'put' &&
      bench.world.policy.strategy === 'latest_human'
    ) {
      const own = face.own?.preset;
      assert.ok(own !== 'dnd' && own !== 'busy' && own !== 'brb', `I4: ${own ?? ''} written over`);
    }
  }
}
