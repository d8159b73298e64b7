/** The API of a running service: doctor without disturbing anything, and the report of mismatch. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { mismatchSchema } from '../../src/api/contract/reports.ts';
import { examinationSchema } from '../../src/api/contract/checks.ts';
import { errorSchema, healthSchema } from '../../src/api/contract/common.ts';
import type { Lockstep, Platforms } from './kit.ts';
import {
  CLIENT_ID,
  endHard,
  getJson,
  lockstep,
  newFolder,
  openPlatforms,
  until,
  writeConfig,
} from './kit.ts';

const HARD_MS = 60_000;

describe('the report of mismatch', () => {
  const folder = newFolder();
  let running: Lockstep | undefined;
  let platforms: Platforms | undefined;
  after(async () => {
    if (running !== undefined) await endHard(running);
    await platforms?.close();
    folder.remove();
  });

  it('sets what a call looked like beside what it would have looked like', async () => {
    platforms = await openPlatforms({ agents: 1, seed: 22 });
    const { five9, graph, people } = platforms;
    const [person] = people;
    assert.ok(person);
    graph.graph.acts.signIn(person.user);
    five9.emulator.acts.logIn(person.agent);
    five9.emulator.acts.ready(person.agent);
    running = lockstep('start', '-c', writeConfig(folder.path, platforms));
    const [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
    const shows = (): boolean => graph.graph.acts.truth(person.user).activity === 'InACall';
    await until(
      'both live',
      async () => {
        const { platforms: all } = await getJson(`${url}/v1/health`, healthSchema);
        return all.every(({ state }) => state === 'live');
      },
      { withinMs: HARD_MS },
    );
    five9.emulator.acts.ring(person.agent);
    five9.emulator.acts.answer(person.agent);
    await until('the call in Teams', shows, { withinMs: HARD_MS });
    const report = await until(
      'seconds of the call',
      async () => {
        const got = await getJson(`${url}/v1/reports/mismatch`, mismatchSchema);
        return got.all.without.available_on_contact > 5 ? got : undefined;
      },
      { withinMs: HARD_MS },
    );
    const { was, without, watchedSeconds } = report.all;
    assert.ok(watchedSeconds >= without.available_on_contact);
    // Until our write was read back, and not longer.
    assert.ok(was.available_on_contact > 0 && was.available_on_contact < 5, JSON.stringify(was));
    assert.deepEqual(
      report.teams.map(({ team, agents }) => [team, agents]),
      [['Support', 1]],
    );
    assert.equal(report.agents[0]?.name, person.id);
    const wrong = await fetch(
      `${url}/v1/reports/mismatch?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z`,
    );
    assert.equal(wrong.status, 400);
  });
});

describe('POST /v1/checks', () => {
  const folder = newFolder();
  let running: Lockstep | undefined;
  let platforms: Platforms | undefined;
  after(async () => {
    if (running !== undefined) await endHard(running);
    await platforms?.close();
    folder.remove();
  });

  it('examines both platforms on the connections in use, for nobody but the console', async () => {
    platforms = await openPlatforms({
      agents: 2,
      seed: 21,
    });
    running = lockstep('start', '-c', writeConfig(folder.path, platforms));
    const [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
    const states = async (): Promise<readonly string[]> => {
      const { platforms: all } = await getJson(`${url}/v1/health`, healthSchema);
      return all.map(({ state }) => state);
    };
    const areLive = async (): Promise<boolean> => (await states()).every((each) => each === 'live');
    await until('both live', areLive, { withinMs: HARD_MS, saw: () => running?.err() });

    const before = await fetch(`${url}/v1/checks`);
    assert.equal(before.status, 404);
    assert.equal(errorSchema.parse(await before.json()).error.code, 'NOT_EXAMINED');
    const foreign = await fetch(`${url}/v1/checks`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    assert.equal(foreign.status, 403);

    platforms.graph.entra.control.apps.change(CLIENT_ID, { roles: ['Presence.Read.All'] });
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const response = await fetch(`${url}/v1/checks`, { method: 'POST' });
        return examinationSchema.parse(await response.json());
      }),
    );
    assert.deepEqual(answers[0], answers[1], 'asked twice at once, examined once');
    const found = new Map(answers[0]?.checks.map((check) => [check.id, check]));
    assert.equal(found.get('five9.login')?.status, 'pass');
    assert.equal(found.get('agents.mapping')?.status, 'pass');
    const consent = found.get('teams.roles');
    assert.equal(consent?.status, 'fail', JSON.stringify([...found.keys()]));
    assert.match(`${consent?.evidence} ${consent?.fix}`, /Presence\.ReadWrite\.All/);

    const last = examinationSchema.parse(await (await fetch(`${url}/v1/checks`)).json());
    assert.deepEqual(last, answers[0]);
    assert.deepEqual(await states(), ['live', 'live'], 'nobody was signed out by it');
  });
});
