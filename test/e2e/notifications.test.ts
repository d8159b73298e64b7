/**
 * Notifications from end to end: an account signs in by a code, the product subscribes as it, Graph
 * posts to the product's listener, and what changed is acted on long before the next sweep.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { selfSignedCertificate } from '../../emulators/entra/self-signed.ts';
import { examinationSchema } from '../../src/api/contract/checks.ts';
import { healthSchema } from '../../src/api/contract/common.ts';
import type { Lockstep, Platforms } from './kit.ts';
import {
  endHard,
  getJson,
  lockstep,
  newFolder,
  openPlatforms,
  SYNC,
  until,
  verb,
  writeConfig,
} from './kit.ts';

const HARD_MS = 60_000;
/** Between two reads of anybody, so that only a notification can be faster. */
const SWEEP_MS = 30_000;
const SOON_MS = 10_000;
const ACCOUNT = {
  id: 'dddddddd-0000-4000-8000-000000000001',
  userPrincipalName: 'presence-1@example.com',
};
const TOKEN_FILE = 'presence-1.token';

describe('notifications of presence', () => {
  const folder = newFolder();
  let platforms: Platforms | undefined;
  let running: Lockstep | undefined;
  after(async () => {
    if (running !== undefined) await endHard(running);
    await platforms?.close();
    folder.remove();
  });

  it('make a change known long before the next read', async () => {
    platforms = await openPlatforms({
      agents: 3,
      seed: 31,
      accounts: [ACCOUNT],
      graph: {
        plainNotificationUrls: 'loopback',
        notifyLatencyMs: 200,
        notifiedSequence: 'present',
      },
    });
    const { graph, five9, people } = platforms;
    const port = await freePort();
    sealWith(folder.path);
    const config = writeConfig(folder.path, platforms, {
      credential: teamsWith(port),
      sync: `${SYNC}\n  staleAfter: { teams: 5m }\ninbound: { port: ${port} }`,
    });
    for (const { user, agent } of people) {
      graph.graph.acts.signIn(user);
      five9.emulator.acts.logIn(agent);
      five9.emulator.acts.ready(agent);
    }
    await signIn(config, platforms);

    running = lockstep('start', '-c', config);
    const [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
    await running.line(/Note: Notifications are taken at http:/, HARD_MS);
    await until('both live', () => areLive(url), { withinMs: HARD_MS, saw: () => running?.err() });
    const subscriptions = await until(
      'a subscription',
      () => {
        const all = graph.graph.control.push.subscriptions();
        return all.length > 0 ? all : undefined;
      },
      { withinMs: HARD_MS, saw: () => running?.err() },
    );
    assert.equal(subscriptions.length, 1);
    // Everybody is read once more as soon as the subscription stands; the next read is far away.
    await until('the read after it', () => confirmedAfter(url, Date.now() - 2_000), {
      withinMs: HARD_MS,
    });

    const [person] = people;
    assert.ok(person);
    graph.graph.acts.choose(person.user, 'DoNotDisturb');
    const stopped = (): boolean => five9.emulator.acts.truth(person.agent).state === 'NOT_READY';
    await until('the stop in Five9', stopped, { withinMs: SOON_MS, saw: () => running?.err() });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /event="notice_used"[^\n]* [1-9]/, 'its content was opened and used');
    assert.match(metrics, /lockstep_inbound_answer_seconds_count\{[^}]*status="202"/);

    const examined = await fetch(`${url}/v1/checks`, { method: 'POST' });
    const { checks } = examinationSchema.parse(await examined.json());
    const found = checks.filter(({ id }) => id === 'teams.subscriber');
    assert.deepEqual(
      found.map(({ status }) => status),
      ['pass'],
    );

    running.kill('SIGTERM');
    assert.equal((await running.ended(HARD_MS)).code, 0);
    assert.equal(graph.graph.control.push.subscriptions().length, 0, 'none is left behind');
    const text = running.out() + running.err();
    const token = readFileSync(join(folder.path, TOKEN_FILE), 'utf8').trim();
    assert.ok(token !== '' && !text.includes(token), 'the token is in no line');
  });

  it('need an account that the configuration names', async () => {
    const { code, err } = await verb(
      'subscriber',
      'nobody@example.com',
      '-c',
      join(folder.path, 'lockstep.yaml'),
    );
    assert.equal(code, 2);
    assert.match(err, /has no account "nobody@example.com"[^]*presence-1@example.com/);
  });
});

async function signIn(config: string, { graph }: Platforms): Promise<void> {
  const child = lockstep('subscriber', ACCOUNT.userPrincipalName, '-c', config);
  const [, code = ''] = await child.line(/^Code (\S+)/m, HARD_MS);
  graph.entra.control.accounts.approve(code, ACCOUNT.id);
  const { code: exit, out, err } = await child.ended(HARD_MS);
  assert.equal(exit, 0, err);
  const file = join(config, '..', TOKEN_FILE);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!`${out}${err}`.includes(readFileSync(file, 'utf8').trim()));
}

function teamsWith(port: number): string {
  return `credential: { secret: { file: teams-secret } }
  sweep: { hot: ${SWEEP_MS}ms, warm: ${SWEEP_MS}ms, cold: ${SWEEP_MS}ms }
  push:
    url: http://127.0.0.1:${port}
    subscribers: [{ name: ${ACCOUNT.userPrincipalName}, tokenFile: ${TOKEN_FILE} }]
    certificate: push.pem
    privateKey: { file: push-key.pem }`;
}

function sealWith(folder: string): void {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const certificate = selfSignedCertificate({
    commonName: 'notifications',
    ...keys,
    notBefore: Date.now() - 1_000,
    notAfter: Date.now() + 86_400_000,
  });
  writeFileSync(join(folder, 'push.pem'), certificate);
  const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'push-key.pem'), pem, { mode: 0o600 });
}

async function areLive(url: string): Promise<boolean> {
  const { platforms } = await getJson(`${url}/v1/health`, healthSchema);
  return platforms.every(({ state }) => state === 'live');
}

async function confirmedAfter(url: string, at: number): Promise<boolean> {
  const { platforms } = await getJson(`${url}/v1/health`, healthSchema);
  const teams = platforms.find(({ platform }) => platform === 'teams');
  return (teams?.confirmedAt ?? 0) >= at;
}

/** Told to Graph before the product listens on it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}
