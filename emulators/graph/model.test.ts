import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import { perform, type Act } from './act.ts';
import { DEFAULT_BEHAVIOUR, type Behaviour } from './behaviour.ts';
import { createPresenceModel, type PresenceModel } from './model.ts';
import { PREFERRED_PAIRS, SESSION_PAIRS } from './pairs.ts';

const USER = 'agent-1';
const MINUTE = 60_000;
const HOUR = 3_600_000;
const inACall = { availability: 'Busy', activity: 'InACall' };
const busyBusy = { availability: 'Busy', activity: 'Busy' };

interface World {
  readonly clock: VirtualClock;
  readonly model: PresenceModel;
  renewRules(): void;
}

function open(change: Partial<Behaviour> = {}): World {
  const clock = virtualClock(1_000_000);
  let behaviour = { ...DEFAULT_BEHAVIOUR, ...change };
  const model = createPresenceModel(clock, () => behaviour);
  model.add(USER);
  return { clock, model, renewRules: () => void (behaviour = { ...behaviour }) };
}

function shown(model: PresenceModel): string {
  const { availability, activity } = model.truth(USER);
  return `${availability}/${activity}`;
}

function read(model: PresenceModel, lagMs = 0): string {
  const { pair } = model.read(USER, lagMs);
  return `${pair.availability}/${pair.activity}`;
}

type Step =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'session'; readonly pair: number; readonly lifeMs: number }
  | { readonly kind: 'clearSession' }
  | { readonly kind: 'prefer'; readonly pair: number }
  | { readonly kind: 'clearPreferred' };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom<Act>(
    { act: 'signIn', device: 'desktop' },
    { act: 'signIn', device: 'phone' },
    { act: 'signOut', device: 'desktop' },
    { act: 'goIdle' },
    { act: 'comeBack' },
    { act: 'leaveCall' },
    { act: 'stopPresenting' },
    { act: 'meetingStarts', teamsMeeting: true },
    { act: 'meetingStarts', teamsMeeting: false },
    { act: 'meetingEnds' },
    { act: 'resetStatus' },
    { act: 'joinCall' },
    { act: 'startPresenting' },
  ),
  fc
    .constantFrom('Available', 'Busy', 'DoNotDisturb', 'BeRightBack', 'Away', 'Offline')
    .map((choice): Act => ({ act: 'choose', choice })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  act.map((made): Step => ({ kind: 'act', act: made })),
  fc
    .constantFrom(1_000, 5 * MINUTE, HOUR, 9 * HOUR, 30 * HOUR)
    .map((ms): Step => ({ kind: 'wait', ms })),
  fc
    .tuple(fc.nat(SESSION_PAIRS.length - 1), fc.constantFrom(5 * MINUTE, HOUR, 4 * HOUR))
    .map(([pair, lifeMs]): Step => ({ kind: 'session', pair, lifeMs })),
  fc.constant<Step>({ kind: 'clearSession' }),
  fc.nat(PREFERRED_PAIRS.length - 1).map((pair): Step => ({ kind: 'prefer', pair })),
  fc.constant<Step>({ kind: 'clearPreferred' }),
);

function take({ clock, model }: World, next: Step): void {
  switch (next.kind) {
    case 'act':
      // A call needs a device: what a person cannot do, they do not do.
      if (needsDevice(next.act) && model.truth(USER).sessions.every((each) => each.app)) return;
      return perform(model, USER, next.act);
    case 'wait':
      return clock.advance(next.ms);
    case 'session': {
      const pair = SESSION_PAIRS[next.pair] ?? inACall;
      return model.setSession(USER, { app: 'app', pair, lifeMs: next.lifeMs, echoLagMs: 0 });
    }
    case 'clearSession':
      return void model.clearSession(USER, 'app');
    case 'prefer':
      return model.setPreferred(USER, { app: 'app', pair: PREFERRED_PAIRS[next.pair] ?? busyBusy });
    case 'clearPreferred':
      return model.clearPreferred(USER, 'app');
  }
}

function needsDevice({ act: what }: Act): boolean {
  return what === 'joinCall' || what === 'startPresenting';
}

/** Takes away what is ours, as a careful application would: never a person's choice. */
function clearOwnMarks(model: PresenceModel): void {
  model.clearSession(USER, 'app');
  if (model.truth(USER).preferred?.by === 'app') model.clearPreferred(USER, 'app');
}

