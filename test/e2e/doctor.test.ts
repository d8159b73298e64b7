/**
 * The doctor against emulated tenants over real sockets: a sound one, and each of many broken in
 * one way, which it has to name together with its fix. It leaves no trace on any account.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { EXIT } from '../../src/cli/cli.ts';
import type { Platforms, Wishes } from './kit.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  PRESENCE_ROLES,
  SYNC,
  newFolder,
  openPlatforms,
  verb,
  writeConfig,
} from './kit.ts';

const ALL_ROLES = [
  ...PRESENCE_ROLES,
  'User.Read.All',
  'Application.Read.All',
  'TeamsUserConfiguration.Read.All',
  'MailboxSettings.Read',
];

const checksSchema = z.array(
  z.object({
    id: z.string(),
    status: z.enum(['pass', 'warn', 'fail', 'skipped', 'unknown']),
    evidence: z.string(),
    fix: z.string().optional(),
  }),
);

type Checks = z.infer<typeof checksSchema>;

interface Broken {
  readonly name: string;
  readonly breakIt?: (platforms: Platforms, person: Platforms['people'][number]) => void;
  readonly wishes?: Wishes;
  readonly options?: readonly string[];
  readonly check: string;
  readonly status: 'warn' | 'fail';
  readonly evidence: RegExp;
  readonly fix: RegExp;
}

const app = (platforms: Platforms, change: object): void => {
  platforms.graph.entra.control.apps.change(CLIENT_ID, change);
};

const BROKEN: readonly Broken[] = [
  {
    name: 'an expired client secret',
    breakIt: (p) => app(p, { secrets: [{ value: CLIENT_SECRET, expiresAt: 1 }] }),
    check: 'teams.token',
    status: 'fail',
    evidence: /TEAMS_SECRET_EXPIRED/,
    fix: /secret/i,
  },
  {
    name: 'a wrong client secret',
    wishes: { secret: 'not-the-secret' },
    check: 'teams.token',
    status: 'fail',
    evidence: /TEAMS_SECRET_WRONG/,
    fix: /Value/,
  },
  {
    name: 'an application that is not there',
    breakIt: (p) => void p.graph.entra.control.apps.remove(CLIENT_ID),
    check: 'teams.token',
    status: 'fail',
    evidence: /TEAMS_CLIENT_UNKNOWN/,
    fix: /client/i,
  },
  {
    name: 'no permission for presence',
    breakIt: (p) => app(p, { roles: ['User.ReadBasic.All', 'Application.Read.All'] }),
    check: 'teams.roles',
    status: 'fail',
    evidence: /User\.ReadBasic\.All/,
    fix: /Presence\.Read\.All.*consent/,
  },
  {
    name: 'no consent on record',
    breakIt: (p) => app(p, { roles: ['User.ReadBasic.All', 'Application.Read.All'] }),
    check: 'teams.consent',
    status: 'fail',
    evidence: /Application\.Read\.All/,
    fix: /Presence\.ReadWrite\.All.*consent/,
  },
  {
    name: 'permission to read alone',
    breakIt: (p) => app(p, { roles: ALL_ROLES.filter((role) => !role.includes('ReadWrite')) }),
    check: 'teams.roles',
    status: 'fail',
    evidence: /Presence\.Read\.All/,
    fix: /Presence\.ReadWrite\.All.*consent/,
  },
  {
    name: 'an agent without a Teams licence',
    breakIt: (p, { user }) => void p.graph.graph.control.changeUser(user, { licensed: false }),
    check: 'teams.licence',
    status: 'warn',
    evidence: /3 asked for, 1 without a Teams licence/,
    fix: /licence.*00000000-0000-4000-8000-000000000002/,
  },
  {
    name: 'an agent mapped to a resource account',
    breakIt: (p, { user }) =>
      void p.graph.graph.control.changeUser(user, { accountType: 'resourceAccount' }),
    check: 'teams.account_type',
    status: 'warn',
    evidence: /1 of another kind/,
    fix: /00000000-0000-4000-8000-000000000002/,
  },
  {
    name: 'an agent on Skype for Business',
    breakIt: (p, { user }) =>
      void p.graph.graph.control.changeUser(user, { accountType: 'sfbOnPremUser' }),
    check: 'teams.coexistence',
    status: 'warn',
    evidence: /1 still homed/,
    fix: /TeamsOnly/,
  },
  {
    name: 'an agent without a mailbox',
    breakIt: (p, { user }) => void p.graph.graph.control.changeUser(user, { mailbox: false }),
    check: 'teams.mailbox',
    status: 'warn',
    evidence: /1 without a mailbox/,
    fix: /00000000-0000-4000-8000-000000000002/,
  },
  {
    name: 'an agent who has left the tenant',
    breakIt: (p, { user }) => void p.graph.graph.control.removeUser(user),
    check: 'agents.mapping',
    status: 'fail',
    evidence: /teams_user_id.*00000000-0000-4000-8000-000000000002/s,
    fix: /\S/,
  },
  {
    name: 'an application that only assigned users may use',
    breakIt: (p) => app(p, { appRoleAssignmentRequired: true }),
    check: 'teams.assignment',
    status: 'warn',
    evidence: /required/,
    fix: /Assignment required/,
  },
  {
    name: 'a test user with a status of their own',
    breakIt: (p, { user }) => {
      p.graph.graph.acts.choose(user, 'DoNotDisturb');
    },
    options: ['--probe-teams', '00000000-0000-4000-8000-000000000002'],
    check: 'teams.write',
    status: 'warn',
    evidence: /not seen.*DoNotDisturb/,
    fix: /Reset status/,
  },
  {
    name: 'a wrong Five9 password',
    wishes: { password: 'not-the-password' },
    check: 'five9.login',
    status: 'fail',
    evidence: /\S/,
    fix: /password/i,
  },
  {
    name: 'a reserved reason code that agents cannot be given',
    breakIt: (p) => {
      const code = p.five9.emulator.control.reasons
        .list()
        .find(({ name }) => name === 'Teams: Busy');
      assert.ok(code);
      p.five9.emulator.control.reasons.change(code.id, { selectable: false });
    },
    check: 'sync.reason_codes',
    status: 'fail',
    evidence: /sync\.reasonCodes\.busy.*cannot be selected/,
    fix: /selectable/,
  },
  {
    name: 'a reserved reason code that does not exist',
    wishes: { sync: SYNC.replace('"Teams: Busy"', '"No such code"') },
    check: 'sync.reason_codes',
    status: 'fail',
    evidence: /No such code/,
    fix: /\S/,
  },
  {
    name: 'agents whom the bridge account may not see',
    breakIt: (p, { agent }) => p.five9.emulator.control.setVisible(agent, false),
    check: 'five9.visibility',
    status: 'warn',
    evidence: /2 of 3/,
    fix: /agent groups/,
  },
];

interface Scene {
  readonly platforms: Platforms;
  readonly folder: string;
  readonly examined: (wishes?: Wishes, options?: readonly string[]) => Promise<Checks>;
}

/** Each in a world of its own, so that they can run side by side. */
async function inScene(test: (scene: Scene) => Promise<void>): Promise<void> {
  const platforms = await openPlatforms({ agents: 3, seed: 4, roles: ALL_ROLES });
  const folder = newFolder();
  for (const { user } of platforms.people) platforms.graph.graph.acts.signIn(user);
  try {
    await test({
      platforms,
      folder: folder.path,
      examined: async (wishes, options = []) => {
        const config = writeConfig(folder.path, platforms, wishes);
        const { out, err } = await verb('doctor', '-c', config, '--json', ...options);
        assert.ok(out.startsWith('['), `no checks were printed: ${out}${err}`);
        return checksSchema.parse(JSON.parse(out));
      },
    });
  } finally {
    await platforms.close();
    folder.remove();
  }
}

