/**
 * A domain that refuses to change readiness, over real connections: routing is stopped by taking the
 * active skills, and the very same list comes back, whatever dies on the way. Where Five9 refuses
 * that too, the direction is called read only.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { TeamsChoice } from '../../emulators/acts.ts';
import { EXIT } from '../../src/cli/cli.ts';
import type { BoardItem } from '../../src/api/contract/board.ts';
import { boardPageSchema, summarySchema } from '../../src/api/contract/board.ts';
import { healthSchema } from '../../src/api/contract/common.ts';
import type { Lockstep, Person, Platforms } from './kit.ts';
import {
  endHard,
  getJson,
  lockstep,
  newFolder,
  openPlatforms,
  until,
  verb,
  writeConfig,
} from './kit.ts';

const HARD_MS = 60_000;
const SUPPORT = '300000000600020';
const SALES = '300000000600027';
/** Not the order in which the domain lists them. */
const SKILLS = [SALES, SUPPORT];

class Bench {
  readonly platforms: Platforms;
  readonly folder = newFolder();
  readonly config: string;
  running: Lockstep | undefined;
  url = '';

  constructor(platforms: Platforms, writes: string) {
    this.platforms = platforms;
    this.config = writeConfig(this.folder.path, platforms);
    const text = readFileSync(this.config, 'utf8');
    writeFileSync(this.config, text.replace('\nfive9:\n', `\nfive9:\n  writes: ${writes}\n`));
    for (const { agent, user } of platforms.people) {
      platforms.graph.graph.acts.signIn(user);
      platforms.five9.emulator.acts.logIn(agent);
      platforms.five9.emulator.acts.ready(agent);
      platforms.five9.emulator.control.setSkills(agent, SKILLS);
    }
  }

  person(index: number): Person {
    const person = this.platforms.people[index];
    assert.ok(person);
    return person;
  }

  async start(): Promise<void> {
    this.running = lockstep('start', '-c', this.config);
    [, this.url = ''] = await this.running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
  }

  async inStep(): Promise<void> {
    await this.until('everybody in step', async () =>
      (await this.rows()).every(({ step }) => step === 'in_step'),
    );
  }

  async killAndStart(): Promise<void> {
    assert.ok(this.running);
    await endHard(this.running);
    await this.start();
  }

  skills(person: Person): readonly string[] {
    return this.platforms.five9.emulator.acts.truth(person.agent).activeSkills;
  }

  choose(person: Person, choice: TeamsChoice): void {
    this.platforms.graph.graph.acts.choose(person.user, choice);
  }

  async rows(): Promise<readonly BoardItem[]> {
    return (await getJson(`${this.url}/v1/agents?limit=1000`, boardPageSchema)).items;
  }

  async five9Of(person: Person): Promise<BoardItem['platforms'][number] | undefined> {
    const row = (await this.rows()).find(({ name }) => name === person.id);
    return row?.platforms.find(({ platform }) => platform === 'five9');
  }

  until(what: string, ask: () => boolean | Promise<boolean>): Promise<unknown> {
    const saw = (): unknown => [
      this.running?.err(),
      this.platforms.people.map((person) => this.skills(person)),
      this.platforms.five9.emulator.counters(),
    ];
    return until(what, ask, { withinMs: HARD_MS, saw });
  }

  async close(): Promise<void> {
    if (this.running !== undefined) await endHard(this.running);
    await this.platforms.close();
    this.folder.remove();
  }
}

