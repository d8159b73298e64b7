/**
 * Least privilege over real sockets: one registration that only reads and one that only writes, and
 * a federated credential whose token file the platform replaces.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { signJwt } from '../../emulators/entra/jwt.ts';
import { healthSchema } from '../../src/api/contract/common.ts';
import { EXIT } from '../../src/cli/cli.ts';
import type { Lockstep, Platforms } from './kit.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
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
const READER_ID = '66666666-7777-4888-8999-bbbbbbbbbbbb';
const READER_SECRET = 'reader-secret-of-the-test';
const WRITER_ROLES = ['Presence.ReadWrite.All'];
const READER_ROLES = ['Presence.Read.All', 'User.Read.All', 'Application.Read.All'];
const ISSUER = 'https://oidc.example/cluster/';
const SUBJECT = 'system:serviceaccount:contact-centre:lockstep';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const checksSchema = z.array(
  z.object({
    id: z.string(),
    status: z.string(),
    evidence: z.string(),
    fix: z.string().optional(),
  }),
);

type Checks = z.infer<typeof checksSchema>;

const SPLIT = `credential: { secret: { file: teams-secret } }
  read: { clientId: ${READER_ID}, credential: { secret: { file: reader-secret } } }`;
const FEDERATED = 'credential: { assertion: { file: token } }';

interface Scene {
  readonly platforms: Platforms;
  readonly folder: string;
  readonly config: string;
  /** Starts the product and waits until Teams is live. */
  readonly start: () => Promise<Started>;
  readonly examine: (...options: readonly string[]) => Promise<Checks>;
}

interface Started {
  readonly running: Lockstep;
  readonly teams: () => Promise<string | undefined>;
}

async function inScene(credential: string, test: (scene: Scene) => Promise<void>): Promise<void> {
  const platforms = await openPlatforms({ agents: 3, seed: 11 });
  const folder = newFolder();
  const started: Lockstep[] = [];
  const { apps } = platforms.graph.entra.control;
  apps.put({
    clientId: READER_ID,
    secrets: [{ value: READER_SECRET }],
    roles: READER_ROLES,
  });
  for (const { user } of platforms.people) platforms.graph.graph.acts.signIn(user);
  const config = writeConfig(folder.path, platforms, { credential });
  writeFileSync(join(folder.path, 'reader-secret'), `${READER_SECRET}\n`, { mode: 0o600 });
  try {
    await test({
      platforms,
      folder: folder.path,
      config,
      start: async () => {
        const running = lockstep('start', '-c', config);
        started.push(running);
        const [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, HARD_MS);
        const teams = async (): Promise<string | undefined> => {
          const { platforms: all } = await getJson(`${url}/v1/health`, healthSchema);
          return all.find(({ platform }) => platform === 'teams')?.state;
        };
        await until('Teams live', async () => (await teams()) === 'live', { withinMs: HARD_MS });
        return { running, teams };
      },
      examine: async (...options) => {
        const { out, err } = await verb('doctor', '-c', config, '--json', ...options);
        assert.ok(out.startsWith('['), `no checks were printed: ${out}${err}`);
        return checksSchema.parse(JSON.parse(out));
      },
    });
  } finally {
    await Promise.all(started.map(endHard));
    await platforms.close();
    folder.remove();
  }
}

function found(checks: Checks, id: string): Checks[number] {
  return checks.find((check) => check.id === id) ?? assert.fail(`no check ${id}`);
}

/** An agent takes a call; waits until Teams shows it. */
async function callIsShown({ graph, five9, people }: Platforms, saw: () => unknown): Promise<void> {
  const [person] = people;
  assert.ok(person);
  five9.emulator.acts.logIn(person.agent);
  five9.emulator.acts.ready(person.agent);
  five9.emulator.acts.ring(person.agent);
  five9.emulator.acts.answer(person.agent);
  const shows = (): boolean => graph.graph.acts.truth(person.user).activity === 'InACall';
  await until('the call in Teams', shows, { withinMs: HARD_MS, saw });
}

