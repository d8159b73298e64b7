/** The small parts: cookies, hosts, variants, replies, outcomes, pacing, options, guard, back-off. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExchangeError } from '../../lib/exchange.ts';
import { seededRandom } from '../../lib/random.ts';
import { ConnectorError } from '../connector.ts';
import { createVirtualClock } from '../kit/conformance/rig.ts';
import { createBackoff } from './backoff.ts';
import { CookieJar } from './cookies.ts';
import { hostAllowed, placeIn, socketOrigin } from './hosts.ts';
import { LoginGuard } from './login-guard.ts';
import { settingsFrom, type Five9Options } from './options.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import { createPacing } from './pacing.ts';
import { sessionFault, waitOf, wordsOf } from './reply.ts';
import { metadata, PASSWORD, reply, T0, vendorFault } from './scripted-five9.test.ts';
import { authHeaders, AUTH_VARIANTS, variantsToTry } from './variants.ts';
import { metadataOf } from './wire.ts';

const DOMAINS = ['five9.com', 'five9.net'];
const RULE = { loginUrl: 'https://app.five9.com', allowedHosts: DOMAINS };

describe('cookie jar', () => {
  const jar = (): CookieJar => new CookieJar((domain) => domain.endsWith('five9.com'));

  it('keeps a host’s own cookies to that host and shares what names an allowed domain', () => {
    const own = jar();
    own.store('app.five9.com', 'a=1; Path=/; Secure\nb=2; Domain=.five9.com\nc=3; Domain=com', 0);
    assert.equal(own.header('app.five9.com', 0), 'a=1; b=2');
    assert.equal(own.header('app-xyz.five9.com', 0), 'b=2');
    assert.equal(own.header('five9.com.evil.example', 0), '');
  });

  it('takes no cookie for a domain that the host is not below', () => {
    const own = jar();
    own.store('evil.example', 'a=1; Domain=five9.com', 0);
    own.store('xfive9.com', 'b=1; Domain=five9.com', 0);
    assert.equal(own.header('app.five9.com', 0), '');
  });

  it('replaces, expires and deletes', () => {
    const own = jar();
    own.store('h', 'a=1\nb=2; Max-Age=10\nc=3; Expires=Thu, 01 Jan 1970 00:01:00 GMT', 0);
    own.store('h', 'a=9', 0);
    assert.equal(own.header('h', 9_999), 'b=2; c=3; a=9');
    assert.equal(own.header('h', 60_000), 'a=9');
    own.store('h', 'a=; Max-Age=0', 0);
    assert.equal(own.header('h', 0), 'b=2; c=3');
    own.clear();
    assert.equal(own.header('h', 0), '');
  });

  it('refuses what could break a header, and holds no more than fifty', () => {
    const own = jar();
    own.store('h', `bad\u0007=1\n=2\nnoequals\nok=${'x'.repeat(5_000)}`, 0);
    assert.equal(own.header('h', 0), '');
    for (let i = 0; i < 80; i += 1) own.store('h', `n${i}=1`, 0);
    assert.equal(own.header('h', 0).split('; ').length, 50);
    assert.ok(own.header('h', 0).startsWith('n30=1'));
  });
});

describe('hosts', () => {
  it('accepts the sign-in host and hosts below the allowed domains only', () => {
    for (const host of ['app.five9.com', 'app.nld1.eu.five9.com', 'api.prod.us.five9.net']) {
      assert.ok(hostAllowed(host, RULE.loginUrl, DOMAINS), host);
    }
    for (const host of [
      'evilfive9.com',
      'five9.com.evil.example',
      '169.254.169.254',
      '',
      'a b',
      'app.five9.com:1',
      'x@five9.com',
      '[::1]',
    ]) {
      assert.ok(!hostAllowed(host, RULE.loginUrl, DOMAINS), host);
    }
    assert.ok(hostAllowed('127.0.0.1', 'http://127.0.0.1:8080', []));
  });

  it('finds the active data centre, keeps a port that is not the usual one, and says no', () => {
    const good = placeIn(metadataOf(metadata('APP-xyz.five9.com')), 'api', RULE);
    assert.deepEqual(good, { kind: 'origin', origin: 'https://app-xyz.five9.com' });
    const port = placeIn(metadataOf(metadata('app-xyz.five9.com', '8443')), 'login', RULE);
    assert.deepEqual(port, { kind: 'origin', origin: 'https://app-xyz.five9.com:8443' });
    for (const host of ['evil.example', 'app.five9.com@evil.example', 'app.five9.com/x?']) {
      assert.equal(placeIn(metadataOf(metadata(host)), 'api', RULE).kind, 'refused', host);
    }
    assert.equal(
      placeIn(metadataOf(metadata('app.five9.com', '44x')), 'api', RULE).kind,
      'refused',
    );
    assert.equal(placeIn(undefined, 'api', RULE).kind, 'none');
    assert.equal(socketOrigin('https://a.five9.com'), 'wss://a.five9.com');
    assert.equal(socketOrigin('http://127.0.0.1:1'), 'ws://127.0.0.1:1');
  });
});

describe('ways of authorising', () => {
  it('make four different sets of headers', () => {
    const credentials = { tokenId: 't', farmId: '152' };
    assert.deepEqual(
      AUTH_VARIANTS.map((variant) => authHeaders(variant, credentials, 'a=1')),
      [
        { cookie: 'a=1', farmid: '152', authorization: 'Bearer-t' },
        { cookie: 'a=1' },
        { cookie: 'a=1', farmid: '152', 'x-requested-with': 'XMLHttpRequest' },
        { cookie: 'a=1', farmid: '152', authorization: 'Bearer t' },
      ],
    );
    assert.deepEqual(authHeaders('cookies', { tokenId: 't', farmId: undefined }, ''), {
      'x-requested-with': 'XMLHttpRequest',
    });
  });

  it('are tried as configured, or all with the remembered one first', () => {
    assert.deepEqual(variantsToTry('cookies', 'bearer_space'), ['cookies']);
    assert.deepEqual(variantsToTry('probe', undefined), AUTH_VARIANTS);
    assert.deepEqual(variantsToTry('probe', 'bearer_space')[0], 'bearer_space');
    assert.equal(new Set(variantsToTry('probe', 'bearer_space')).size, 4);
  });
});

describe('replies', () => {
  it('show what is wrong with the session', () => {
    const fault = (status: number, body?: unknown): string | undefined =>
      sessionFault(reply(status, body))?.kind;
    assert.equal(fault(435, vendorFault(3, 'Improper', { contextCode: 'LOGIN' })), 'wrong_state');
    assert.equal(fault(435), 'migrated');
    assert.equal(fault(401), 'unauthorised');
    assert.equal(fault(500, vendorFault(5001, 'moved')), 'migrated');
    assert.deepEqual(sessionFault(reply(400, vendorFault(5001, 'moved', { farmId: 7 }))), {
      kind: 'farm',
      farmId: '7',
    });
    for (const status of [200, 400, 403, 404, 429, 500]) assert.equal(fault(status), undefined);
  });

  it('name the wait in the header or in the body, within bounds', () => {
    assert.equal(waitOf(reply(429, '', { 'retry-after': '7' }), T0), 7_000);
    assert.equal(waitOf(reply(429, { resetEpochSeconds: T0 / 1_000 + 30 }), T0), 30_000);
    assert.equal(waitOf(reply(429, { resetEpochSeconds: 0 }), T0), 1_000);
    assert.equal(waitOf(reply(429, { resetEpochSeconds: 1e12 }), T0), 3_600_000);
    assert.equal(waitOf(reply(429, 'slow down'), T0), undefined);
  });

  it('give the vendor’s words without tricks', () => {
    const text = wordsOf(reply(400, vendorFault(1, `Bad\u202e\u0000 code ${'x'.repeat(500)}`)));
    assert.ok(!text.includes('\u202e') && !text.includes('\u0000') && text.length < 250, text);
    assert.equal(wordsOf(reply(502, '<html>')), 'HTTP 502');
  });
});

describe('outcomes', () => {
  const wanted = { channels: [], code: '7' };
  const kind = (status: number, body?: unknown): string =>
    outcomeOf(reply(status, body), wanted, T0).kind;

  it('tell surely undone from unknown', () => {
    assert.deepEqual(
      [200, 202, 204].map((status) => kind(status)),
      ['accepted', 'accepted', 'accepted'],
    );
    assert.deepEqual(
      [500, 502, 504, 408].map((status) => kind(status)),
      ['ambiguous', 'ambiguous', 'ambiguous', 'ambiguous'],
    );
    assert.deepEqual(
      [503, 435].map((status) => kind(status)),
      ['failed', 'failed'],
    );
    assert.deepEqual(
      [401, 429].map((status) => kind(status)),
      ['denied', 'throttled'],
    );
    for (const status of [400, 403, 404, 409]) {
      assert.equal(kind(status, vendorFault(4, 'No')), 'refused', String(status));
    }
  });

  it('say in Five9’s words why it refused', () => {
    const refused = outcomeOf(reply(400, vendorFault(4, 'Reason code is not valid')), wanted, T0);
    assert.deepEqual(refused, {
      kind: 'refused',
      reason: 'refused',
      detail: 'Reason code is not valid (HTTP 400)',
    });
    const unknown = outcomeOf(reply(404, vendorFault(8, 'Not found')), wanted, T0);
    assert.ok(unknown.kind === 'refused' && unknown.reason === 'not_found');
  });

  it('take a broken connection for unknown once something was sent', () => {
    assert.equal(outcomeOfFailure(new ExchangeError('timeout', true, 'x')).kind, 'ambiguous');
    assert.equal(outcomeOfFailure(new ExchangeError('connect', false, 'x')).kind, 'failed');
    assert.equal(outcomeOfFailure(new Error('what')).kind, 'ambiguous');
  });
});

describe('pace, guard and back-off', () => {
  it('lets a burst through, then one each step, and turns away what would wait long', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing(clock, 2, 3);
    assert.deepEqual(
      [0, 1, 2].map(() => pacing.take().waitMs),
      [0, 0, 0],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map(() => pacing.take().waitMs),
      [500, 1_000, 1_500, 2_000],
    );
    assert.deepEqual(pacing.take(), { isTaken: false, waitMs: 2_500 });
    await clock.advance(3_500);
    assert.deepEqual(pacing.take(), { isTaken: true, waitMs: 0 });
  });

  it('allows three sign-ins in ten minutes', () => {
    const guard = new LoginGuard();
    for (const at of [0, 1_000, 2_000]) {
      assert.equal(guard.waitMs(at), 0);
      guard.note(at);
    }
    assert.equal(guard.waitMs(3_000), 597_000);
    assert.equal(guard.waitMs(600_000), 0);
    guard.note(600_000);
    assert.equal(guard.waitMs(600_001), 999);
  });

  it('doubles the pause up to its limit, with jitter', () => {
    const backoff = createBackoff(seededRandom('b'), 1_000, 30_000);
    for (const ceiling of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const pause = backoff.next();
      assert.ok(pause >= ceiling / 2 && pause <= ceiling, `${pause} of ${ceiling}`);
    }
    backoff.reset();
    assert.ok(backoff.next() <= 1_000);
  });
});

describe('options', () => {
  const base = { username: 'u', password: PASSWORD };
  const complaint = (options: Partial<Five9Options>): string => {
    try {
      settingsFrom({ ...base, ...options });
    } catch (error) {
      assert.ok(error instanceof ConnectorError);
      return `${error.message} ${error.fix}`;
    }
    return 'none';
  };

  it('have a default for everything but the account', () => {
    const settings = settingsFrom(base);
    assert.equal(settings.loginUrl, 'https://app.five9.com');
    assert.deepEqual(
      [settings.policy, settings.auth, settings.acceptNotices],
      ['AttachExisting', 'probe', false],
    );
    assert.deepEqual(settingsFrom({ ...base, allowedHosts: ['127.0.0.1:99'] }).allowedHosts, [
      '127.0.0.1',
    ]);
  });

  it('complain with field, value and fix, and never show the password', () => {
    assert.match(complaint({ quietMs: 3 }), /five9\.quietMs is 3: .*Correct five9\.quietMs/);
    assert.match(
      complaint({ reservedReasonCodes: ['lunch'] }),
      /reservedReasonCodes\.0 is "lunch"/,
    );
    assert.match(complaint({ loginUrl: 'ftp://x' }), /five9\.loginUrl is "ftp:/);
    assert.match(complaint({ loginUrl: 'http://app.five9.com' }), /must begin with https/);
    assert.match(complaint({ presencePath: '/no/agent' }), /must hold \{agent\}/);
    assert.equal(complaint({ password: '' }).includes('hidden'), true);
    assert.equal(complaint({ loginUrl: 'http://127.0.0.1:8080' }), 'none');
    assert.equal(complaint({ loginUrl: 'http://five9.test', allowPlainHttp: true }), 'none');
  });
});