describe('a stop by skill', () => {
  let bench: Bench;

  before(async () => {
    bench = new Bench(await openPlatforms({ agents: 3, seed: 31 }), 'skills');
    bench.platforms.five9.emulator.control.faults.on('refuse_writes', { value: 405 });
    await bench.start();
    await bench.inStep();
  });
  after(() => bench.close());

  it('takes the calls away while Teams is Busy, and gives the same skills back in their order', async () => {
    const { five9 } = bench.platforms;
    const person = bench.person(0);
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    assert.throws(() => five9.emulator.acts.ring(person.agent));
    assert.equal(five9.emulator.acts.truth(person.agent).state, 'READY');
    await bench.until('shown as ours', async () => (await bench.five9Of(person))?.ours === true);
    const shown = await bench.five9Of(person);
    assert.equal(shown?.preset, 'not_ready');
    assert.equal(shown?.reason, 'No active skills');
    bench.choose(person, 'Available');
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
    await bench.inStep();
    five9.emulator.acts.ring(person.agent);
    five9.emulator.acts.hangUp(person.agent);
    assert.equal(five9.emulator.counters()['updateAgentPresence 405'], undefined);
  });

  it('leaves alone what a supervisor has set meanwhile', async () => {
    const person = bench.person(1);
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    await bench.until('shown as ours', async () => (await bench.five9Of(person))?.ours === true);
    bench.platforms.five9.emulator.control.setSkills(person.agent, [SUPPORT]);
    bench.choose(person, 'Available');
    await bench.until('seen', async () => (await bench.five9Of(person))?.preset === 'ready');
    await bench.inStep();
    assert.deepEqual(bench.skills(person), [SUPPORT]);
    bench.platforms.five9.emulator.control.setSkills(person.agent, SKILLS);
  });

  it('gives the skills back to an agent who takes a break or signs out meanwhile', async () => {
    const { acts } = bench.platforms.five9.emulator;
    const person = bench.person(2);
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    acts.logOut(person.agent);
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
    bench.choose(person, 'Available');
    acts.logIn(person.agent);
    acts.ready(person.agent);
    await bench.until('seen', async () => (await bench.five9Of(person))?.preset === 'ready');
    await bench.inStep();
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    acts.notReady(person.agent, bench.platforms.five9.emulator.control.reasons.list()[0]?.id ?? '');
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
    bench.choose(person, 'Available');
    acts.ready(person.agent);
    await bench.until('seen', async () => (await bench.five9Of(person))?.preset === 'ready');
    await bench.inStep();
  });

  it('knows what to give back when it dies before the skills are taken', async () => {
    const person = bench.person(0);
    const { faults } = bench.platforms.five9.emulator.control;
    // Written down and sent, and never arrived: as if the process had died just before.
    faults.on('error_before_effect', { value: 502 });
    bench.choose(person, 'Busy');
    await bench.until('an attempt', () => (faults.hits()['error_before_effect'] ?? 0) > 0);
    assert.ok(bench.running);
    await endHard(bench.running);
    faults.off('error_before_effect');
    assert.deepEqual(bench.skills(person), SKILLS);
    await bench.start();
    await bench.until('no skills', () => bench.skills(person).length === 0);
    bench.choose(person, 'Available');
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
  });

  it('does not start in another way while it holds the skills of anybody', async () => {
    const person = bench.person(0);
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    assert.ok(bench.running);
    await endHard(bench.running);
    const text = readFileSync(bench.config, 'utf8');
    writeFileSync(bench.config, text.replace('writes: skills', 'writes: none'));
    const { code, err } = await verb('start', '-c', bench.config);
    assert.equal(code, EXIT.config);
    assert.match(err, /skills of 1 agents are still taken/);
    writeFileSync(bench.config, text);
    await bench.start();
    bench.choose(person, 'Available');
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
  });

  it('knows what to give back when it dies before the taking is confirmed', async () => {
    const person = bench.person(1);
    const { faults } = bench.platforms.five9.emulator.control;
    faults.on('timeout_after_effect', { count: 1 });
    bench.choose(person, 'Busy');
    await bench.until('no skills', () => bench.skills(person).length === 0);
    await bench.killAndStart();
    bench.choose(person, 'Available');
    await bench.until('skills again', () => bench.skills(person).length > 0);
    assert.deepEqual(bench.skills(person), SKILLS);
    await bench.inStep();
  });
});

describe('a domain that takes no write', () => {
  const refuse = async (writes: string): Promise<Bench> => {
    const bench = new Bench(await openPlatforms({ agents: 3, seed: 32 }), writes);
    bench.platforms.five9.emulator.control.faults.on('refuse_writes', { value: 405 });
    bench.platforms.five9.emulator.control.faults.on('refuse_skills');
    await bench.start();
    await bench.inStep();
    return bench;
  };

  for (const writes of ['presence', 'skills']) {
    it(`is called read only, with what to do (writes: ${writes})`, async () => {
      const bench = await refuse(writes);
      try {
        for (const person of bench.platforms.people) bench.choose(person, 'Busy');
        await bench.until('read only', async () => {
          const { platforms } = await getJson(`${bench.url}/v1/health`, healthSchema);
          return platforms.find(({ platform }) => platform === 'five9')?.readOnly !== undefined;
        });
        const { platforms } = await getJson(`${bench.url}/v1/summary`, summarySchema);
        const five9 = platforms.find(({ platform }) => platform === 'five9');
        assert.equal(five9?.readOnly, 'Teams → Five9: read only');
        assert.equal(five9.state, 'degraded');
        assert.match(five9.detail, /every agent \(HTTP 40[35]\).*read only/);
        assert.match(five9.action ?? '', writes === 'presence' ? /five9\.writes/ : /CAN_EDIT/);
        await bench.until('said on the board', async () =>
          (await bench.rows()).some(({ platforms: all }) =>
            all.some(({ blocked }) => blocked?.reason === 'read_only'),
          ),
        );
        for (const person of bench.platforms.people) assert.deepEqual(bench.skills(person), SKILLS);
      } finally {
        await bench.close();
      }
    });
  }

  it('is never asked where it is read only by choice', async () => {
    const bench = await refuse('none');
    try {
      const person = bench.person(0);
      bench.choose(person, 'Busy');
      await bench.until('said on the board', async () => {
        const { blocked } = (await bench.five9Of(person)) ?? {};
        return blocked?.words === 'Lockstep only reads this platform';
      });
      const { platforms } = await getJson(`${bench.url}/v1/health`, healthSchema);
      const five9 = platforms.find(({ platform }) => platform === 'five9');
      assert.equal(five9?.readOnly, 'Teams → Five9: read only');
      assert.equal(five9.state, 'live');
      assert.match(five9.detail, /read only by choice/);
      assert.deepEqual(bench.platforms.five9.emulator.writes(), []);
    } finally {
      await bench.close();
    }
  });
});
