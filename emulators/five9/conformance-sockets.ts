/** Checks of the supervisor WebSocket: greeting, full frames, differences, how many sockets. */
import assert from 'node:assert/strict';
import {
  type Fields,
  type SupervisorClient,
  eventId,
  fields,
  fullRows,
  rowsOf,
  source,
} from './conformance-client.ts';

export type Check = readonly [what: string, run: (client: SupervisorClient) => Promise<void>];

export const SOCKET_CHECKS: readonly Check[] = [
  ['greets with 1010 and answers ping with 1202', greeting],
  ['sends every agent in 5000 when asked', fullFrame],
  ['sends changes as whole rows in 5012', differences],
  ['closes the oldest of four sockets', fourSockets],
  ['refuses a second socket with the same key', sameKey],
];

/** Without the block that only rows of logged-in agents have. */
const ROW_KEYS = (
  'id callType campaignId customer mediaAvailability parkedCallsCount reasonCodeId state ' +
  'stateSince stateDuration onHoldStateSince onHoldStateDuration onParkStateSince ' +
  'onParkStateDuration reasonCodeSince reasonCodeDuration afterCallWorkStateSince ' +
  'afterCallWorkStateDuration loggedOutStateSince loggedOutStateDuration notReadyStateSince ' +
  'notReadyStateDuration onCallStateSince onCallStateDuration readyStateSince ' +
  'readyStateDuration permanentRecording sessionRecording presence channelAvailability'
).split(' ');
const LOGGED_IN_KEYS =
  'currentVideoChatsCount currentEmailsCount currentCasesCount currentChatsCount readyChannels'.split(
    ' ',
  );

async function greeting(client: SupervisorClient): Promise<void> {
  await client.work();
  const heard = await client.listen('greeting');
  const first = heard.frames[0];
  assert.ok(first);
  assert.equal(eventId(first), '1010');
  assert.equal(first['payLoad'], null);
  assert.equal(fields(first['context'])['userId'], client.userId);
  heard.socket.send('ping');
  await client.until('a pong', () => heard.frames.some((frame) => eventId(frame) === '1202'));
  assert.equal(heard.frames.find((frame) => eventId(frame) === '1202')?.['payLoad'], 'pong');
}

async function fullFrame(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [first = ''] = acts.agents();
  acts.logIn(first);
  await client.work();
  const heard = await client.listen('full');
  const asked = await client.send('PUT', client.own('/request_full_statistics'));
  assert.equal(asked.status, 204);
  const isFull = (frame: Fields): boolean => eventId(frame) === '5000';
  await client.until('a full frame', () => heard.frames.some(isFull));
  const frame = heard.frames.find(isFull);
  assert.ok(frame);
  const context = fields(frame['context']);
  assert.equal(context['broadCast'], false);
  assert.equal(context['userId'], client.userId);
  const rows = fullRows(frame);
  assert.deepEqual(rows.map((row) => String(row['id'])).sort(), [...acts.agents()].sort());
  for (const row of rows) {
    const keys = row['state'] === 'LOGGED_OUT' ? ROW_KEYS : [...ROW_KEYS, ...LOGGED_IN_KEYS];
    assert.deepEqual(Object.keys(row).sort(), [...keys].sort());
    assert.deepEqual(
      fields(row['presence'])['pendingState'],
      fields(row['presence'])['currentState'],
    );
  }
}

async function differences(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [agent = ''] = acts.agents();
  await client.work();
  const heard = await client.listen('differences');
  acts.logIn(agent);
  await client.until('the login', () => rowsOf(heard, agent).length > 0);
  const frame = heard.frames.find((candidate) => eventId(candidate) === '5012');
  assert.ok(frame);
  const context = fields(frame['context']);
  assert.equal(context['broadCast'], true);
  assert.equal(context['userId'], null);
  const part = source(frame, 'AGENT_STATE');
  assert.deepEqual(Object.keys(part ?? {}).sort(), ['added', 'dataSource', 'removed', 'updated']);
  const row = rowsOf(heard, agent).at(-1) ?? {};
  assert.deepEqual(Object.keys(row).sort(), [...ROW_KEYS, ...LOGGED_IN_KEYS].sort());
  assert.equal(row['state'], 'NOT_READY');
  assert.equal(row['notReadyStateSince'], row['stateSince']);
  assert.equal(row['loggedOutStateSince'], 0);
}

async function fourSockets(client: SupervisorClient): Promise<void> {
  await client.work();
  const oldest = await client.listen('a');
  const others = [await client.listen('b'), await client.listen('c'), await client.listen('d')];
  await client.until('the oldest is closed', () => oldest.closedWith !== undefined);
  assert.deepEqual(
    others.map((heard) => heard.open),
    [true, true, true],
  );
}

async function sameKey(client: SupervisorClient): Promise<void> {
  await client.work();
  const one = await client.listen('twin');
  const two = await client.listen('twin');
  await client.until('one is closed', () => [one, two].some((heard) => heard.closedWith === 3000));
  const closed = [one, two].find((heard) => heard.closedWith === 3000);
  assert.ok(closed?.frames.some((frame) => eventId(frame) === '1020'));
}
