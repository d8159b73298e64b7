import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock } from '../virtual-clock.ts';
import { SupervisorClient } from './conformance-client.ts';
import { type Five9Emulator, createFive9Emulator } from './emulator.ts';
import { PARKING_SKILL, SKILLS } from './users.ts';

const BASE = 'https://app-one.five9.test';
const ALL = SKILLS.map(({ id }) => id);

interface World {
  readonly five9: Five9Emulator;
  readonly client: SupervisorClient;
  readonly agent: string;
  readonly path: string;
}

/** A working supervisor, and one agent who is ready. */
async function world(): Promise<World> {
  const clock = virtualClock(1_767_225_600_000);
  const five9 = createFive9Emulator({
    clock,
    random: seededRandom('skills'),
    baseUrl: BASE,
    agents: 2,
  });
  const { exchange, openSocket, acts } = five9;
  const client = new SupervisorClient({
    loginUrl: BASE,
    userName: 'supervisor.bridge@example.com',
    password: 'emulated',
    exchange,
    openSocket,
    acts,
    passTime: () => clock.run(100),
    close: () => Promise.resolve(),
  });
  const agent = acts.agents()[0] ?? '';
  await client.work();
  acts.logIn(agent);
  acts.ready(agent);
  return { five9, client, agent, path: client.own(`/agents/${agent}/active_skills`) };
}

describe('active skills', () => {
  it('are replaced as a whole and read back in their order', async () => {
    const { five9, client, agent, path } = await world();
    assert.deepEqual(await client.read(path), ALL);
    assert.equal((await client.send('PUT', path, ALL.toReversed())).status, 204);
    assert.deepEqual(await client.read(path), ALL.toReversed());
    assert.deepEqual(five9.acts.truth(agent).activeSkills, ALL.toReversed());
    assert.equal(five9.writes().at(-1)?.operation, 'updateAgentActiveSkills');
  });

  it('decide who is given calls, and change no state', async () => {
    const { five9, client, agent, path } = await world();
    for (const skills of [[], [PARKING_SKILL]]) {
      await client.send('PUT', path, skills);
      assert.equal(five9.acts.truth(agent).state, 'READY');
      assert.equal(five9.acts.truth(agent).routable, false);
      assert.throws(() => five9.acts.ring(agent), /cannot be rung/);
    }
    await client.send('PUT', path, ALL.slice(0, 1));
    five9.acts.ring(agent);
    assert.equal(five9.acts.truth(agent).state, 'RINGING');
  });

  it('are refused for what is no list of skills, an unknown skill and a missing permission', async () => {
    const { five9, client, agent, path } = await world();
    assert.equal((await client.send('PUT', path, { id: 1 })).status, 400);
    assert.equal((await client.send('PUT', path, ['1'])).status, 404);
    five9.control.faults.on('refuse_skills');
    assert.equal((await client.send('PUT', path, [])).status, 403);
    assert.deepEqual(five9.acts.truth(agent).activeSkills, ALL);
  });
});

describe('a domain that takes a presence write and ignores it', () => {
  it('answers 200 and changes nothing', async () => {
    const { five9, client, agent } = await world();
    five9.control.faults.on('ignore_writes');
    const code = five9.control.reasons.list()[0]?.id ?? '';
    assert.equal((await client.writePresence(agent, [], code)).status, 200);
    assert.equal(five9.acts.truth(agent).state, 'READY');
  });
});
