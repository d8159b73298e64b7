/** The secret of the registration is changed while the service runs; nothing is restarted. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { healthSchema } from '../../src/api/contract/common.ts';
import type { Lockstep } from './kit.ts';
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
const CHANGED = 'changed-secret-of-the-test';

describe('a client secret', () => {
  const folder = newFolder();
  let running: Lockstep | undefined;
  after(async () => {
    if (running !== undefined) await endHard(running);
    folder.remove();
  });

  it('is changed without a restart, and is in no output', async () => {
    const platforms = await openPlatforms({ agents: 3, seed: 9 });
    const { graph, five9, people } = platforms;
    const [person] = people;
    assert.ok(person);
    graph.graph.acts.signIn(person.user);
    five9.emulator.acts.logIn(person.agent);
    five9.emulator.acts.ready(person.agent);
    running = lockstep('start', '-c', writeConfig(folder.path, platforms));
    const [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
    const teams = async (): Promise<string | undefined> => {
      const { platforms: all } = await getJson(`${url}/v1/health`, healthSchema);
      return all.find(({ platform }) => platform === 'teams')?.state;
    };
    const shows = (): boolean => graph.graph.acts.truth(person.user).activity === 'InACall';
    await until('Teams live', async () => (await teams()) === 'live', { withinMs: HARD_MS });

    writeFileSync(join(folder.path, 'teams-secret'), `${CHANGED}\n`);
    graph.entra.control.apps.change(CLIENT_ID, { secrets: [{ value: CHANGED }] });
    graph.entra.control.revoke(CLIENT_ID);
    five9.emulator.acts.ring(person.agent);
    five9.emulator.acts.answer(person.agent);

    await until('the call in Teams', shows, { withinMs: HARD_MS, saw: () => running?.err() });
    assert.equal(await teams(), 'live');
    assert.ok(!`${running.out()}${running.err()}`.includes(CHANGED));
    await platforms.close();
  });
});
