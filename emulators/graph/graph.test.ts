import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import { isRecord } from '../entra/json-body.ts';
import type { Behaviour } from './behaviour.ts';
import { graphClient, type GraphReply } from './graph-client.ts';
import { createGraphEmulator } from './graph.ts';
import { APP, bodyOf, CLIENT, codeOf, TENANT, testWorld, type TestWorld } from './test-world.ts';

const inACall = { availability: 'Busy', activity: 'InACall' };
const busyBusy = { availability: 'Busy', activity: 'Busy' };

function bulk(world: TestWorld, ids: readonly string[]): Promise<GraphReply> {
  return world.client.post('v1.0/communications/getPresencesByUserId', { ids });
}

function idsOf(reply: GraphReply): readonly unknown[] {
  const { value } = bodyOf(reply);
  return Array.isArray(value) ? value.map((each: unknown) => isRecord(each) && each['id']) : [];
}

describe('tokens and roles', () => {
  it('asks reads and writes for their own roles', async () => {
    const roles = (...names: readonly string[]): TestWorld =>
      testWorld({}, [{ ...APP, roles: names }]);
    const none = roles();
    assert.equal((await none.client.get(`v1.0/users/${none.user}/presence`)).status, 403);
    const read = roles('Presence.Read.All');
    assert.equal((await bulk(read, [read.user])).status, 200);
    const refused = await read.client.write(read.user, 'setPresence', inACall);
    assert.equal(codeOf(refused), '403 Forbidden');
    assert.equal(codeOf(await read.client.get('v1.0/users')), '403 Authorization_RequestDenied');
    const write = roles('Presence.ReadWrite.All');
    assert.equal((await bulk(write, [write.user])).status, 200);
    assert.equal((await write.client.write(write.user, 'setPresence', inACall)).status, 200);
  });

  it('refuses an expired token, and a revoked one with a claims challenge', async () => {
    const { clock, entra, client, user } = testWorld();
    const path = `v1.0/users/${user}/presence`;
    await client.get(path);
    entra.control.revoke(CLIENT);
    const challenged = await client.get(path);
    assert.equal(challenged.status, 401);
    const header = challenged.headers['www-authenticate'] ?? '';
    assert.match(header, /error="insufficient_claims"/u);
    const claims = /claims="([^"]+)"/u.exec(header)?.[1] ?? '';
    assert.match(Buffer.from(claims, 'base64').toString(), /"nbf"/u);
    await client.signIn();
    assert.equal((await client.get(path)).status, 200);
    clock.advance(3_599_000);
    const expired = await client.get(path);
    assert.equal(codeOf(expired), '401 InvalidAuthenticationToken');
    assert.doesNotMatch(expired.headers['www-authenticate'] ?? '', /claims/u);
  });
});

describe('tokens of elsewhere', () => {
  it('refuses a token of another tenant', async () => {
    const { clock, entra, subject, user } = testWorld();
    const signedIn = await graphClient(subject).signIn();
    const authorization = `Bearer ${String(bodyOf(signedIn)['access_token'])}`;
    const askAt = async (tenantId: string, graph: string): Promise<string> => {
      const users = [{ id: user }];
      const random = seededRandom(1);
      const other = createGraphEmulator({ clock, random, baseUrl: graph, tenantId, users, entra });
      const url = `${graph}/v1.0/users/${user}/presence`;
      const { status, body } = await other.exchange({
        method: 'GET',
        url,
        headers: { authorization },
      });
      return `${status} ${body}`;
    };
    assert.match(await askAt(TENANT, subject.graphUrl), /^200/u);
    assert.match(await askAt('other', subject.graphUrl), /^401 .*Invalid tenant/u);
  });
});

