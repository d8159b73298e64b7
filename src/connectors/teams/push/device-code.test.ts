import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { virtualClock } from '../../../../emulators/virtual-clock.ts';
import type { HttpRequest } from '../../../lib/exchange.ts';
import { seededRandom } from '../../../lib/random.ts';
import { signInByDevice, type Prompt } from './device-code.ts';

const DEVICE = {
  device_code: 'device',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://login.test/device',
  expires_in: 60,
  interval: 5,
};
const TOKEN = { access_token: 'access', expires_in: 3_600, refresh_token: 'refresh' };

interface Bench {
  readonly asked: readonly HttpRequest[];
  readonly told: readonly Prompt[];
  readonly result: Promise<string>;
  run(ms: number): Promise<void>;
}

/** The device's answer, then these in turn; the last one for ever. */
function bench(answers: readonly object[], device: object = DEVICE): Bench {
  const clock = virtualClock(Date.UTC(2026, 0, 5, 8));
  const asked: HttpRequest[] = [];
  const told: Prompt[] = [];
  const left = [...answers];
  const exchange = async (request: HttpRequest) => {
    asked.push(request);
    if (request.url.endsWith('/devicecode')) return answer(device);
    return answer((left.length > 1 ? left.shift() : left[0]) ?? {});
  };
  const result = signInByDevice(
    {
      cloud: 'global',
      tenantId: 'tenant',
      clientId: 'writer',
      credential: { secret: 'writes' },
      read: { clientId: 'reader', credential: { secret: 'reads' } },
    },
    { clock, random: seededRandom(1), exchange },
    (prompt) => told.push(prompt),
  );
  result.catch(() => undefined);
  return { asked, told, result, run: (ms) => clock.run(ms) };
}

function answer(body: object): { status: number; headers: Record<string, string>; body: string } {
  return { status: 'error' in body ? 400 : 200, headers: {}, body: JSON.stringify(body) };
}

const PENDING = { error: 'authorization_pending', error_codes: [70016] };

describe('the sign-in of an account that subscribes', () => {
  it('waits for the person, as the registration that reads', async () => {
    const b = bench([PENDING, PENDING, TOKEN]);
    await b.run(20_000);
    assert.equal(await b.result, 'refresh');
    assert.deepEqual(b.told, [
      { url: DEVICE.verification_uri, code: DEVICE.user_code, withinMs: 60_000 },
    ]);
    const forms = b.asked.map(({ body }) => new URLSearchParams(String(body)));
    assert.deepEqual(
      forms.map((form) => form.get('client_id')),
      ['reader', 'reader', 'reader', 'reader'],
    );
    assert.match(forms[0]?.get('scope') ?? '', /Presence\.Read\.All offline_access$/);
    assert.equal(forms[1]?.get('client_secret'), 'reads');
    assert.equal(forms[1]?.get('device_code'), 'device');
  });

  it('asks less often when it is told to', async () => {
    const b = bench([{ error: 'slow_down' }, PENDING]);
    await b.run(26_000);
    // After 5, 15 and 25 s.
    assert.equal(b.asked.length, 4);
  });

  const ends: readonly (readonly [string, readonly object[], object, RegExp])[] = [
    ['was declined', [{ error: 'authorization_declined' }], DEVICE, /declined/],
    ['came too late', [{ error: 'expired_token' }], DEVICE, /has ended/],
    ['never came', [PENDING], DEVICE, /nobody entered/],
    ['gave no refresh token', [{ access_token: 'a', expires_in: 60 }], DEVICE, /no refresh token/],
    ['is shown in a strange form', [TOKEN], { ...DEVICE, user_code: 'A\u001b[2J' }, /without a/],
  ];
  for (const [what, answers, device, expected] of ends) {
    it(`says what to do when it ${what}`, async () => {
      const b = bench(answers, device);
      await b.run(120_000);
      await assert.rejects(b.result, expected);
      assert.ok(!JSON.stringify(b.told).includes('\\u001b'));
    });
  }
});
