import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import type { Five9Acts, TeamsActs, TeamsTruth } from '../acts.ts';
import { type Five9Emulator, createFive9Emulator } from '../five9/emulator.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { type Day, type DayOptions, createDay } from './day.ts';

interface World {
  readonly clock: VirtualClock;
  readonly five9: Five9Emulator;
  readonly day: Day;
  /** "time act user" of everything done in Teams. */
  readonly teamsLog: string[];
  /** "time agent state" of every true change in Five9. */
  readonly five9Log: string[];
}

type Extra = Partial<Omit<DayOptions, 'clock' | 'random' | 'people' | 'teams'>> & {
  readonly seed?: string;
};

function world(agents: number, { seed = 'day', ...extra }: Extra = {}): World {
  const clock = virtualClock(1_767_225_600_000);
  const random = seededRandom(seed);
  const five9 = createFive9Emulator({ clock, random, baseUrl: 'https://five9.test', agents });
  const teamsLog: string[] = [];
  const five9Log: string[] = [];
  five9.onChange(({ agent, what }) => {
    if (what !== 'state') return;
    five9Log.push(`${clock.monotonic()} ${agent} ${five9.acts.truth(agent).state}`);
  });
  const people = five9.acts.agents().map((agent) => ({ agent, user: `user-of-${agent}` }));
  const teams = recordingTeams((line) => teamsLog.push(`${clock.monotonic()} ${line}`));
  const day = createDay({ clock, random, five9: five9.acts, teams, people, ...extra });
  return { clock, five9, day, teamsLog, five9Log };
}

function recordingTeams(record: (line: string) => void): TeamsActs {
  const act =
    (name: string) =>
    (user: string): void =>
      record(`${name} ${user}`);
  return {
    users: () => [],
    signIn: act('signIn'),
    signOut: act('signOut'),
    choose: act('choose'),
    resetStatus: act('resetStatus'),
    joinCall: act('joinCall'),
    leaveCall: act('leaveCall'),
    startPresenting: act('startPresenting'),
    stopPresenting: act('stopPresenting'),
    meetingStarts: act('meetingStarts'),
    meetingEnds: act('meetingEnds'),
    goIdle: act('goIdle'),
    comeBack: act('comeBack'),
    outOfOffice: act('outOfOffice'),
    truth: (): TeamsTruth => {
      throw new Error('nobody asks for it');
    },
  };
}

const HOUR = 3_600_000;

/** Changes of the five states that the traffic model knows; ringing is still Available. */
function modelChanges(five9: Five9Emulator): { count: number } {
  const seen = new Map<string, string>();
  const result = { count: 0 };
  five9.onChange(({ agent }) => {
    const { state } = five9.acts.truth(agent);
    const now = state === 'RINGING' ? 'READY' : state;
    if (seen.get(agent) !== now) result.count += 1;
    seen.set(agent, now);
  });
  return result;
}

describe('the traffic of a day', () => {
  it('makes 23.8 changes per agent-hour at an offered occupancy of 0.85', () => {
    const agents = 400;
    const { clock, five9, day } = world(agents, { teamsLife: false });
    const changes = modelChanges(five9);
    day.start();
    clock.advance(1.5 * HOUR);
    const { count } = changes;
    const own = day.counts.changes;
    clock.advance(4 * HOUR);
    const perAgentHour = (changes.count - count) / (agents * 4);
    assert.ok(Math.abs(perAgentHour / 23.8 - 1) < 0.03, `${perAgentHour}`);
    assert.equal(day.counts.changes - own, changes.count - count);
    assert.deepEqual([day.counts.refused, day.counts.lost, day.counts.abandoned], [0, 0, 0]);
  });

  it('makes 116.9 at the rate of a dialler', () => {
    const agents = 100;
    const extra = { teamsLife: false, profile: 'dialler', occupancy: 0.9 } as const;
    const { clock, five9, day } = world(agents, extra);
    const changes = modelChanges(five9);
    day.start();
    clock.advance(0.5 * HOUR);
    const { count } = changes;
    clock.advance(2 * HOUR);
    const perAgentHour = (changes.count - count) / (agents * 2);
    assert.ok(Math.abs(perAgentHour / 116.9 - 1) < 0.05, `${perAgentHour}`);
  });

  it('logs everybody in within five minutes at the start of a shift, calls waiting', () => {
    const { clock, five9, day } = world(100, { start: 'shift_start' });
    day.start();
    assert.equal(states(five9, 'LOGGED_OUT'), 100);
    clock.advance(300_000);
    assert.equal(states(five9, 'LOGGED_OUT'), 0);
    assert.ok(states(five9, 'ON_CALL') > 20);
  });

  it('sends everybody home at the end of the shift, the last call being ended', () => {
    const { clock, five9, day } = world(50, { shiftHours: 1 });
    day.start();
    clock.advance(3 * HOUR);
    assert.equal(states(five9, 'LOGGED_OUT'), 50);
    assert.equal(day.counts.logouts, 50);
    assert.equal(day.counts.lost, 0);
  });

  it('is the same day for the same seed, and another one for another', () => {
    const run = (seed: string): readonly (readonly string[])[] => {
      const { clock, day, five9Log, teamsLog } = world(20, { seed });
      day.start();
      clock.advance(2 * HOUR);
      return [five9Log, teamsLog];
    };
    assert.deepEqual(run('a'), run('a'));
    assert.notDeepEqual(run('a'), run('b'));
  });

  it('lives as much in a tenth of the time at speed 10', () => {
    const slow = world(15);
    slow.day.start();
    slow.clock.advance(5 * HOUR);
    const fast = world(15, { speed: 10 });
    fast.day.start();
    fast.clock.advance(HOUR / 2);
    assert.deepEqual(fast.day.counts, slow.day.counts);
  });

  it('does nothing after it is stopped', () => {
    const { clock, day, five9Log } = world(30);
    day.start();
    clock.advance(HOUR);
    day.stop();
    const { length } = five9Log;
    clock.advance(HOUR);
    assert.equal(five9Log.length, length);
    assert.equal(clock.waiting(), 0);
  });
});