describe('what the contract leaves open', () => {
  const withOption = (change: Partial<Behaviour>): TestWorld => testWorld(change);

  it('treats bad ids of a bulk read in one of three ways', async () => {
    const omit = withOption({});
    omit.graph.control.changeUser(omit.user, { licensed: false });
    const [, second = ''] = omit.graph.acts.users();
    assert.deepEqual(idsOf(await bulk(omit, [omit.user, 'nobody', second])), [second]);
    const refuse = withOption({ bulkBadIds: 'not-found' });
    assert.equal((await bulk(refuse, [refuse.user, 'nobody'])).status, 404);
    const unknown = withOption({ bulkBadIds: 'presence-unknown' });
    const reply = await bulk(unknown, ['nobody', unknown.user]);
    assert.deepEqual(idsOf(reply), ['nobody', unknown.user]);
    assert.match(reply.text, /"PresenceUnknown"/u);
  });

  it('answers in any order and each id once', async () => {
    const world = withOption({ bulkOrder: 'reversed' });
    const [a = '', b = ''] = world.graph.acts.users();
    assert.deepEqual(idsOf(await bulk(world, [a, b, a.toUpperCase()])), [b, a]);
  });

  it('refuses an unsupported pair, or swallows it', async () => {
    const { client, user, graph } = withOption({ unsupportedPair: 'ignore' });
    assert.equal((await client.write(user, 'setPresence', busyBusy)).status, 200);
    assert.equal(graph.acts.truth(user).sessions.length, 0);
    assert.equal(graph.writesLog.since()[0]?.effect, false);
  });

  it('has or has not sequence numbers, and fewer properties in one cloud', async () => {
    const world = withOption({ sequence: 'absent' });
    const path = `v1.0/users/${world.user}/presence`;
    assert.ok(!('sequenceNumber' in bodyOf(await world.client.get(path))));
    world.graph.control.change({ schema: 'us-gov', sequence: 'on-change' });
    const names = Object.keys(bodyOf(await world.client.get(path))).sort();
    assert.deepEqual(names, ['@odata.context', 'activity', 'availability', 'id', 'statusMessage']);
  });

  it('answers presences/{id} as a list or as one entity', async () => {
    const { client, user, graph } = withOption({});
    const path = `v1.0/communications/presences/${user}`;
    assert.deepEqual(idsOf(await client.get(path)), [user]);
    graph.control.change({ presencesById: 'entity' });
    assert.equal(bodyOf(await client.get(path))['id'], user);
  });

  it('says when to come back in seconds, fractions, as a date, or not at all', async () => {
    const headerWith = async (retryAfter: Behaviour['retryAfter']): Promise<string | undefined> => {
      const world = withOption({ retryAfter, quotaLimit: 1, quotaCountsRejected: 'no' });
      await world.client.shown(world.user);
      world.clock.advance(1_500);
      const reply = await bulk(world, [world.user]);
      assert.equal(codeOf(reply), '429 TooManyRequests');
      return reply.headers['retry-after'];
    };
    assert.equal(await headerWith('seconds'), '29');
    assert.equal(await headerWith('fractional'), '28.500');
    assert.equal(
      await headerWith('date'),
      new Date(Date.UTC(2026, 10, 24, 8, 0, 30)).toUTCString(),
    );
    assert.equal(await headerWith('absent'), undefined);
  });
});

