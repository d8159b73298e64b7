import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from '../kit/conformance/rig.ts';
import {
  build,
  metadata,
  PASSWORD,
  reply,
  ScriptedFive9,
  start,
  until,
  vendorFault,
} from './scripted-five9.test.ts';
import type { AuthVariant } from './variants.ts';

const MINUTE = 60_000;

describe('signing in to Five9', () => {
  it('sends the password once, to the sign-in host, and works at the active data centre', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    const holding = five9.requests.filter((request) => JSON.stringify(request).includes(PASSWORD));
    assert.equal(holding.length, 1);
    assert.equal(holding[0]?.url, 'https://app.five9.com/supsvcs/rs/svc/auth/login');
    assert.match(holding[0]?.body ?? '', /"policy":"AttachExisting"/);
    const later = five9.requests.slice(1);
    assert.ok(later.every((request) => request.url.startsWith('https://app-xyz.five9.com/')));
    assert.ok(later.every((request) => request.headers['farmid'] === '152'));
    // Shared by its domain attribute, and the host-only one stays at the sign-in host.
    assert.ok(later.every((request) => request.headers['cookie'] === 'f9-sessionId=abc'));
    await connector.stop();
    assert.equal(five9.hits('/auth/logout').length, 1);
  });

  const accepts: Record<AuthVariant, (headers: Readonly<Record<string, string>>) => boolean> = {
    bearer_hyphen: (headers) => headers['authorization'] === 'Bearer-token-1',
    bearer_space: (headers) => headers['authorization'] === 'Bearer token-1',
    cookies: (headers) => headers['authorization'] === undefined && headers['farmid'] === '152',
    cookies_no_header: (headers) =>
      headers['authorization'] === undefined && headers['farmid'] === undefined,
  };
  for (const variant of [
    'bearer_hyphen',
    'bearer_space',
    'cookies',
    'cookies_no_header',
  ] as const) {
    it(`finds out that the domain takes ${variant}, and keeps to it`, async () => {
      const rig = createRig();
      const five9 = new ScriptedFive9();
      five9.authorised = (request) => accepts[variant](request.headers);
      const connector = await start(rig, five9);
      const refused = rig.said.counts.get('post_login_401') ?? 0;
      assert.ok(refused <= 3, `${refused} refused tries`);
      assert.ok(five9.lines.every((line) => accepts[variant](line.headers)));
      await connector.accounts();
      assert.equal(rig.said.counts.get('post_login_401') ?? 0, refused);
      await connector.stop();
    });
  }

  it('signs in with the password as it stands in the configuration by then', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let now = PASSWORD;
    const connector = build(rig, five9, {}, () => now);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'live', 'live');
    await rig.clock.advance(20_000);
    now = 'changed-password';
    five9.token = 'token-2';
    for (const line of five9.open()) five9.drop(line, 1006);
    await until(rig, () => five9.hits('/auth/login').length === 2, 'a second sign-in');
    assert.match(five9.hits('/auth/login')[1]?.body ?? '', /changed-password/);
    await connector.stop();
  });

  it('remembers the way for the next sign-in', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.authorised = ({ headers }) => headers['authorization'] === `Bearer ${five9.token}`;
    const connector = await start(rig, five9);
    await rig.clock.advance(20_000);
    const refused = rig.said.counts.get('post_login_401');
    five9.token = 'token-2';
    for (const line of five9.open()) five9.drop(line, 1006);
    await until(rig, () => rig.state() === 'live' && five9.lines.length === 2, 'live again');
    assert.equal(five9.hits('/auth/login').length, 2);
    assert.equal(rig.said.counts.get('post_login_401'), refused);
    assert.equal(rig.said.counts.get('kicked'), 1);
    await connector.stop();
  });

  it('gives a fresh session three tries, two seconds apart, and no second sign-in', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const began = rig.clock.monotonic();
    five9.authorised = () => rig.clock.monotonic() - began >= 3_500;
    const connector = await start(rig, five9, { auth: 'bearer_hyphen' });
    assert.equal(rig.clock.monotonic() - began, 4_000);
    assert.equal(five9.hits('/auth/login').length, 1);
    assert.equal(rig.said.counts.get('post_login_401'), 2);
    await connector.stop();
  });

  it('says what an administrator has to do when no way is taken', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.authorised = () => false;
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'auth_blocked', 'auth blocked');
    assert.match(rig.said.health.at(-1)?.action ?? '', /five9\.auth/);
    await connector.stop();
  });

  it('signs in again at once when its new session was ended meanwhile, and then only seldom', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let ended = 1;
    five9.authorised = () => five9.hits('/auth/login').length > ended;
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'auth_blocked', 'auth blocked');
    await until(rig, () => rig.state() === 'live', 'live again', 15_000);
    assert.equal(five9.hits('/auth/login').length, 2);
    await connector.stop();

    const wrong = build(rig, five9);
    ended = Number.POSITIVE_INFINITY;
    wrong.start(rig.sink, rig.budget);
    await rig.clock.advance(9 * MINUTE);
    assert.equal(five9.hits('/auth/login').length, 4);
    await wrong.stop();
  });

  it('blocks on a refused password, asks again only after ten minutes, and heals', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let isGood = false;
    five9.before = (request) =>
      !isGood && request.url.endsWith('/auth/login')
        ? reply(401, vendorFault(2, 'Bad password'))
        : undefined;
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'auth_blocked', 'auth blocked');
    assert.match(rig.said.health.at(-1)?.detail ?? '', /Bad password/);
    await rig.clock.advance(9 * MINUTE);
    assert.equal(five9.hits('/auth/login').length, 1);
    isGood = true;
    await until(rig, () => rig.state() === 'live', 'live again', 2 * MINUTE);
    await connector.stop();
  });

  it('waits as long as a throttled sign-in says', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let left = 1;
    five9.before = (request) =>
      request.url.endsWith('/auth/login') && left-- > 0
        ? reply(429, '', { 'retry-after': '90' })
        : undefined;
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'throttled', 'throttled');
    await rig.clock.advance(89_000);
    assert.equal(five9.hits('/auth/login').length, 1);
    await until(rig, () => rig.state() === 'live', 'live', 5_000);
    await connector.stop();
  });
});

