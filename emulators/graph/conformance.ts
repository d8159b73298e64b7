/**
 * What any double of Graph presence must do, checked from outside: over its HTTP face, through the
 * acts of people, and against what is true. Each check opens a world of its own.
 * Sources are the pages named in the README; nothing here is an option of the contract.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { TeamsTruth } from '../acts.ts';
import { isRecord } from '../entra/json-body.ts';
import type { Act } from './act.ts';
import {
  graphClient,
  type ClientSubject,
  type GraphClient,
  type GraphReply,
} from './graph-client.ts';
import { PREFERRED_PAIRS, SESSION_PAIRS } from './pairs.ts';

/** A fresh world: at least three licensed users, signed in nowhere; the app has all roles. */
export interface GraphSubject extends ClientSubject {
  readonly users: readonly string[];
  act(user: string, act: Act): Promise<void>;
  truth(user: string): Promise<TeamsTruth>;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What a check has in its hands. */
interface Scene {
  readonly subject: GraphSubject;
  readonly client: GraphClient;
  readonly user: string;
  readonly act: (act: Act) => Promise<void>;
}

type Check = (name: string, run: (scene: Scene) => Promise<void>) => void;

const MINUTE = 60_000;
const DAY = 86_400_000;

export function graphConformance(name: string, open: () => Promise<GraphSubject>): void {
  describe(`Graph presence contract: ${name}`, () => {
    let subject: GraphSubject | undefined;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(async () => {
      await subject?.close();
    });
    const check: Check = (title, run) => {
      it(title, async () => {
        if (subject === undefined) throw new Error('no world was opened');
        await run(sceneOf(subject));
      });
    };
    checkAccess(check);
    checkReads(check);
    checkSessionWrites(check);
    checkSessionLife(check);
    checkPreferred(check);
    checkAggregation(check);
    checkDirectory(check);
  });
}

function sceneOf(subject: GraphSubject): Scene {
  const [user] = subject.users;
  if (user === undefined || subject.users.length < 3) throw new Error('three users are needed');
  const act = (what: Act): Promise<void> => subject.act(user, what);
  return { subject, client: graphClient(subject), user, act };
}

function checkAccess(check: Check): void {
  check('a request without a token gets 401, a challenge and an error body', async (scene) => {
    const { subject, user } = scene;
    const url = `${subject.graphUrl}/v1.0/users/${user}/presence`;
    const response = await subject.exchange({ method: 'GET', url, headers: {} });
    assert.equal(response.status, 401);
    assert.match(response.headers['www-authenticate'] ?? '', /^Bearer /u);
    assert.match(response.body, /"code":"InvalidAuthenticationToken"/u);
  });
  check('a wrong secret gets no token', async ({ subject }) => {
    const reply = await graphClient({ ...subject, clientSecret: 'wrong' }).signIn();
    assert.equal(reply.status, 401);
    assert.match(reply.text, /AADSTS7000215/u);
  });
}

function checkReads(check: Check): void {
  check('nobody signed in shows Offline', async ({ client, user }) => {
    assert.equal(await client.shown(user), 'Offline/Offline');
  });
  check('single, bulk and beta reads agree', async ({ client, user, act }) => {
    await act({ act: 'signIn' });
    assert.equal(await client.shown(user), 'Available/Available');
    const bulk = await client.post('v1.0/communications/getPresencesByUserId', { ids: [user] });
    assert.deepEqual(pairsById(bulk), [[user, 'Available/Available']]);
    assert.equal((await client.get(`beta/users/${user}/presence`)).status, 200);
  });
  check('a bulk read takes 650 ids and no more', async ({ client, user }) => {
    const path = 'v1.0/communications/getPresencesByUserId';
    const ids = Array.from({ length: 649 }, (_, at) => `00000000-0000-4000-8000-${at + 1e11}`);
    assert.ok([200, 404].includes((await client.post(path, { ids: [user, ...ids] })).status));
    const tooMany = await client.post(path, { ids: [user, user, ...ids] });
    assert.equal(tooMany.status, 400);
  });
  check('an unknown user is 404 for reads and writes', async ({ client }) => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    assert.equal((await client.get(`v1.0/users/${nobody}/presence`)).status, 404);
    assert.equal((await client.write(nobody, 'clearUserPreferredPresence')).status, 404);
  });
  check('the sequence number grows as text with every change', async ({ client, user, act }) => {
    const { sequenceNumber: before } = await client.presence(user);
    await act({ act: 'signIn' });
    const { sequenceNumber: after } = await client.presence(user);
    if (typeof before === 'string') assert.ok(typeof after === 'string' && after > before);
  });
}

