import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../src/lib/random.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { isReady, stateName } from './agents.ts';
import { type Member, Five9Domain } from './model.ts';
import { EXTRAPOLATED, five9Settings } from './options.ts';
import { agentStateRow } from './rows.ts';
import { fields } from './conformance-client.ts';

const STEPS = [
  ...(['logIn', 'logOut', 'ready', 'ring', 'answer', 'hangUp', 'finishWrapUp', 'dial'] as const),
  ...(['miss', 'break', 'lunch', 'apiBusy', 'apiReady', 'wait'] as const),
];
type Step = (typeof STEPS)[number];

interface Plant {
  readonly clock: VirtualClock;
  readonly domain: Five9Domain;
  readonly agent: string;
  readonly member: Member;
  readonly step: (step: Step) => boolean;
}

function plant(gracefulDelayMs: number): Plant {
  const clock = virtualClock(1_000_000);
  const domain = new Five9Domain(
    five9Settings({
      clock,
      random: seededRandom('agents'),
      baseUrl: 'https://five9.test',
      agents: 1,
      gracefulDelayMs,
      missedCallNotReady: true,
      ringTimeoutMs: 20_000,
    }),
  );
  const agent = domain.agents()[0] ?? '';
  const member = domain.find(agent);
  assert.ok(member);
  const special: Partial<Record<Step, () => void>> = {
    break: () => domain.notReady(agent, '410001'),
    lunch: () => domain.notReady(agent, '410002'),
    apiBusy: () => write({ channels: [], reasonCode: '410101' }),
    apiReady: () => write({ channels: ['CALL', 'VOICE_MAIL'], reasonCode: '0' }),
  };
  const write = (readiness: Parameters<Five9Domain['write']>[1]): void => {
    if (member.state.loggedIn) domain.write(member, readiness);
  };
  const step = (name: Step): boolean => {
    clock.advance(name === 'wait' ? 3_000 : 10);
    if (name === 'wait') return true;
    try {
      const run = special[name];
      if (run !== undefined) run();
      else plainly(domain, agent, name);
      return true;
    } catch {
      return false;
    }
  };
  return { clock, domain, agent, member, step };
}

function plainly(domain: Five9Domain, agent: string, name: Step): void {
  if (name === 'wait' || name === 'break' || name === 'lunch') return;
  if (name === 'apiBusy' || name === 'apiReady') return;
  domain[name](agent);
}

const anySteps = fc.array(fc.constantFrom(...STEPS), { maxLength: 60 });
const anyDelay = fc.constantFrom(0, 5_000);

describe('five9 agents', () => {
  it('a Not Ready withdrawn within its delay leaves no timer behind', () => {
    const { domain, agent, step, clock } = plant(5_000);
    for (const name of ['logIn', 'ready', 'break', 'ready'] as const) assert.ok(step(name), name);
    assert.equal(clock.waiting(), 0);
    clock.advance(60_000);
    assert.equal(domain.truth(agent).state, 'READY');
  });

  it('a delay that ends during a call applies when the call is over', () => {
    const { domain, agent, step, member } = plant(5_000);
    const call = ['logIn', 'ready', 'break', 'ring', 'answer', 'wait', 'wait'] as const;
    for (const name of call) assert.ok(step(name), name);
    assert.equal(domain.truth(agent).state, 'ON_CALL');
    assert.equal(member.state.pending?.appliesAt, 0);
    for (const name of ['hangUp', 'finishWrapUp'] as const) assert.ok(step(name), name);
    assert.deepEqual(
      [domain.truth(agent).state, domain.truth(agent).reasonCode, domain.truth(agent).madeBy],
      ['NOT_READY', '410001', 'agent'],
    );
  });
});

describe('five9 agents, whatever happens to them', () => {
  it('show one state, and rows that agree with it', () => {
    fc.assert(
      fc.property(anySteps, anyDelay, (steps, delay) => {
        const { member, step, domain, agent } = plant(delay);
        for (const name of steps) {
          step(name);
          const row = fields(agentStateRow(member, EXTRAPOLATED));
          const state = stateName(member.state);
          const truth = domain.truth(agent);
          assert.equal(row['state'], state);
          assert.equal(truth.routable, state === 'READY');
          assert.equal(isReady(member.state.current), truth.readyChannels.length > 0);
          assert.ok(!truth.routable || truth.reasonCode === '0');
          const since = ['loggedOut', 'notReady', 'ready', 'onCall', 'afterCallWork'].map((key) =>
            Number(row[`${key}StateSince`]),
          );
          assert.equal(since.filter((at) => at > 0).length, state === 'RINGING' ? 0 : 1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a refused act changes nothing', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { member, step } = plant(0);
        for (const name of steps) {
          const before = member.state;
          const taken = step(name);
          // A ring that times out may move the state between two steps.
          if (!taken && before.contact !== 'ringing') assert.deepEqual(member.state, before);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never lose what was asked for last: it stands or it is pending', () => {
    const wishes: Partial<Record<Step, string>> = {
      break: '410001',
      lunch: '410002',
      apiBusy: '410101',
      ready: '0',
      apiReady: '0',
    };
    fc.assert(
      fc.property(anySteps, anyDelay, (steps, delay) => {
        const { domain, agent, step, member } = plant(delay);
        let wanted: string | undefined;
        for (const name of steps) {
          const taken = step(name);
          if (taken && wishes[name] !== undefined && member.state.loggedIn) wanted = wishes[name];
          // The system speaks when a call is missed, and a login starts afresh.
          const fresh = ['logIn', 'logOut', 'miss', 'ring', 'wait'].includes(name);
          if (fresh || member.state.contact === 'ringing') wanted = undefined;
          if (wanted !== undefined) assert.equal(domain.truth(agent).pendingReasonCode, wanted);
        }
      }),
      { numRuns: 200 },
    );
  });
});