describe('the login states', () => {
  it('starts the session with an empty station', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.loginState = 'SELECT_STATION';
    const connector = await start(rig, five9);
    const [begun] = five9.hits('/session_start');
    assert.equal(begun?.body, '{"stationId":"","stationType":"EMPTY"}');
    assert.ok(begun?.url.endsWith('?force=true'));
    await connector.stop();
  });

  it('restarts a session that migrated', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.loginState = 'RELOGIN';
    const connector = await start(rig, five9);
    assert.equal(five9.hits('/session_restart').length, 1);
    await connector.stop();
  });

  it('does not accept a notice by itself, and goes on when a person has', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.loginState = 'ACCEPT_NOTICE';
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'auth_blocked', 'blocked by the notice');
    const health = rig.said.health.at(-1);
    assert.match(health?.detail ?? '', /Planned work/);
    assert.match(health?.action ?? '', /accept the notice/);
    await rig.clock.advance(5 * MINUTE);
    assert.equal(five9.hits('/accept').length, 0);
    assert.equal(five9.lines.length, 0, 'no socket before the session works');
    assert.equal(five9.hits('/auth/login').length, 1, 'waiting must not cost sign-ins');
    five9.loginState = 'WORKING';
    await until(rig, () => rig.state() === 'live', 'live', 2 * MINUTE);
    await connector.stop();
  });

  it('accepts notices when that is configured', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.loginState = 'ACCEPT_NOTICE';
    const connector = await start(rig, five9, { acceptNotices: true });
    assert.equal(five9.hits('/9101/accept').length, 1);
    assert.equal(five9.hits('/session_start').length, 1);
    await connector.stop();
  });

  it('does not turn in circles on a state that it does not know', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.loginState = 'SOMETHING_NEW';
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'down', 'down');
    assert.match(rig.said.health.at(-1)?.detail ?? '', /SOMETHING_NEW/);
    await rig.clock.advance(10 * MINUTE);
    assert.ok(five9.requests.length < 80, `${five9.requests.length} requests`);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });
});