function checkSessionWrites(check: Check): void {
  check('setPresence takes its five pairs, with an empty 200', async ({ client, user }) => {
    for (const pair of SESSION_PAIRS) {
      const reply = await client.write(user, 'setPresence', pair);
      assert.equal(reply.status, 200);
      assert.equal(reply.text, '');
      assert.equal(await client.shown(user), `${pair.availability}/${pair.activity}`);
    }
  });
  check('setPresence refuses other pairs and changes nothing', async ({ client, user }) => {
    for (const pair of [busyBusy, { availability: 'Busy', activity: 'InAMeeting' }]) {
      assert.equal((await client.write(user, 'setPresence', pair)).status, 400);
    }
    assert.equal(await client.shown(user), 'Offline/Offline');
  });
  check('a session lives five minutes to four hours', async ({ client, user }) => {
    const set = (expirationDuration: string): Promise<GraphReply> =>
      client.write(user, 'setPresence', { ...inACall, expirationDuration });
    assert.equal((await set('PT5M')).status, 200);
    assert.equal((await set('PT4H')).status, 200);
    for (const outside of ['PT4M59S', 'PT4H1S']) {
      const reply = await set(outside);
      assert.equal(reply.status, 400);
      assert.match(reply.text, /"code":"InvalidArgument".*\[ExpirationDuration\] is out of range/u);
    }
  });
  check('the session id must be the application id', async ({ client, user }) => {
    const sessionId = '11111111-1111-4111-8111-111111111111';
    assert.equal((await client.write(user, 'setPresence', { ...inACall, sessionId })).status, 400);
  });
  check('clearing a session that is not there is 404', async ({ client, user }) => {
    assert.equal((await client.write(user, 'clearPresence')).status, 404);
    await client.write(user, 'setPresence', inACall);
    assert.equal((await client.write(user, 'clearPresence')).status, 200);
    assert.equal(await client.shown(user), 'Offline/Offline');
  });
}

function checkSessionLife(check: Check): void {
  check('a session ends by itself: after five minutes, or as asked', async (scene) => {
    const { subject, client, user } = scene;
    await client.write(user, 'setPresence', inACall);
    await subject.advance(4 * MINUTE);
    assert.equal(await client.shown(user), 'Busy/InACall');
    await subject.advance(MINUTE + 1_000);
    assert.equal(await client.shown(user), 'Offline/Offline');
    await client.write(user, 'setPresence', { ...inACall, expirationDuration: 'PT30M' });
    await subject.advance(29 * MINUTE);
    assert.equal(await client.shown(user), 'Busy/InACall');
  });
  check('only Available fades, whatever its duration', async ({ subject, client, user }) => {
    const available = { availability: 'Available', activity: 'Available' };
    await client.write(user, 'setPresence', { ...available, expirationDuration: 'PT4H' });
    await subject.advance(5 * MINUTE + 1_000);
    assert.equal(await client.shown(user), 'Available/AvailableInactive');
    await subject.advance(5 * MINUTE);
    assert.equal(await client.shown(user), 'Away/Away');
  });
}

function checkPreferred(check: Check): void {
  check('a preferred presence takes its six pairs and outranks sessions', async (scene) => {
    const { client, user, act } = scene;
    await act({ act: 'signIn' });
    await act({ act: 'startPresenting' });
    for (const pair of PREFERRED_PAIRS) {
      assert.equal((await client.write(user, 'setUserPreferredPresence', pair)).status, 200);
      assert.equal(await client.shown(user), `${pair.availability}/${pair.activity}`);
    }
    const refused = await client.write(user, 'setUserPreferredPresence', inACall);
    assert.equal(refused.status, 400);
  });
  check('without a session a preferred presence does not show', async ({ client, user }) => {
    await client.write(user, 'setUserPreferredPresence', busyBusy);
    assert.equal(await client.shown(user), 'Offline/Offline');
  });
  check('it lives a day for Busy, seven otherwise, or as asked', async (scene) => {
    const { subject, client, user, act } = scene;
    await act({ act: 'signIn' });
    const away = { availability: 'Away', activity: 'Away' };
    for (const [body, life] of [
      [busyBusy, DAY],
      [away, 7 * DAY],
      [{ ...away, expirationDuration: 'PT8H' }, DAY / 3],
    ] as const) {
      await client.write(user, 'setUserPreferredPresence', body);
      await subject.advance(life - MINUTE);
      await client.signIn();
      assert.notEqual(await client.shown(user), 'Available/Available');
      await subject.advance(2 * MINUTE);
      assert.equal(await client.shown(user), 'Available/Available');
    }
  });
  check('a choice made by hand sits in the same slot', async ({ subject, client, user, act }) => {
    await act({ act: 'signIn' });
    await act({ act: 'choose', choice: 'DoNotDisturb' });
    assert.ok([200, 204].includes((await client.write(user, 'clearUserPreferredPresence')).status));
    assert.equal(await client.shown(user), 'Available/Available');
    // The person's choice is lost to the application, and the truth knows it.
    const { withoutApps } = await subject.truth(user);
    assert.equal(withoutApps.availability, 'DoNotDisturb');
  });
}

