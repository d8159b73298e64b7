import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRecord, type JsonRecord } from '../entra/json-body.ts';
import { graphClient, type GraphReply } from './graph-client.ts';
import { APP, bodyOf, CLIENT, codeOf, TENANT, testWorld, type TestWorld } from './test-world.ts';
import { ACCOUNT_TYPES } from './users.ts';

const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const ROLES = ['Application.Read.All', 'TeamsUserConfiguration.Read.All', 'MailboxSettings.Read'];
const NOBODY = 'dddddddd-0000-4000-8000-000000000001';
const DENIED = '403 Authorization_RequestDenied';
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

function adminWorld(roles: readonly string[] = ROLES): TestWorld {
  return testWorld({}, [{ ...APP, roles }]);
}

function valueOf(reply: GraphReply): readonly JsonRecord[] {
  const { value } = bodyOf(reply);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function principals(world: TestWorld, filter: string, more = ''): Promise<GraphReply> {
  const query = `$filter=${encodeURIComponent(filter)}${more}`;
  return world.client.get(`v1.0/servicePrincipals?${query}`);
}

async function principalId(world: TestWorld, appId: string): Promise<string> {
  const [principal] = valueOf(await principals(world, `appId eq '${appId}'`));
  return String(principal?.['id']);
}

async function assignments(world: TestWorld, id: string): Promise<readonly JsonRecord[]> {
  return valueOf(await world.client.get(`v1.0/servicePrincipals/${id}/appRoleAssignments`));
}

describe('service principals', () => {
  it('finds the principal of a registered app, and what changes about it', async () => {
    const world = adminWorld();

    const before = valueOf(await principals(world, `appId eq '${CLIENT.toUpperCase()}'`));
    const change = { disabled: true, appRoleAssignmentRequired: true };
    world.entra.control.apps.change(CLIENT, change);
    const after = valueOf(await principals(world, `appId eq '${CLIENT}'`));

    const principal = {
      id: await principalId(world, CLIENT),
      appId: CLIENT,
      displayName: 'Emulated bridge',
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      servicePrincipalType: 'Application',
    };
    assert.deepEqual(before, [principal]);
    assert.deepEqual(after, [
      { ...principal, accountEnabled: false, appRoleAssignmentRequired: true },
    ]);
    world.entra.control.reset();
    assert.equal(world.entra.control.apps.get(CLIENT)?.appRoleAssignmentRequired, false);
  });

  it('gives each app one object id in every run, which is not its client id', async () => {
    const id = await principalId(adminWorld(), CLIENT);
    assert.match(id, GUID);
    assert.notEqual(id, CLIENT);
    assert.equal(await principalId(adminWorld(), CLIENT), id);
    assert.notEqual(await principalId(adminWorld(), GRAPH_APP), id);
  });

  it('knows Graph itself, and nobody under an unknown client id', async () => {
    const world = adminWorld();
    const [graph] = valueOf(await principals(world, `appId eq '${GRAPH_APP}'`));
    assert.equal(graph?.['displayName'], 'Microsoft Graph');
    assert.deepEqual(await assignments(world, String(graph?.['id'])), []);
    const nobody = await principals(world, `appId eq '${NOBODY}'`);
    assert.deepEqual([nobody.status, valueOf(nobody)], [200, []]);
  });

  it('answers only what was selected', async () => {
    const world = adminWorld();
    const filter = `appId eq '${CLIENT}'`;
    const chosen = await principals(world, filter, '&$select=appId,appRoleAssignmentRequired');
    assert.deepEqual(valueOf(chosen), [{ appId: CLIENT, appRoleAssignmentRequired: false }]);
    assert.equal(codeOf(await principals(world, filter, '&$select=shoeSize')), '400 BadRequest');
  });

  it('refuses every other question', async () => {
    const world = adminWorld();
    const unsupported = '400 Request_UnsupportedQuery';
    assert.equal(codeOf(await world.client.get('v1.0/servicePrincipals')), unsupported);
    for (const filter of [
      '',
      "displayName eq 'Emulated bridge'",
      `appId ne '${CLIENT}'`,
      `appId eq ${CLIENT}`,
      `appId eq '${CLIENT}' or appId eq '${NOBODY}'`,
    ]) {
      assert.equal(codeOf(await principals(world, filter)), unsupported, filter);
    }
    assert.equal(codeOf(await principals(world, `appId eq '${CLIENT}'`, '&$top=1')), unsupported);
    assert.equal((await world.client.post('v1.0/servicePrincipals', {})).status, 405);
  });
});

describe('granted permissions', () => {
  it('lists one assignment for each role, with its published id', async () => {
    const world = adminWorld([...ROLES, 'Presence.Read.All', 'Presence.ReadWrite.All']);
    const id = await principalId(world, CLIENT);

    const granted = await assignments(world, id);

    assert.deepEqual(
      granted.map((each) => each['appRoleId']),
      [
        '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
        'a91eadaf-2c3c-4362-908b-fb172d208fc6',
        '40f97065-369a-49f4-947c-6a255697ae91',
        'a70e0c2d-e793-494c-94c4-118fa0a67f42',
        '83cded22-8297-4ff6-a7fa-e97e9545a259',
      ],
    );
    assert.deepEqual(granted[0], {
      id: granted[0]?.['id'],
      appRoleId: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
      createdDateTime: '2026-01-01T00:00:00Z',
      principalId: id,
      principalDisplayName: 'Emulated bridge',
      principalType: 'ServicePrincipal',
      resourceId: await principalId(world, GRAPH_APP),
      resourceDisplayName: 'Microsoft Graph',
    });
    assert.equal(new Set(granted.map((each) => each['id'])).size, granted.length);
  });

  it('makes up the same id for the same other permission', async () => {
    const world = adminWorld(['Directory.Read.All', 'Odd.Read.All']);
    const id = await principalId(world, CLIENT);
    const made = (await assignments(world, id)).map((each) => String(each['appRoleId']));
    assert.match(made[1] ?? '', GUID);
    assert.notEqual(made[0], made[1]);
    const again = (await assignments(world, id)).map((each) => each['appRoleId']);
    assert.deepEqual(again, made);
  });

  it('shows what is granted now, whatever the token says', async () => {
    const world = adminWorld();
    const id = await principalId(world, CLIENT);
    world.entra.control.apps.change(CLIENT, { roles: [] });
    assert.deepEqual(await assignments(world, id), []);
  });

  it('knows no assignments of an unknown principal, nor by client id', async () => {
    const { client } = adminWorld();
    for (const id of [NOBODY, CLIENT]) {
      const reply = await client.get(`beta/servicePrincipals/${id}/appRoleAssignments`);
      assert.equal(codeOf(reply), '404 Request_ResourceNotFound');
    }
  });
});

describe('Teams accounts', () => {
  it('tells what Teams takes an account for', async () => {
    const { client, user, graph } = adminWorld();
    const path = `v1.0/admin/teams/userConfigurations/${user}`;
    const { '@odata.context': _context, ...first } = bodyOf(await client.get(path));
    assert.deepEqual(first, {
      id: user,
      tenantId: TENANT,
      userPrincipalName: `${user}@emulated.example`,
      accountType: 'user',
      createdDateTime: '2026-01-01T00:00:00Z',
      modifiedDateTime: '2026-01-01T00:00:00Z',
    });
    for (const accountType of ACCOUNT_TYPES.filter((type) => type !== 'ineligibleUser')) {
      graph.control.changeUser(user, { accountType });
      assert.equal(bodyOf(await client.get(path))['accountType'], accountType);
    }
  });

  it('hides the later value from a client that does not ask for such values', async () => {
    const { client, subject, graph } = adminWorld();
    graph.control.addUser({ id: NOBODY, accountType: 'ineligibleUser' });
    const path = `v1.0/admin/teams/userConfigurations/${NOBODY}`;
    assert.equal(bodyOf(await client.get(path))['accountType'], 'unknownFutureValue');
    const asking = graphClient({
      ...subject,
      exchange: (request) => {
        const headers = { ...request.headers, prefer: 'include-unknown-enum-members' };
        return subject.exchange({ ...request, headers });
      },
    });
    assert.equal(bodyOf(await asking.get(path))['accountType'], 'ineligibleUser');
  });

  it('knows no unknown user, and nobody by name', async () => {
    const { client, user } = adminWorld();
    const ask = (id: string): Promise<GraphReply> =>
      client.get(`beta/admin/teams/userConfigurations/${id}`);
    assert.equal(codeOf(await ask(NOBODY)), '404 NotFound');
    assert.equal((await ask(`${user}@emulated.example`)).status, 404);
  });
});

describe('mailboxes', () => {
  it('answers the settings of a mailbox, or that there is none', async () => {
    const { client, user, graph } = adminWorld();
    const settings = bodyOf(await client.get(`v1.0/users/${user}/mailboxSettings`));
    assert.equal(settings['timeZone'], 'UTC');
    graph.control.changeUser(user, { mailbox: false });
    const byName = await client.get(`beta/users/${user}@emulated.example/mailboxSettings`);
    assert.equal(codeOf(byName), '404 MailboxNotEnabledForRESTAPI');
    const unknown = await client.get(`v1.0/users/${NOBODY}/mailboxSettings`);
    assert.equal(codeOf(unknown), '404 ErrorInvalidUser');
  });
});

describe('roles of the admin reads', () => {
  const paths = (user: string): Readonly<Record<string, readonly string[]>> => {
    const list = `v1.0/servicePrincipals?$filter=appId%20eq%20'${CLIENT}'`;
    const grants = `v1.0/servicePrincipals/${NOBODY}/appRoleAssignments`;
    return {
      'Application.Read.All': [list, grants],
      'Application.ReadWrite.All': [list, grants],
      'Directory.Read.All': [list, grants],
      'TeamsUserConfiguration.Read.All': [`v1.0/admin/teams/userConfigurations/${user}`],
      'MailboxSettings.Read': [`v1.0/users/${user}/mailboxSettings`],
      'MailboxSettings.ReadWrite': [`v1.0/users/${user}/mailboxSettings`],
    };
  };

  it('lets each role read its own paths and no other', async () => {
    for (const role of Object.keys(paths(''))) {
      const { client, user } = adminWorld([role]);
      const all = paths(user);
      for (const path of new Set(Object.values(all).flat())) {
        const denied = codeOf(await client.get(path)) === DENIED;
        assert.equal(denied, !all[role]?.includes(path), `${role}: ${path}`);
      }
    }
  });

  it('refuses an app that has only the roles of presence and users', async () => {
    const { client, user, graph } = testWorld({ quotaLimit: 1 });
    for (const path of Object.values(paths(user)).flat()) {
      assert.equal(codeOf(await client.get(path)), DENIED);
    }
    assert.equal(await client.shown(user), 'Offline/Offline');
    assert.deepEqual(graph.control.counts().quota[0]?.requests, 1);
  });
});