describe('two registrations', { concurrency: 3 }, () => {
  it('sync both ways, neither with the permission of the other', () =>
    inScene(SPLIT, async ({ platforms, folder, start }) => {
      const { entra, graph } = platforms.graph;
      entra.control.apps.change(CLIENT_ID, { roles: WRITER_ROLES });
      const { running, teams } = await start();

      await callIsShown(platforms, () => running.err());

      const second = platforms.people[1];
      assert.ok(second);
      const { acts } = platforms.five9.emulator;
      acts.logIn(second.agent);
      acts.ready(second.agent);
      graph.acts.choose(second.user, 'DoNotDisturb');
      const isStopped = (): boolean =>
        platforms.five9.emulator
          .writes()
          .some((write) => JSON.stringify(write).includes(second.agent));
      await until('Not Ready in Five9', isStopped, { withinMs: HARD_MS, saw: () => running.err() });

      // Both are changed while it runs.
      const changed = ['changed-writer-secret', 'changed-reader-secret'] as const;
      const files = [
        ['teams-secret', CLIENT_ID, changed[0]],
        ['reader-secret', READER_ID, changed[1]],
      ] as const;
      for (const [file, app, value] of files) {
        writeFileSync(join(folder, file), `${value}\n`);
        entra.control.apps.change(app, { secrets: [{ value }] });
      }
      const before = entra.control.tokensIssued();
      for (const [, app] of files) entra.control.revoke(app);
      acts.hangUp(platforms.people[0]?.agent ?? '');
      await until('new tokens for both', () => entra.control.tokensIssued() >= before + 2, {
        withinMs: HARD_MS,
        saw: () => running.err(),
      });
      await until('Teams live', async () => (await teams()) === 'live', { withinMs: HARD_MS });
      const said = `${running.out()}${running.err()}`;
      for (const secret of [...changed, CLIENT_SECRET, READER_SECRET]) {
        assert.ok(!said.includes(secret), 'a secret in the output');
      }
    }));

  it('are sound for the doctor, which names the role that either lacks and what it has too much', () =>
    inScene(SPLIT, async ({ platforms, examine }) => {
      const { apps } = platforms.graph.entra.control;
      const [person] = platforms.people;
      assert.ok(person);
      apps.change(CLIENT_ID, { roles: WRITER_ROLES });
      const sound = await examine('--probe-teams', person.user);
      for (const id of ['token', 'roles', 'privilege', 'consent']) {
        assert.equal(found(sound, `teams.${id}`).status, 'pass', id);
        assert.equal(found(sound, `teams.read_${id}`).status, 'pass', `read_${id}`);
      }
      for (const id of ['read', 'write', 'directory', 'licence']) {
        assert.equal(found(sound, `teams.${id}`).status, 'pass', id);
      }

      apps.change(CLIENT_ID, { roles: ['Presence.Read.All'] });
      const noWriter = await examine();
      assert.equal(found(noWriter, 'teams.roles').status, 'fail');
      assert.match(found(noWriter, 'teams.roles').fix ?? '', /Presence\.ReadWrite\.All/);
      assert.equal(found(noWriter, 'teams.consent').status, 'fail');
      assert.match(found(noWriter, 'teams.privilege').evidence, /Presence\.Read\.All/);
      assert.equal(found(noWriter, 'teams.read').status, 'pass');
      assert.equal(found(noWriter, 'teams.read_roles').status, 'pass');

      apps.change(CLIENT_ID, { roles: WRITER_ROLES });
      apps.change(READER_ID, { roles: ['Application.Read.All'] });
      const noReader = await examine();
      assert.equal(found(noReader, 'teams.roles').status, 'pass');
      assert.equal(found(noReader, 'teams.read_roles').status, 'fail');
      assert.match(found(noReader, 'teams.read_roles').fix ?? '', /Presence\.Read\.All/);
      assert.equal(found(noReader, 'teams.read_consent').status, 'fail');
      assert.equal(found(noReader, 'teams.read').status, 'fail');

      apps.change(READER_ID, { roles: [...READER_ROLES, 'Presence.ReadWrite.All'] });
      const wide = found(await examine(), 'teams.read_privilege');
      assert.equal(wide.status, 'warn');
      assert.match(wide.evidence, /^Presence\.ReadWrite\.All: more/);
    }));

  it('end the start when the one that reads may not, and the plan has a manifest for each', () =>
    inScene(SPLIT, async ({ platforms, config }) => {
      const { apps } = platforms.graph.entra.control;
      apps.change(READER_ID, { roles: [] });
      const refused = await verb('start', '-c', config);
      assert.equal(refused.code, EXIT.refused, refused.err);
      assert.match(refused.err, /reading registration/);

      const { out } = await verb('doctor', '--plan', '-c', config);
      const reader = out.slice(out.indexOf('application that reads'));
      const writer = out.slice(out.indexOf('application that writes'), -reader.length);
      assert.match(writer, /83cded22/);
      assert.doesNotMatch(writer, /a70e0c2d/);
      assert.match(reader, /a70e0c2d/);
      assert.doesNotMatch(reader, /83cded22/);
      assert.match(out, new RegExp(`client_id=${READER_ID}`));
      assert.doesNotMatch(out, /^Recommended/m);
    }));
});