function checkAggregation(check: Check): void {
  check('what people do shows as the contract says', async ({ client, user, act }) => {
    await act({ act: 'signIn' });
    for (const [what, expected] of [
      [{ act: 'meetingStarts', teamsMeeting: false }, 'Busy/Busy'],
      [{ act: 'meetingEnds' }, 'Available/Available'],
      [{ act: 'meetingStarts', teamsMeeting: true }, 'Busy/InAMeeting'],
      [{ act: 'joinCall' }, 'Busy/InACall'],
      [{ act: 'startPresenting' }, 'DoNotDisturb/Presenting'],
      [{ act: 'stopPresenting' }, 'Busy/InACall'],
      [{ act: 'leaveCall' }, 'Busy/InAMeeting'],
      [{ act: 'meetingEnds' }, 'Available/Available'],
      [{ act: 'goIdle' }, 'Away/Away'],
      [{ act: 'comeBack' }, 'Available/Available'],
      [{ act: 'choose', choice: 'BeRightBack' }, 'BeRightBack/BeRightBack'],
      [{ act: 'resetStatus' }, 'Available/Available'],
      [{ act: 'signOut' }, 'Offline/Offline'],
    ] as const) {
      await act(what);
      assert.equal(await client.shown(user), expected, JSON.stringify(what));
    }
  });
  check('an app can raise a session but not lower one', async ({ client, user, act }) => {
    await act({ act: 'signIn' });
    await client.write(user, 'setPresence', { availability: 'Away', activity: 'Away' });
    assert.equal(await client.shown(user), 'Available/Available');
    await client.write(user, 'setPresence', inACall);
    assert.equal(await client.shown(user), 'Busy/InACall');
    await act({ act: 'startPresenting' });
    assert.equal(await client.shown(user), 'DoNotDisturb/Presenting');
    await act({ act: 'stopPresenting' });
    await client.write(user, 'clearPresence');
    assert.equal(await client.shown(user), 'Available/Available');
  });
  check('what an app writes leaves withoutApps alone', async ({ subject, client, user, act }) => {
    await act({ act: 'signIn' });
    await client.write(user, 'setPresence', inACall);
    await client.write(user, 'setUserPreferredPresence', busyBusy);
    const truth = await subject.truth(user);
    assert.deepEqual(truth.withoutApps, { availability: 'Available', activity: 'Available' });
    assert.equal(truth.preferred?.by, 'app');
    assert.equal(truth.sessions.length, 2);
  });
}

function checkDirectory(check: Check): void {
  check('users come in pages, each exactly once', async ({ subject, client }) => {
    const seen: string[] = [];
    let path: string | undefined = 'v1.0/users?$select=id,displayName&$top=2';
    while (path !== undefined) {
      const { json, status } = await client.get(path);
      assert.equal(status, 200);
      if (!isRecord(json) || !Array.isArray(json['value'])) throw new Error('no list of users');
      seen.push(
        ...json['value'].map((user: unknown) => (isRecord(user) ? String(user['id']) : '')),
      );
      path = typeof json['@odata.nextLink'] === 'string' ? json['@odata.nextLink'] : undefined;
    }
    assert.deepEqual([...seen].sort(), [...subject.users].sort());
  });
  check('one user is found by id, an unknown one is 404', async ({ client, user }) => {
    assert.equal((await client.get(`v1.0/users/${user}`)).status, 200);
    assert.equal((await client.get('v1.0/users/nobody')).status, 404);
  });
}

const inACall = { availability: 'Busy', activity: 'InACall' } as const;
const busyBusy = { availability: 'Busy', activity: 'Busy' } as const;

function pairsById({ json }: GraphReply): readonly (readonly [unknown, string])[] {
  if (!isRecord(json) || !Array.isArray(json['value'])) throw new Error('no list of presences');
  return json['value'].filter(isRecord).map(({ id, availability, activity }) => {
    return [id, `${String(availability)}/${String(activity)}`] as const;
  });
}
