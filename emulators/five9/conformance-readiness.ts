/** Checks of readiness: what people press, what the API writes, and what a call does to both. */
import assert from 'node:assert/strict';
import { type SupervisorClient, fields, list, rowsOf } from './conformance-client.ts';
import type { Check } from './conformance-sockets.ts';

export const READINESS_CHECKS: readonly Check[] = [
  ['moves the reason without moving the state', reasonInsideNotReady],
  ['echoes a write to a free agent', writeToFree],
  ['keeps a write during a call pending until after-call work ends', writeOnCall],
  ['gives the readiness from before the call back', backAfterCall],
  ['refuses unknown reasons, unknown agents and agents who are logged out', refusals],
];

async function reasonInsideNotReady(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [agent = ''] = acts.agents();
  await client.work();
  const [first = '', second = ''] = await selectable(client);
  const heard = await client.listen('reasons');
  acts.logIn(agent);
  acts.notReady(agent, first);
  const shows = (code: string) => (): boolean =>
    rowsOf(heard, agent).at(-1)?.['reasonCodeId'] === code;
  await client.until('the first reason', shows(first));
  const before = rowsOf(heard, agent).at(-1) ?? {};
  await client.subject.passTime();
  acts.notReady(agent, second);
  await client.until('the second reason', shows(second));
  const after = rowsOf(heard, agent).at(-1) ?? {};
  assert.equal(after['stateSince'], before['stateSince']);
  assert.ok(Number(after['reasonCodeSince']) > Number(before['reasonCodeSince']));
}

async function writeToFree(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [agent = ''] = acts.agents();
  acts.logIn(agent);
  acts.ready(agent);
  await client.work();
  const [reason = ''] = await selectable(client);
  const heard = await client.listen('write');
  const reply = await client.writePresence(agent, [], reason);
  assert.ok(reply.status === 200 || reply.status === 202);
  await client.until('the echo', () => rowsOf(heard, agent).length > 0);
  const row = rowsOf(heard, agent).at(-1) ?? {};
  assert.equal(row['state'], 'NOT_READY');
  assert.equal(row['reasonCodeId'], reason);
  const current = fields(fields(row['presence'])['currentState']);
  assert.deepEqual(current, { readyChannels: [], notReadyReasonCode: Number(reason) });
  assert.equal(acts.truth(agent).routable, false);
  const channels = ['CALL', 'VOICE_MAIL'];
  assert.ok((await client.writePresence(agent, channels, '0')).status < 300);
  assert.deepEqual(acts.truth(agent).readyChannels, channels);
  assert.equal(acts.truth(agent).routable, true);
}

async function writeOnCall(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [agent = ''] = acts.agents();
  acts.logIn(agent);
  acts.ready(agent);
  acts.ring(agent);
  acts.answer(agent);
  await client.work();
  const [reason = ''] = await selectable(client);
  const heard = await client.listen('pending');
  assert.ok((await client.writePresence(agent, [], reason)).status < 300);
  await client.until('the pending row', () => rowsOf(heard, agent).length > 0);
  const row = rowsOf(heard, agent).at(-1) ?? {};
  assert.equal(row['state'], 'ON_CALL');
  const pending = fields(fields(row['presence'])['pendingState']);
  assert.equal(pending['notReadyReasonCode'], Number(reason));
  assert.notDeepEqual(pending, fields(fields(row['presence'])['currentState']));
  acts.hangUp(agent);
  assert.equal(acts.truth(agent).state, 'ACW');
  acts.finishWrapUp(agent);
  assert.equal(acts.truth(agent).state, 'NOT_READY');
  const shown = (): boolean => rowsOf(heard, agent).at(-1)?.['state'] === 'NOT_READY';
  await client.until('it applies', shown);
  assert.equal(rowsOf(heard, agent).at(-1)?.['reasonCodeId'], reason);
}

async function backAfterCall(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [ready = '', paused = ''] = acts.agents();
  await client.work();
  const [reason = ''] = await selectable(client);
  acts.logIn(ready);
  acts.ready(ready);
  acts.ring(ready);
  assert.throws(() => acts.ring(ready), /cannot be rung/);
  acts.answer(ready);
  acts.logIn(paused);
  acts.notReady(paused, reason);
  assert.throws(() => acts.ring(paused), /cannot be rung/);
  acts.dial(paused);
  for (const agent of [ready, paused]) {
    assert.equal(acts.truth(agent).state, 'ON_CALL');
    acts.hangUp(agent);
    acts.finishWrapUp(agent);
  }
  assert.equal(acts.truth(ready).state, 'READY');
  assert.equal(acts.truth(paused).state, 'NOT_READY');
  assert.equal(acts.truth(paused).reasonCode, reason);
}

async function refusals(client: SupervisorClient): Promise<void> {
  const { acts } = client.subject;
  const [inside = '', outside = ''] = acts.agents();
  acts.logIn(inside);
  acts.ready(inside);
  await client.work();
  const [reason = ''] = await selectable(client);
  const refused = [
    await client.writePresence(inside, [], '999999'),
    await client.writePresence('300000000999999', [], reason),
    await client.writePresence(outside, [], reason),
  ];
  assert.deepEqual(
    refused.map((reply) => reply.status),
    [400, 404, 409],
  );
  for (const reply of refused) {
    assert.ok(fields(fields(JSON.parse(reply.body))['five9ExceptionDetail'])['message']);
  }
  assert.equal(acts.truth(inside).state, 'READY');
}

async function selectable(client: SupervisorClient): Promise<readonly string[]> {
  const codes = list(await client.read(client.org('/not_ready_reason_codes'))).map(fields);
  return codes.filter((code) => code['selectable'] === true).map((code) => String(code['id']));
}