describe('a federated credential', { concurrency: 2 }, () => {
  const token = (endsInS: number, more: object = {}): string =>
    signJwt(
      { alg: 'RS256', typ: 'JWT', kid: 'k1' },
      {
        iss: ISSUER,
        sub: SUBJECT,
        aud: ['api://AzureADTokenExchange'],
        exp: Math.floor(Date.now() / 1000) + endsInS,
        ...more,
      },
      createPrivateKey(keys.privateKey),
    );
  /** As a platform does it: the whole file at once. */
  const put = (folder: string, content: string): void => {
    writeFileSync(join(folder, 'token.new'), content);
    renameSync(join(folder, 'token.new'), join(folder, 'token'));
  };
  const trust = (platforms: Platforms, subject = SUBJECT): void => {
    platforms.graph.entra.control.apps.change(CLIENT_ID, {
      secrets: [],
      federatedCredentials: [{ issuer: ISSUER, subject, keys: [keys.publicKey] }],
    });
  };

  it('goes on with the token that replaces the first one', () =>
    inScene(FEDERATED, async ({ platforms, folder, start }) => {
      const first = token(3_600);
      put(folder, first);
      trust(platforms);
      const { running, teams } = await start();

      const other = `${SUBJECT}-moved`;
      const second = token(3_600, { sub: other });
      trust(platforms, other);
      put(folder, second);
      platforms.graph.entra.control.revoke(CLIENT_ID);

      await callIsShown(platforms, () => running.err());
      assert.equal(await teams(), 'live');
      for (const jwt of [first, second]) {
        const [, , signature = ''] = jwt.split('.');
        assert.ok(!`${running.out()}${running.err()}`.includes(signature), 'a token in the output');
      }
    }));

  it('that is expired, missing, empty or not trusted is named by the doctor', () =>
    inScene(FEDERATED, async ({ platforms, folder, examine }) => {
      trust(platforms);
      put(folder, token(3_600));
      const sound = await examine();
      assert.match(found(sound, 'teams.credential').evidence, /federated.*valid for (59|60) more/);
      assert.equal(found(sound, 'teams.token').status, 'pass');

      const file = join(folder, 'token');
      const cases: readonly (readonly [() => void, RegExp])[] = [
        [() => put(folder, token(-600)), /expired (9|10) minutes ago/],
        [() => put(folder, ''), /empty file/],
        [() => put(folder, 'x'.repeat(65_537)), /more than 65536 bytes/],
        [() => put(folder, 'no-jwt'), /no JWT/],
        [() => rmSync(file), /does not exist/],
      ];
      for (const [breakIt, words] of cases) {
        breakIt();
        const checks = await examine();
        for (const id of ['teams.credential', 'teams.token']) {
          const check = found(checks, id);
          assert.equal(check.status, 'fail');
          assert.match(check.evidence, words);
          assert.ok(check.evidence.includes(`teams.credential.assertion is "${file}"`));
          assert.match(check.fix ?? '', /\S/);
        }
      }

      put(folder, token(3_600, { sub: 'somebody-else' }));
      const foreign = found(await examine(), 'teams.token');
      assert.match(foreign.evidence, /TEAMS_FEDERATION_REFUSED.*AADSTS700213/);
      assert.match(foreign.fix ?? '', /Federated credentials.*subject/);
    }));
});