describe('reads and writes', () => {
  it('counts presence calls, not the directory, against the quota', async () => {
    const { client, user, graph } = testWorld({ quotaLimit: 2 });
    await client.get('v1.0/users');
    await client.shown(user);
    await client.write(user, 'setPresence', inACall);
    assert.equal((await client.get(`v1.0/users/${user}/presence`)).status, 429);
    assert.equal((await client.get('v1.0/users')).status, 200);
    const { quota, statuses } = graph.control.counts();
    const [count] = quota;
    assert.deepEqual([count?.requests, count?.rejected, count?.peak], [3, 1, 3]);
    assert.equal(statuses['429'], 1);
  });

  it('reads anew what people, options and faults have changed since the last read', async () => {
    const world = testWorld();
    const { acts, control } = world.graph;
    const text = async (): Promise<string> => (await bulk(world, [world.user])).text;
    assert.match(await text(), /"Offline".*"sequenceNumber"/u);
    acts.signIn(world.user);
    assert.match(await text(), /"availability":"Available".*"isOutOfOffice":false/u);
    acts.outOfOffice(world.user, true);
    assert.match(await text(), /"availability":"Available".*"isOutOfOffice":true/u);
    control.change({ sequence: 'absent' });
    assert.doesNotMatch(await text(), /sequenceNumber/u);
    control.faults.add({ kind: 'odd_value', availability: 'Dancing', count: 1 });
    assert.match(await text(), /"Dancing"/u);
    assert.match(await text(), /"availability":"Available"/u);
  });

  it('keeps a status message, and shows no expiry to others', async () => {
    const { clock, client, user } = testWorld();
    const expiryDateTime = { dateTime: '2026-11-24T09:00:00', timeZone: 'UTC' };
    const message = { content: 'Back at nine', contentType: 'text' };
    const statusMessage = { message, expiryDateTime };
    const reply = await client.write(user, 'setStatusMessage', { statusMessage });
    assert.equal(reply.status, 200);
    const path = `v1.0/users/${user}/presence`;
    assert.deepEqual(bodyOf(await client.get(path))['statusMessage'], { message });
    clock.advance(3_600_000 - 1_000_000);
    assert.notEqual(bodyOf(await client.get(path))['statusMessage'], null);
    clock.advance(1_000_000);
    await client.signIn();
    assert.equal(bodyOf(await client.get(path))['statusMessage'], null);
  });

  it('tells out of office in its own settings', async () => {
    const { client, user, graph } = testWorld();
    graph.acts.outOfOffice(user, true);
    const body = bodyOf(await client.get(`v1.0/users/${user}/presence`));
    assert.deepEqual(body['outOfOfficeSettings'], { message: null, isOutOfOffice: true });
  });

  it('logs every write with what was shown before, whatever became of it', async () => {
    const { client, user, graph } = testWorld();
    graph.acts.signIn(user);
    await client.write(user, 'setPresence', inACall);
    await client.write(user, 'setPresence', busyBusy);
    const [good, bad] = graph.writesLog.since();
    assert.equal(good?.effect, true);
    assert.deepEqual(good?.shownBefore, { availability: 'Available', activity: 'Available' });
    assert.deepEqual(good?.shownAfter, inACall);
    assert.deepEqual(good?.body, { sessionId: CLIENT, ...inACall });
    assert.deepEqual([bad?.status, bad?.effect, bad?.user], [400, false, user]);
  });

  it('refuses what is no proper request', async () => {
    const { client, user, subject } = testWorld();
    const path = `v1.0/users/${user}/presence`;
    assert.equal((await client.get(`${path}?$select=availability`)).status, 400);
    assert.equal((await client.get('v1.0/me/presence')).status, 400);
    assert.equal((await client.get('v2.0/users')).status, 400);
    assert.equal((await client.post('v1.0/users', {})).status, 405);
    assert.equal((await client.get('v1.0/users?$filter=x')).status, 400);
    assert.equal((await client.get('v1.0/users?$select=shoeSize')).status, 400);
    assert.equal((await client.get('v1.0/users?$top=1000')).status, 400);
    const extra = { ...inACall, colour: 'red' };
    assert.equal((await client.write(user, 'setPresence', extra)).status, 400);
    const numeric = { ...inACall, expirationDuration: 300 };
    assert.equal((await client.write(user, 'setPresence', numeric)).status, 400);
    assert.equal((await client.post('v1.0/communications/getPresencesByUserId', {})).status, 400);
    const other = await subject.exchange({
      method: 'POST',
      url: `${subject.graphUrl}/${path}/setPresence`,
      headers: { authorization: `Bearer ${String(bodyOf(await client.signIn())['access_token'])}` },
      body: '<xml/>',
    });
    assert.equal(other.status, 415);
  });

  it('hides from a basic role what only the full one may read', async () => {
    const { client, user, graph } = testWorld({}, [{ ...APP, roles: ['User.ReadBasic.All'] }]);
    graph.control.changeUser(user, { jobTitle: 'Agent', mail: 'agent@emulated.example' });
    const body = bodyOf(await client.get(`v1.0/users/${user}?$select=id,mail,jobTitle`));
    assert.equal(body['mail'], 'agent@emulated.example');
    assert.ok(!('jobTitle' in body));
  });

  it('knows two applications apart', async () => {
    const other = { ...APP, clientId: 'bbbbbbbb-0000-4000-8000-000000000002' };
    const { client, user, graph, subject } = testWorld({}, [APP, other]);
    const second = graphClient({ ...subject, clientId: other.clientId });
    await client.write(user, 'setPresence', inACall);
    assert.equal((await second.write(user, 'clearPresence')).status, 404);
    await second.write(user, 'setPresence', { availability: 'Away', activity: 'Away' });
    assert.equal(graph.acts.truth(user).sessions.length, 2);
    assert.equal(await client.shown(user), 'Busy/InACall');
  });

  it('goes back to its start on reset', async () => {
    const { client, user, graph } = testWorld();
    graph.acts.signIn(user);
    graph.control.addUser({ id: 'late' });
    graph.control.change({ quotaLimit: 5 });
    await client.write(user, 'setPresence', inACall);
    graph.control.reset();
    assert.equal(graph.acts.users().length, 5);
    assert.equal(graph.acts.truth(user).sessions.length, 0);
    assert.equal(graph.control.behaviour().quotaLimit, 1_500);
    assert.deepEqual([graph.requestLog.total(), graph.writesLog.total()], [0, 0]);
  });
});