describe('presence model, generated lives', () => {
  it('shows what people would have shown once all app marks are cleared, except a lost choice', () => {
    let lost = 0;
    let kept = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = open();
        for (const next of steps) take(world, next);
        clearOwnMarks(world.model);
        const truth = world.model.truth(USER);
        if (truth.choiceLost) {
          lost += 1;
          assert.notEqual(world.model.lostChoices.total(), 0);
          return;
        }
        kept += 1;
        const { availability, activity } = truth;
        assert.deepEqual({ availability, activity }, truth.withoutApps);
      }),
      { numRuns: 500 },
    );
    assert.ok(lost > 10 && kept > 10, `lost ${lost}, kept ${kept}: one side was never reached`);
  });

  it('says the same without apps as a world where no app ever wrote', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = open();
        const pure = open();
        for (const next of steps) {
          take(world, next);
          if (next.kind === 'act' || next.kind === 'wait') take(pure, next);
        }
        const { availability, activity } = pure.model.truth(USER);
        assert.deepEqual(world.model.truth(USER).withoutApps, { availability, activity });
      }),
      { numRuns: 300 },
    );
  });

  it('publishes what is true when there is no lag, with stamps that only grow', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = open();
        let last = '';
        let lastShown = '';
        for (const next of steps) {
          take(world, next);
          assert.equal(read(world.model), shown(world.model));
          const { stamp } = world.model.read(USER, 0);
          assert.ok(stamp >= last, 'an older stamp');
          if (lastShown !== shown(world.model)) assert.ok(stamp > last, 'the old stamp');
          last = stamp;
          lastShown = shown(world.model);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same history whether it is looked at often or once', () => {
    fc.assert(
      fc.property(
        fc.nat(4 * HOUR),
        fc.integer({ min: 5 * MINUTE, max: 4 * HOUR }),
        (ms, lifeMs) => {
          const often = open();
          const once = open();
          for (const { model } of [often, once]) {
            const pair = { availability: 'Available', activity: 'Available' };
            model.setSession(USER, { app: 'app', pair, lifeMs, echoLagMs: 0 });
          }
          for (let at = 0; at < 10; at += 1) {
            often.clock.advance(ms / 10);
            read(often.model);
          }
          once.clock.advance(ms);
          assert.deepEqual(once.model.read(USER, 0).pair, often.model.read(USER, 0).pair);
          assert.equal(once.model.read(USER, 0).stamp, often.model.read(USER, 0).stamp);
        },
      ),
    );
  });
});

