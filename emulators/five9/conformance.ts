/**
 * What a Five9 double must do to be one. Runs over any exchange and socket: in memory, over real
 * HTTP, or against another double. Each test starts a fresh subject with at least three agents who
 * are logged out, and a supervisor account that has no notices to accept.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Five9Subject, SupervisorClient, fields, list } from './conformance-client.ts';
import { READINESS_CHECKS } from './conformance-readiness.ts';
import { SOCKET_CHECKS } from './conformance-sockets.ts';

type Start = () => Promise<Five9Subject>;

export function five9Conformance(name: string, start: Start): void {
  const check = (what: string, run: (client: SupervisorClient) => Promise<void>): void => {
    it(what, async () => {
      const subject = await start();
      try {
        await run(new SupervisorClient(subject));
      } finally {
        await subject.close();
      }
    });
  };
  describe(`${name}: sessions`, () => {
    check('logs in, names the active data centre, all ports being text', loginShape);
    check('refuses a wrong password', wrongPassword);
    check('answers 435 until the session works', loginStates);
    check('answers 401 after the logout', logout);
    check('lists users and reason codes', lists);
  });
  describe(`${name}: sockets`, () => {
    for (const [what, run] of SOCKET_CHECKS) check(what, run);
  });
  describe(`${name}: readiness`, () => {
    for (const [what, run] of READINESS_CHECKS) check(what, run);
  });
}

async function loginShape(client: SupervisorClient): Promise<void> {
  const login = await client.logIn();
  for (const key of ['tokenId', 'sessionId', 'orgId', 'userId']) {
    assert.equal(typeof login[key], 'string', key);
  }
  const centres = list(fields(login['metadata'])['dataCenters']).map(fields);
  const places = centres.flatMap((centre) => [
    ...list(centre['apiUrls']),
    ...list(centre['loginUrls']),
    ...list(centre['uiUrls']),
  ]);
  for (const place of places.map(fields)) {
    assert.deepEqual(Object.keys(place).sort(), ['host', 'port', 'routeKey', 'version']);
    assert.ok(Object.values(place).every((value) => typeof value === 'string'));
  }
  const again = fields(await client.read('/auth/metadata'));
  assert.deepEqual(Object.keys(again).sort(), Object.keys(login).sort());
}

async function wrongPassword(client: SupervisorClient): Promise<void> {
  const reply = await client.tryLogin('wrong');
  assert.equal(reply.status, 401);
  assert.ok(fields(JSON.parse(reply.body))['five9ExceptionDetail']);
}

async function loginStates(client: SupervisorClient): Promise<void> {
  await client.logIn();
  const reply = await client.send('GET', client.own('/login_state'));
  assert.equal(reply.body, '"SELECT_STATION"');
  const early = await client.send('GET', client.org('/users'));
  assert.equal(early.status, 435);
  const detail = fields(fields(JSON.parse(early.body))['five9ExceptionDetail']);
  assert.equal(detail['errorCode'], 3);
  assert.equal(
    detail['message'],
    'Improper agent login state SELECT_STATION while calling getUsers. Allowed is WORKING',
  );
  assert.equal(fields(detail['context'])['contextCode'], 'LOGIN');
  await client.work();
  assert.equal((await client.send('GET', client.org('/users'))).status, 200);
}

async function logout(client: SupervisorClient): Promise<void> {
  await client.work();
  assert.ok((await client.send('POST', '/auth/logout')).status < 300);
  assert.equal((await client.send('GET', client.org('/users'))).status, 401);
}

async function lists(client: SupervisorClient): Promise<void> {
  await client.work();
  const users = list(await client.read(client.org('/users'))).map(fields);
  for (const agent of client.subject.acts.agents()) {
    const user = users.find((candidate) => candidate['id'] === agent);
    assert.ok(user, `user ${agent}`);
    assert.ok(list(user['roles']).includes('Agent'));
    for (const key of ['userName', 'fullName', 'extension', 'email']) {
      assert.equal(typeof user[key], 'string', key);
    }
  }
  const codes = list(await client.read(client.org('/not_ready_reason_codes'))).map(fields);
  assert.ok(codes.length > 0);
  for (const code of codes)
    assert.deepEqual(Object.keys(code).sort(), ['id', 'name', 'selectable']);
}