describe('people and the truth of Five9', () => {
  it('no call reaches a person whom somebody else made Not Ready', () => {
    const { clock, five9, day, five9Log } = world(40);
    day.start();
    clock.advance(0.5 * HOUR);
    const stopped = five9.acts.agents().slice(0, 20);
    for (const agent of stopped) five9.acts.notReady(agent, '410101');
    clock.advance(0.5 * HOUR);
    const rungs = new Set(ringsAfter(five9Log, clock.monotonic() - 60_000));
    const released = stopped.filter((agent) => five9.acts.truth(agent).state === 'NOT_READY');
    assert.ok(released.length > 10);
    assert.ok(rungs.size > 0);
    assert.ok(released.every((agent) => !rungs.has(agent)));
    for (const agent of released) five9.acts.ready(agent);
    clock.advance(0.5 * HOUR);
    const later = new Set(ringsAfter(five9Log, clock.monotonic() - 0.5 * HOUR));
    assert.ok(released.filter((agent) => later.has(agent)).length > 10);
    assert.equal(day.counts.refused, 0);
  });

  it('a break due in a call is pressed at once and waits as pending', () => {
    const { clock, five9, day } = world(60, { teamsLife: false });
    let pending = 0;
    five9.onChange(({ agent }) => {
      const truth = five9.acts.truth(agent);
      if (truth.state === 'ON_CALL' && truth.pendingReasonCode !== '0') pending += 1;
    });
    day.start();
    clock.advance(4 * HOUR);
    assert.ok(pending > 20);
  });

  it('people come back after the whole domain was logged out', () => {
    const { clock, five9, day } = world(40);
    day.start();
    clock.advance(0.5 * HOUR);
    five9.control.faults.on('domain_logged_out');
    assert.equal(states(five9, 'LOGGED_OUT'), 40);
    clock.advance(HOUR);
    assert.equal(states(five9, 'LOGGED_OUT'), 0);
    assert.ok(day.counts.lost > 0);
    assert.ok(states(five9, 'READY') + states(five9, 'ON_CALL') > 20);
  });

  it('goes on when an agent is removed', () => {
    const { clock, five9, day } = world(10);
    day.start();
    clock.advance(0.2 * HOUR);
    five9.control.removeUser(five9.acts.agents()[0] ?? '');
    const { calls } = day.counts;
    clock.advance(2 * HOUR);
    assert.ok(day.counts.calls > calls);
    assert.equal(five9.acts.agents().length, 9);
  });
});

describe('people in Teams', () => {
  it('end whatever they begin, and are never twice in the same thing', () => {
    const { clock, day, teamsLog } = world(50);
    day.start();
    clock.advance(8 * HOUR);
    day.stop();
    const pairs = [
      ['choose', 'resetStatus'],
      ['meetingStarts', 'meetingEnds'],
      ['joinCall', 'leaveCall'],
      ['startPresenting', 'stopPresenting'],
      ['goIdle', 'comeBack'],
    ] as const;
    for (const [begin, end] of pairs) {
      const open = new Set<string>();
      let began = 0;
      for (const line of teamsLog) {
        const [, act, user = ''] = line.split(' ');
        if (act === begin) {
          assert.ok(!open.has(user), line);
          open.add(user);
          began += 1;
        }
        if (act === end) assert.ok(open.delete(user), line);
      }
      assert.ok(began > 10, `${begin}: ${began}`);
      assert.ok(open.size < 50);
    }
  });

  it('sign in when they arrive and out when they go home', () => {
    const { clock, day, teamsLog } = world(10, { shiftHours: 1, teamsLife: false });
    day.start();
    clock.advance(3 * HOUR);
    const acts = teamsLog.map((line) => line.split(' ')[1]);
    assert.deepEqual(acts, [
      ...Array.from({ length: 10 }, () => 'signIn'),
      ...Array.from({ length: 10 }, () => 'signOut'),
    ]);
  });
});

describe('the options of a day', () => {
  it('are checked', () => {
    assert.throws(() => world(1, { speed: 0 }), /speed is 0/);
    assert.throws(() => world(1, { occupancy: 2 }), /occupancy is 2/);
  });

  it('may be given acts that always fail, which are counted', () => {
    const refuse = (): never => {
      throw new Error('no');
    };
    const five9: Five9Acts = {
      agents: () => ['1'],
      logIn: refuse,
      logOut: refuse,
      ready: refuse,
      notReady: refuse,
      ring: refuse,
      answer: refuse,
      hangUp: refuse,
      finishWrapUp: refuse,
      dial: refuse,
      truth: () => ({
        state: 'LOGGED_OUT',
        reasonCode: '0',
        readyChannels: [],
        pendingReadyChannels: [],
        pendingReasonCode: '0',
        activeSkills: [],
        routable: false,
        madeBy: 'system',
        since: 0,
      }),
    };
    const { clock, day } = world(3, { five9 });
    day.start();
    clock.advance(8 * HOUR);
    assert.ok(day.counts.refused > 0);
    assert.equal(day.counts.answered, 0);
  });
});

function states(five9: Five9Emulator, state: string): number {
  return five9.acts.agents().filter((agent) => five9.acts.truth(agent).state === state).length;
}

function ringsAfter(log: readonly string[], since: number): readonly string[] {
  return log
    .map((line) => line.split(' '))
    .filter(([at = '', , state]) => Number(at) > since && state === 'RINGING')
    .map(([, agent = '']) => agent);
}
