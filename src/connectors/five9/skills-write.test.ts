/** Stops by skill through the whole connector, on virtual time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../model/mark.ts';
import type { Observation } from '../../model/observation.ts';
import type { Check, Connector, Outcome } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import type { Five9Options } from './options.ts';
import {
  ANN,
  BOB,
  READY,
  reply,
  RESTING,
  ScriptedFive9,
  SKILLS,
  start,
  T0,
  until,
  vendorFault,
} from './scripted-five9.test.ts';

const PUT: Command = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: 'no_active_skills',
  previous: SKILLS.join(','),
  guarded: true,
};
const RESTORE: Command = { ...PUT, kind: 'restore' };

function lastOf(rig: Rig, account: string): Observation | undefined {
  return rig.said.observations.findLast((each) => each.account === account);
}

interface World {
  readonly rig: Rig;
  readonly five9: ScriptedFive9;
  readonly connector: Connector;
}

async function world(options: Partial<Five9Options> = { writes: 'skills' }): Promise<World> {
  const rig = createRig();
  const five9 = new ScriptedFive9();
  const connector = await start(rig, five9, options);
  connector.watch(
    new Map([
      [ANN, 'warm'],
      [BOB, 'warm'],
    ]),
  );
  return { rig, five9, connector };
}

async function settled<T>(rig: Rig, work: Promise<T>): Promise<T> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  await until(rig, () => done, 'it is over');
  return end;
}

const puts = (five9: ScriptedFive9): number =>
  five9.hits('/active_skills').filter(({ method }) => method === 'PUT').length;

describe('a stop by skill', () => {
  it('tells of nobody whose skills are not known', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9, { writes: 'skills' });
    assert.equal(lastOf(rig, ANN), undefined);
    connector.watch(new Map([[ANN, 'warm']]));
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    assert.deepEqual(lastOf(rig, ANN)?.presence.channels, SKILLS);
    assert.equal(lastOf(rig, ANN)?.via, 'sweep');
    assert.equal(lastOf(rig, BOB), undefined);
    await connector.stop();
  });

  it('takes the skills, reads back as Not Ready, and gives back the same in the same order', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    assert.deepEqual(await settled(rig, connector.write(PUT, ANN)), { kind: 'accepted' });
    assert.deepEqual(five9.skills.get(ANN), []);
    const shown = (): string | undefined => lastOf(rig, ANN)?.presence.reason?.code;
    await until(rig, () => shown() === 'no_active_skills', 'the stop is shown');
    assert.deepEqual(await settled(rig, connector.write(RESTORE, ANN)), { kind: 'accepted' });
    assert.deepEqual(five9.skills.get(ANN), SKILLS);
    await until(rig, () => shown() === undefined, 'Ann is ready again');
    assert.equal(five9.hits('/presence').length, 0);
    await connector.stop();
  });

  it('takes nothing when another list stands there than the one that was written down', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    five9.skills.set(ANN, ['300000000600001']);
    const outcome = await settled(rig, connector.write(PUT, ANN));
    assert.equal(outcome.kind, 'failed');
    assert.equal(puts(five9), 0);
    const channels = (): string | undefined => lastOf(rig, ANN)?.presence.channels?.join();
    await until(rig, () => channels() === '300000000600001', 'what stands there is told');
    await connector.stop();
  });

  it('gives nothing back over skills that somebody else has set', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    five9.skills.set(ANN, ['300000000600001']);
    const outcome = await settled(rig, connector.write(RESTORE, ANN));
    assert.ok(outcome.kind === 'refused');
    assert.equal(outcome.reason, 'may_be_chosen');
    assert.equal(puts(five9), 0);
    await connector.stop();
  });

  it('stops nobody who is Not Ready by themselves by now', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, BOB) !== undefined, 'Bob is told of');
    assert.equal((await settled(rig, connector.write(PUT, BOB))).kind, 'failed');
    assert.equal(puts(five9), 0);
    await connector.stop();
  });

  it('tells nothing of an agent while a write is under way', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    const before = lastOf(rig, ANN);
    const work = connector.write(PUT, ANN);
    five9.push({ id: ANN, state: 'LOGGED_OUT', now: READY, since: T0 + 5 });
    assert.deepEqual(lastOf(rig, ANN), before);
    await settled(rig, work);
    await until(rig, () => lastOf(rig, ANN)?.presence.acd === 'logged_out', 'the sign-out is told');
    assert.equal(lastOf(rig, ANN)?.presence.pending?.reason?.code, 'no_active_skills');
    await connector.stop();
  });

  it('says that all are refused, and what to do', async () => {
    const { rig, five9, connector } = await world();
    await until(rig, () => lastOf(rig, ANN) !== undefined, 'Ann is told of');
    five9.skillsRefused = 403;
    let last: Outcome | undefined;
    for (let attempt = 0; attempt < 6; attempt += 1) {
      last = await settled(rig, connector.write(PUT, ANN));
    }
    assert.ok(last?.kind === 'denied');
    assert.equal(last.readOnly, true);
    assert.match(last.action, /CAN_EDIT_AGENT_SKILLS/);
    await connector.stop();
  });

  it('never makes both writes, and none at all where the platform is read only', async () => {
    for (const writes of ['presence', 'skills', 'none'] as const) {
      const { rig, five9, connector } = await world({ writes });
      const foreign = writes === 'skills' ? { ...PUT, reasonCode: '410009' } : PUT;
      const outcome = await settled(rig, connector.write(foreign, ANN));
      assert.equal(outcome.kind, 'refused', writes);
      assert.equal(puts(five9) + five9.hits('/presence').length, 0, writes);
      await connector.stop();
    }
  });
});

describe('the examination of the ways to write', () => {
  async function check({ rig, connector }: World, probe?: string): Promise<Check> {
    const found = (await settled(rig, connector.doctor(probe))).find(
      ({ id }) => id === 'five9.write',
    );
    assert.ok(found);
    return found;
  }

  it('tells to switch the skills on where readiness is refused, and leaves no trace', async () => {
    const made = await world({});
    made.five9.write = () => reply(405, vendorFault(4, 'Not allowed'));
    const { status, evidence, fix } = await check(made, BOB);
    assert.equal(status, 'fail');
    assert.match(evidence, /Replacing active skills works/);
    assert.match(fix ?? '', /Switch on five9\.writes: skills/);
    assert.deepEqual(made.five9.skills.get(BOB), SKILLS);
    await made.connector.stop();
  });

  it('says read only where neither works', async () => {
    const made = await world({});
    made.five9.write = () => reply(405, vendorFault(4, 'Not allowed'));
    made.five9.skillsRefused = 403;
    const { status, evidence, fix } = await check(made, BOB);
    assert.equal(status, 'fail');
    assert.match(evidence, /^Read only\./);
    assert.match(fix ?? '', /CAN_EDIT_AGENT_SKILLS.*five9\.writes to none/);
    await made.connector.stop();
  });

  it('warns where a write is taken and nothing shows that it was carried out', async () => {
    const made = await world({});
    made.five9.write = () => {
      made.five9.push({ id: BOB, state: 'NOT_READY', now: RESTING });
      return reply(200);
    };
    const { status, fix } = await check(made, BOB);
    assert.equal(status, 'warn');
    assert.match(fix ?? '', /five9\.writes: skills/);
    await made.connector.stop();
  });

  it('tries the skills alone where they are the way, and nothing where nothing is written', async () => {
    const skills = await world();
    assert.equal((await check(skills, ANN)).status, 'pass');
    assert.equal(skills.five9.hits('/presence').length, 0);
    await skills.connector.stop();
    const none = await world({ writes: 'none' });
    assert.match((await check(none, BOB)).evidence, /Read only by choice/);
    assert.equal(none.five9.hits('/presence').length + puts(none.five9), 0);
    await none.connector.stop();
  });
});