describe('a session that fails', () => {
  it('ends a log-in war after three sign-ins and names the likely cause', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9, { policy: 'ForceIn' });
    for (let round = 2; round <= 3; round += 1) {
      five9.token = `token-${round}`;
      for (const line of five9.open()) five9.drop(line, 1006);
      await until(rig, () => five9.open().length === 1, 'signed in again', MINUTE);
    }
    five9.token = 'token-4';
    for (const line of five9.open()) five9.drop(line, 1006);
    await until(rig, () => rig.state() === 'auth_blocked', 'the war is over', MINUTE);
    assert.match(rig.said.health.at(-1)?.detail ?? '', /Somebody else uses the bridge account/);
    assert.equal(five9.hits('/auth/login').length, 3);
    await until(rig, () => rig.state() === 'live', 'peace', 11 * MINUTE);
    assert.equal(five9.hits('/auth/login').length, 4);
    await connector.stop();
  });

  it('refuses a data centre outside the allowed domains', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    five9.host = '169.254.169.254';
    const connector = build(rig, five9);
    connector.start(rig.sink, rig.budget);
    await until(rig, () => rig.state() === 'auth_blocked', 'blocked');
    assert.match(rig.said.health.at(-1)?.detail ?? '', /169\.254\.169\.254/);
    assert.equal(rig.said.counts.get('egress_denied'), 1);
    assert.ok(five9.requests.every((request) => request.url.startsWith('https://app.five9.com/')));
    assert.equal(five9.lines.length, 0);
    await connector.stop();
  });

  it('brings a wrong login state back to work and repeats the request that it met', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.loginState = 'SELECT_STATION';
    assert.equal((await connector.accounts()).length, 2);
    assert.equal(five9.hits('/auth/login').length, 1);
    await connector.stop();
  });

  it('signs in anew when the service has migrated, and connects there', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    let left = 1;
    five9.before = (request) =>
      request.url.endsWith('/users') && left-- > 0 ? reply(435, 'moved') : undefined;
    five9.host = 'app-new.five9.com';
    assert.equal((await connector.accounts()).length, 2);
    assert.equal(five9.hits('/auth/login').length, 2);
    await until(rig, () => five9.open()[0]?.url.includes('app-new') === true, 'new feed');
    await connector.stop();
  });

  it('signs in anew when the login state of a lost feed says that the service has migrated', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.before = (request) =>
      request.url.endsWith('/login_state') && five9.hits('/auth/login').length === 1
        ? reply(435, 'moved')
        : undefined;
    five9.host = 'app-new.five9.com';
    five9.open()[0]?.handlers.onClose(1006, 'dropped');
    await until(rig, () => five9.open()[0]?.url.includes('app-new') === true, 'new feed');
    assert.equal(five9.hits('/auth/login').length, 2);
    await connector.stop();
  });

  it('does not sign in again and again while the whole service answers so', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.before = (request) =>
      request.url.endsWith('/auth/login') ? undefined : reply(435, 'moved');
    five9.open()[0]?.handlers.onClose(1006, 'dropped');
    await rig.clock.advance(60_000);
    assert.equal(five9.hits('/auth/login').length, 2);
    five9.before = () => undefined;
    await until(rig, () => rig.state() === 'live', 'live again');
    assert.equal(five9.hits('/auth/login').length, 2);
    await connector.stop();
  });

  it('goes on with the farm that an error names', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    const connector = await start(rig, five9);
    five9.before = (request) =>
      request.url.endsWith('/users') && request.headers['farmid'] !== '160'
        ? reply(400, vendorFault(5001, 'Migrated', { farmId: '160' }))
        : undefined;
    assert.equal((await connector.accounts()).length, 2);
    assert.equal(five9.hits('/auth/login').length, 1);
    await until(rig, () => five9.open()[0]?.headers['farmid'] === '160', 'the feed follows');
    await connector.stop();
  });

  it('survives a sign-in reply that makes no sense', async () => {
    const rig = createRig();
    const five9 = new ScriptedFive9();
    let left = 1;
    five9.before = (request) =>
      request.url.endsWith('/auth/login') && left-- > 0
        ? reply(200, { metadata: metadata('x') })
        : undefined;
    const connector = await start(rig, five9);
    assert.equal(five9.hits('/auth/login').length, 2);
    await connector.stop();
  });
});
