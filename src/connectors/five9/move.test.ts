import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from '../kit/conformance/rig.ts';
import { frameText, metadata, ScriptedFive9, start, until } from './scripted-five9.test.ts';

describe('moving with the domain', () => {
  it('signs in where 1002 says, reads everyone there, and changes no state', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    const before = rig.said.observations.slice();
    five9.say(frameText('70', 'STARTED'));
    assert.equal(rig.state(), 'migrating');
    five9.host = 'app-new.five9.com';
    five9.say(frameText('1002', metadata('app-new.five9.com')));
    assert.equal(five9.open().length, 0, 'the old socket is given up');
    await until(rig, () => rig.state() === 'live', 'live on the new host', 30_000);
    const logins = five9.hits('/auth/login').map((request) => new URL(request.url).host);
    assert.deepEqual(logins, ['app.five9.com', 'app-new.five9.com']);
    assert.ok(five9.open()[0]?.url.startsWith('wss://app-new.five9.com/'));
    const after = rig.said.observations.slice(before.length);
    assert.deepEqual(
      after.map((one) => one.presence),
      before.map((one) => one.presence),
    );
    assert.ok((after[0]?.version.generation ?? 0) > (before[0]?.version.generation ?? 0));
    assert.deepEqual(rig.said.missing, []);
    const states = rig.said.health.slice(-2).map((one) => one.state);
    assert.deepEqual(states, ['migrating', 'live'], 'nothing but migrating in between');
    await connector.stop();
  });

  it('shows an ordinary loss again once the move is over', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.say(frameText('1002', metadata('app-xyz.five9.com')));
    await until(rig, () => rig.state() === 'live', 'live on the new host', 30_000);
    for (const line of five9.open()) five9.drop(line, 1006);
    assert.equal(rig.state(), 'live');
    await rig.clock.advance(0);
    assert.equal(rig.state(), 'degraded');
    await connector.stop();
  });

  it('does not hold on to the old host after 73, though it still answers pings', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.say(frameText('73', 'IDLE_MAINTENANCE'));
    await until(rig, () => five9.open().length === 1 && rig.state() === 'live', 'moved', 30_000);
    assert.equal(five9.lines.length, 2);
    assert.equal(rig.said.counts.get('migration'), 1);
    await connector.stop();
  });

  it('refuses a foreign host and finds the domain by the sign-in host instead', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.say(frameText('1002', metadata('five9.com.evil.example')));
    await until(rig, () => rig.state() === 'live', 'live again', 30_000);
    assert.equal(rig.said.counts.get('egress_denied'), 1);
    const hosts = new Set(five9.requests.map((request) => new URL(request.url).hostname));
    assert.deepEqual([...hosts], ['app.five9.com', 'app-xyz.five9.com']);
    await connector.stop();
  });

  it('comes back to the configured host when the new one does not answer', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.before = (request) => (request.url.includes('app-dead') ? 'unreachable' : undefined);
    five9.say(frameText('1002', metadata('app-dead.five9.com')));
    await until(rig, () => rig.state() === 'live', 'live again', 60_000);
    assert.equal(five9.hits('/auth/login').at(-1)?.url.startsWith('https://app.five9.com/'), true);
    await connector.stop();
  });

  it('is live again when an announced migration does not come, without signing in', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.say(frameText('70', 'STARTED'));
    await rig.clock.advance(60_000);
    assert.equal(rig.state(), 'migrating');
    await until(rig, () => rig.state() === 'live', 'live', 120_000);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });

  it('does not stay in migration when the new host never comes', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.before = () => 'unreachable';
    five9.say(frameText('1002', metadata('app-new.five9.com')));
    await rig.clock.advance(60_000);
    assert.equal(rig.state(), 'migrating');
    await until(rig, () => rig.state() === 'down', 'down', 120_000);
    await connector.stop();
  });

  it('restarts the session when Five9 lost a part of itself', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.loginState = 'RELOGIN';
    five9.say(frameText('1003', null));
    await until(rig, () => five9.lines.length === 2 && rig.state() === 'live', 'back', 30_000);
    assert.equal(five9.hits('/session_restart').length, 1);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });

  it('takes a new key after another socket took the old one', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.say(frameText('1020', null));
    for (const line of five9.open()) five9.drop(line, 3000);
    await until(rig, () => five9.open().length === 1, 'connected again', 30_000);
    assert.notEqual(five9.lines[0]?.url, five9.lines[1]?.url);
    assert.equal(rig.said.counts.get('duplicate_socket'), 1);
    await connector.stop();
  });
});