describe('presence model', () => {
  it('counts each choice of a person that an app takes away, and remembers it', () => {
    const { model } = open();
    model.signIn(USER);
    model.choose(USER, 'DoNotDisturb');
    model.setPreferred(USER, { app: 'app', pair: busyBusy });
    model.setPreferred(USER, { app: 'app', pair: busyBusy });
    assert.deepEqual(
      model.lostChoices.since().map((loss) => [loss.how, loss.choice.availability]),
      [['overwritten', 'DoNotDisturb']],
    );
    model.clearPreferred(USER, 'app');
    assert.equal(shown(model), 'Available/Available');
    assert.equal(model.truth(USER).withoutApps.availability, 'DoNotDisturb');
    assert.equal(model.truth(USER).choiceLost, true);
    model.choose(USER, 'Away');
    assert.equal(model.truth(USER).choiceLost, false);
    model.clearPreferred(USER, 'app');
    assert.equal(model.lostChoices.total(), 2);
    assert.equal(model.lostChoices.since(1)[0]?.how, 'cleared');
  });

  it('forgets a choice when the person resets it or when it has expired', () => {
    const { clock, model } = open();
    model.signIn(USER);
    model.choose(USER, 'Busy');
    clock.advance(24 * HOUR - 1);
    assert.equal(shown(model), 'Busy/Busy');
    clock.advance(1);
    assert.equal(shown(model), 'Available/Available');
    model.choose(USER, 'Away');
    clock.advance(6 * 24 * HOUR);
    assert.equal(shown(model), 'Away/Away');
    model.resetStatus(USER);
    assert.deepEqual(model.truth(USER).withoutApps, {
      availability: 'Available',
      activity: 'Available',
    });
  });

  it('shows Busy/Busy first when the echo is unsteady, but is Busy/InACall in truth', () => {
    const { clock, model } = open();
    const call = { app: 'app', pair: inACall, lifeMs: HOUR, echoLagMs: 3_000 };
    model.setSession(USER, call);
    assert.equal(read(model), 'Busy/Busy');
    assert.equal(shown(model), 'Busy/InACall');
    const { stamp } = model.read(USER, 0);
    clock.advance(3_000);
    assert.equal(read(model), 'Busy/InACall');
    assert.ok(model.read(USER, 0).stamp > stamp);
    model.setSession(USER, call);
    assert.equal(read(model), 'Busy/InACall', 'a refresh does not shake it again');
  });

  it('answers a lagging reader with what was so then', () => {
    const { clock, model } = open();
    model.signIn(USER);
    clock.advance(10_000);
    model.joinCall(USER);
    clock.advance(4_000);
    assert.equal(read(model, 5_000), 'Available/Available');
    assert.equal(read(model, 3_000), 'Busy/InACall');
  });

  it('can bump the stamp with every write, or let it go back now and then', () => {
    const everyWrite = open({ sequence: 'every-write' }).model;
    const before = everyWrite.read(USER, 0).stamp;
    everyWrite.outOfOffice(USER, true);
    assert.ok(everyWrite.read(USER, 0).stamp > before);
    const { clock, model } = open({ sequence: 'regressing' });
    const stamps = [1, 2, 3, 4].map((round) => {
      clock.advance(1_000);
      if (round % 2 === 1) model.signIn(USER);
      else model.signOut(USER);
      return model.read(USER, 0).stamp;
    });
    assert.ok(stamps.some((stamp, at) => at > 0 && stamp < (stamps[at - 1] ?? '')));
  });

  it('keeps a preferred presence for a later session, or drops it', () => {
    const waits = open().model;
    waits.setPreferred(USER, { app: 'app', pair: busyBusy });
    assert.equal(shown(waits), 'Offline/Offline');
    waits.signIn(USER);
    assert.equal(shown(waits), 'Busy/Busy');
    const drops = open({ preferredWithoutSession: 'dropped' }).model;
    drops.setPreferred(USER, { app: 'app', pair: busyBusy });
    drops.signIn(USER);
    assert.equal(shown(drops), 'Available/Available');
  });

  it('says at every moment what a first question would be told', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const often = open();
        const once = open();
        for (const [at, each] of steps.entries()) {
          often.model.truth(USER);
          often.model.read(USER, 0);
          take(often, each);
          take(once, each);
          if (at % 7 !== 6) continue;
          // Other rules, even if they say the same, are a first question.
          once.renewRules();
          assert.deepEqual(often.model.truth(USER), once.model.truth(USER));
          assert.deepEqual(often.model.read(USER, 0), once.model.read(USER, 0));
        }
      }),
    );
  });

  it('knows that a choice is over although nothing happens at its end, and not before it', () => {
    const { clock, model } = open();
    model.signIn(USER);
    model.choose(USER, 'Busy');
    model.setPreferred(USER, { app: 'app', pair: busyBusy, lifeMs: 48 * HOUR });
    assert.equal(model.truth(USER).choiceLost, true);
    clock.advance(24 * HOUR);
    assert.equal(model.truth(USER).choice, undefined);
    clock.stepWall(-HOUR);
    assert.deepEqual(model.truth(USER).choice, busyBusy);
  });

  it('speaks for each device by itself', () => {
    const { model } = open();
    model.signIn(USER, 'desktop');
    model.signIn(USER, 'phone');
    model.goIdle(USER, 'phone');
    assert.equal(shown(model), 'Available/Available');
    model.goIdle(USER);
    assert.equal(shown(model), 'Away/Away');
    model.comeBack(USER, 'desktop');
    model.signOut(USER, 'desktop');
    assert.equal(shown(model), 'Away/Away');
  });

  it('names an unknown user and an impossible act', () => {
    const { model } = open();
    assert.throws(() => model.signIn('nobody'), /user "nobody" is unknown/u);
    assert.throws(() => model.joinCall(USER), /"agent-1" is on no device/u);
  });
});
