/**
 * The seed mapping with 1,000 agents: people do everything of it, and each effect must be there in
 * time, as the other platform's own truth says. Five9 to Teams counts from the frame that tells of
 * the act; Teams to Five9 counts from the act, as there are no notifications.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { TeamsChoice } from '../../emulators/acts.ts';
import { REASON_IDS } from '../../emulators/five9/reasons.ts';
import { boardPageSchema, summarySchema } from '../../src/api/contract/board.ts';
import type { Lockstep, Person, Platforms } from './kit.ts';
import { endHard, getJson, lockstep, newFolder, openPlatforms, until, writeConfig } from './kit.ts';

const AGENTS = 1_000;
/** The emulated Five9's frames leave at multiples of this. */
const BATCH_MS = 1_000;
/** The product's limits. */
const TO_TEAMS_MS = 2_000;
const TO_FIVE9_MS = 3_000;
const QUOTA_SHARE = 0.1;
const QUOTA = 1_500;
const QUOTA_WINDOW_MS = 30_000;
/** When a test gives up waiting; the limits above are judged by what was measured. */
const HARD_MS = 20_000;

interface Measured {
  readonly what: string;
  readonly ms: number;
}

describe('the seed mapping at 1,000 agents', () => {
  let platforms: Platforms;
  let running: Lockstep;
  let url = '';
  const folder = newFolder();
  const toTeams: Measured[] = [];
  const toFive9: Measured[] = [];
  let taken = 0;

  before(async () => {
    platforms = await openPlatforms({ agents: AGENTS, seed: 11 });
    const { five9, graph, people } = platforms;
    for (const { agent, user } of people) {
      five9.emulator.acts.logIn(agent);
      five9.emulator.acts.ready(agent);
      graph.graph.acts.signIn(user);
    }
    running = lockstep('start', '-c', writeConfig(folder.path, platforms));
    [, url = ''] = await running.line(/Console (http:\S+)\//, 60_000);
    await until(
      'all agents read and in step',
      async () => (await getJson(`${url}/v1/summary`, summarySchema)).inStep === AGENTS,
      { withinMs: 60_000, saw: () => running.err() },
    );
  });
  after(async () => {
    await endHard(running);
    await platforms.close();
    folder.remove();
  });

  /** Somebody to whom nothing has happened yet. */
  const next = (): Person => {
    taken += 37;
    const person = platforms.people[taken % AGENTS];
    assert.ok(person);
    return person;
  };
  const shown = ({ user }: Person): string => {
    const { availability, activity } = platforms.graph.graph.acts.truth(user);
    return `${availability}/${activity}`;
  };
  const standing = ({ agent }: Person): string => {
    const { state, reasonCode } = platforms.five9.emulator.acts.truth(agent);
    return state === 'NOT_READY' ? `${state}/${reasonCode}` : state;
  };
  const untouched = (person: Person): boolean => {
    const { sessions, preferred } = platforms.graph.graph.acts.truth(person.user);
    return sessions.every(({ app }) => !app) && preferred?.by !== 'app';
  };

  /** An act in Five9, and what colleagues must then see in Teams. */
  const inFive9 = async (
    person: Person,
    act: (agent: string) => void,
    expected: string,
    isThere: () => boolean = () => shown(person) === expected,
  ): Promise<void> => {
    act(person.agent);
    const now = platforms.clock.monotonic();
    const frameAt = now + BATCH_MS - (now % BATCH_MS);
    await until(`${person.id} shows ${expected}`, isThere, {
      withinMs: HARD_MS,
      saw: () => [shown(person), standing(person), running.err()],
    });
    toTeams.push({ what: expected, ms: platforms.clock.monotonic() - frameAt });
  };
  const backTo = (person: Person, act: (agent: string) => void, was: string): Promise<void> =>
    inFive9(person, act, was, () => shown(person) === was && untouched(person));

  /** An act in Teams, and what Five9 must then do. */
  const inTeams = async (
    person: Person,
    act: (user: string) => void,
    expected: string,
    isThere: () => boolean = () => standing(person) === expected,
  ): Promise<void> => {
    const begun = platforms.clock.monotonic();
    act(person.user);
    await until(`${person.id} is ${expected} in Five9`, isThere, {
      withinMs: HARD_MS,
      saw: () => [standing(person), shown(person), running.err()],
    });
    toFive9.push({ what: expected, ms: platforms.clock.monotonic() - begun });
  };

  const aCall = async (): Promise<void> => {
    const person = next();
    const { acts } = platforms.five9.emulator;
    const first = shown(person);
    await inFive9(person, (agent) => [acts.ring(agent), acts.answer(agent)], 'Busy/InACall');
    await inFive9(person, (agent) => acts.hangUp(agent), 'Busy/Busy');
    await backTo(person, (agent) => acts.finishWrapUp(agent), first);
    assert.equal(standing(person), 'READY');
  };
  const aCallWhileAway = async (): Promise<void> => {
    const person = next();
    const { acts } = platforms.five9.emulator;
    platforms.graph.graph.acts.goIdle(person.user);
    await inFive9(person, (agent) => acts.dial(agent), 'Busy/InACall');
    await inFive9(person, (agent) => acts.hangUp(agent), 'Busy/Busy');
    await backTo(person, (agent) => acts.finishWrapUp(agent), 'Away/Away');
  };
  const aBreak = async (reason: string, expected: string): Promise<void> => {
    const person = next();
    const { acts } = platforms.five9.emulator;
    const first = shown(person);
    await inFive9(person, (agent) => acts.notReady(agent, reason), expected);
    assert.equal(standing(person), `NOT_READY/${reason}`, 'our own mark stops nothing');
    await backTo(person, (agent) => acts.ready(agent), first);
  };
  const aLogout = async (): Promise<void> => {
    const person = next();
    const { acts } = platforms.five9.emulator;
    const first = shown(person);
    await inFive9(person, (agent) => acts.notReady(agent, REASON_IDS.lunch), 'Away/Away');
    await backTo(person, (agent) => acts.logOut(agent), first);
    assert.equal(standing(person), 'LOGGED_OUT');
  };
  const aStop = async (
    begin: (user: string) => void,
    end: (user: string) => void,
    code: string,
  ): Promise<void> => {
    const person = next();
    await inTeams(person, begin, `NOT_READY/${code}`);
    await inTeams(person, end, 'READY');
    assert.equal(untouched(person), true, 'nothing of ours comes into Teams');
  };
  const aChoice = (choice: TeamsChoice, code: string): Promise<void> => {
    const { acts } = platforms.graph.graph;
    return aStop(
      (user) => acts.choose(user, choice),
      (user) => acts.resetStatus(user),
      code,
    );
  };
  /** Do not disturb chosen during a call: routing stops as soon as the call is over. */
  const aChoiceDuringACall = async (): Promise<void> => {
    const person = next();
    const calls = platforms.five9.emulator.acts;
    const { acts } = platforms.graph.graph;
    const code = REASON_IDS.teamsDoNotDisturb;
    await inFive9(person, (agent) => [calls.ring(agent), calls.answer(agent)], 'Busy/InACall');
    await inTeams(
      person,
      (user) => acts.choose(user, 'DoNotDisturb'),
      `pending NOT_READY/${code}`,
      () => calls.truth(person.agent).pendingReasonCode === code,
    );
    assert.equal(standing(person), 'ON_CALL', 'the call goes on');
    calls.hangUp(person.agent);
    calls.finishWrapUp(person.agent);
    assert.equal(standing(person), `NOT_READY/${code}`);
    await until('our session is taken away', () => untouched(person), { withinMs: HARD_MS });
    assert.equal(shown(person), 'DoNotDisturb/DoNotDisturb', 'the choice is kept');
    await inTeams(person, (user) => acts.resetStatus(user), 'READY');
  };

  const towardsTeams = (): Promise<void>[] => [
    aCall(),
    aCallWhileAway(),
    aBreak(REASON_IDS.training, 'DoNotDisturb/DoNotDisturb'),
    aBreak(REASON_IDS.meeting, 'Busy/Busy'),
    aBreak(REASON_IDS.lunch, 'Away/Away'),
    aBreak(REASON_IDS.break, 'BeRightBack/BeRightBack'),
    aLogout(),
    aChoiceDuringACall(),
  ];
  const towardsFive9 = (): Promise<void>[] => {
    const { acts } = platforms.graph.graph;
    return [
      aChoice('Busy', REASON_IDS.teamsBusy),
      aChoice('DoNotDisturb', REASON_IDS.teamsDoNotDisturb),
      aStop(
        (user) => acts.joinCall(user),
        (user) => acts.leaveCall(user),
        REASON_IDS.teamsInACall,
      ),
      aStop(
        (user) => acts.meetingStarts(user, true),
        (user) => acts.meetingEnds(user),
        REASON_IDS.teamsInAMeeting,
      ),
      aStop(
        (user) => acts.startPresenting(user),
        (user) => acts.stopPresenting(user),
        REASON_IDS.teamsPresenting,
      ),
    ];
  };

  for (const round of [1, 2, 3]) {
    it(`holds for everything that people do (${round} of 3)`, async () => {
      await allOf([...towardsTeams(), ...towardsFive9()]);
    });
  }

  it('goes on stopping and giving back until a whole window of the quota has passed', async () => {
    const { requestLog } = platforms.graph.graph;
    const [first] = requestLog.since(0);
    const latest = (): number => requestLog.since(requestLog.total() - 1)[0]?.at ?? 0;
    while (latest() - (first?.at ?? 0) <= QUOTA_WINDOW_MS) await allOf(towardsFive9());
  });

  it(`shows in Teams what Five9 says within ${TO_TEAMS_MS} ms of its frame`, (t) => {
    judge(t, toTeams, { limitMs: TO_TEAMS_MS, atLeast: 48 });
  });

  it(`does in Five9 what Teams says within ${TO_FIVE9_MS} ms without notifications`, (t) => {
    judge(t, toFive9, { limitMs: TO_FIVE9_MS, atLeast: 36 });
  });

  it('uses at most a tenth of the quota in any 30 s, and meets no 429', (t) => {
    const { quota, writes } = platforms.graph.graph.control.counts();
    assert.equal(quota.length, 1);
    for (const { peak, rejected, requests } of quota) {
      t.diagnostic(`${peak} in the worst 30 s of ${requests} requests, ${writes} of them writes`);
      assert.equal(rejected, 0);
      assert.ok(peak <= QUOTA * QUOTA_SHARE, `${peak} requests in 30 s`);
    }
  });

  it('has everybody in step at the end, and nobody touched who did nothing', async () => {
    const rows = await until(
      'everybody in step',
      async () => {
        const { items } = await getJson(`${url}/v1/agents?limit=1000`, boardPageSchema);
        return items.every(({ step }) => step === 'in_step') && items;
      },
      { withinMs: HARD_MS },
    );
    assert.equal(rows.length, AGENTS);
    assert.deepEqual(
      platforms.people.filter((person) => !untouched(person)),
      [],
    );
    assert.deepEqual(platforms.graph.graph.control.lostChoices.since(0), []);
  });
});

/** Waits for all, so that one failure does not hide the others. */
async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const broken = results.flatMap((each) =>
    each.status === 'rejected' ? [String(each.reason)] : [],
  );
  assert.deepEqual(broken, []);
}

function judge(
  t: TestContext,
  measured: readonly Measured[],
  { limitMs, atLeast }: { readonly limitMs: number; readonly atLeast: number },
): void {
  assert.ok(measured.length >= atLeast, `only ${measured.length} were measured`);
  for (const what of new Set(measured.map((each) => each.what))) {
    t.diagnostic(`${what}: ${figures(measured.filter((each) => each.what === what))}`);
  }
  t.diagnostic(`all: ${figures(measured)}`);
  const late = measured.filter(({ ms }) => ms > limitMs);
  assert.deepEqual(
    late.map(({ what, ms }) => `${what} after ${ms.toFixed(0)} ms`),
    [],
  );
}

function figures(measured: readonly Measured[]): string {
  const all = measured.map(({ ms }) => ms);
  const mean = all.reduce((sum, ms) => sum + ms, 0) / Math.max(1, all.length);
  return `mean ${mean.toFixed(0)} ms, most ${Math.max(...all).toFixed(0)} ms, ${all.length} measured`;
}
