/** Doctor over the API of a running service: the same checks, and nothing is disturbed. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
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