describe('the doctor', { concurrency: 6 }, () => {
  it('finds nothing in a sound tenant, and leaves no trace', () =>
    inScene(async ({ platforms, examined }) => {
      const [first] = platforms.people;
      assert.ok(first);
      const truth = platforms.graph.graph.acts.truth(first.user);

      const checks = await examined(undefined, ['--probe-teams', first.user]);

      const bad = checks.filter(({ status }) => status === 'fail' || status === 'warn');
      // The names of the codes are looked up for the configuration; the connector knows ids alone.
      assert.deepEqual(
        bad.map(({ id }) => id),
        ['five9.reason_codes'],
      );
      assert.deepEqual(platforms.graph.graph.acts.truth(first.user), truth);
      assert.equal(platforms.five9.emulator.writes().length, 0);
      assert.equal(platforms.five9.emulator.control.sockets(), 0);
    }));

  for (const broken of BROKEN) {
    it(`names ${broken.name}`, () =>
      inScene(async ({ platforms, examined }) => {
        const person = platforms.people[1];
        assert.ok(person);
        broken.breakIt?.(platforms, person);

        const checks = await examined(broken.wishes, broken.options);

        const found = checks.find(({ id }) => id === broken.check);
        assert.ok(found, `no check ${broken.check}`);
        assert.equal(found.status, broken.status, JSON.stringify(found));
        assert.match(found.evidence, broken.evidence);
        assert.match(found.fix ?? '', broken.fix);
      }));
  }

  it('prints a plan before there is any configuration', () =>
    inScene(async ({ folder }) => {
      const { code, out } = await verb('doctor', '--plan', '-c', join(folder, 'none.yaml'));

      assert.equal(code, EXIT.ok);
      assert.match(out, /adminconsent\?client_id=CLIENT_ID/);
      assert.match(out, /a70e0c2d-e793-494c-94c4-118fa0a67f42/);
    }));

  it('prints the plan for what the configuration names', () =>
    inScene(async ({ platforms, folder, examined }) => {
      const config = writeConfig(folder, platforms);

      const { out } = await verb('doctor', '--plan', '--json', '-c', config);

      const plan = z
        .object({ consentUrl: z.string(), teams: z.array(z.object({ proof: z.string() })) })
        .parse(JSON.parse(out));
      assert.ok(plan.consentUrl.includes(`client_id=${CLIENT_ID}`));
      const ids = new Set((await examined()).map(({ id }) => id));
      assert.deepEqual(
        plan.teams.filter(({ proof }) => !ids.has(proof)),
        [],
      );
    }));

  it('says what is wrong with a file and makes the plan all the same', () =>
    inScene(async ({ folder }) => {
      const path = join(folder, 'broken.yaml');
      writeFileSync(path, 'five9: { usernam: x }\n');

      const { code, out, err } = await verb('doctor', '--plan', '-c', path);

      assert.equal(code, EXIT.ok);
      assert.match(err, /usernam/);
      assert.match(out, /TENANT_ID/);
    }));
});
