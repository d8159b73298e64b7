import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { virtualClock } from '../../../../emulators/virtual-clock.ts';
import type { VirtualClock } from '../../../../emulators/virtual-clock.ts';
import type { HttpResponse } from '../../../lib/exchange.ts';
import type { Random } from '../../../lib/random.ts';
import type { GraphRequest } from '../client.ts';
import { Subscription, type SealingCertificate } from './subscription.ts';

const START = Date.UTC(2026, 0, 5, 8);
const LIFE_MS = 59 * 60_000;
const MINUTE = 60_000;
const PEOPLE = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];

type Answer = (request: GraphRequest) => HttpResponse | Promise<HttpResponse> | undefined;

interface Bench {
  readonly clock: VirtualClock;
  readonly subscription: Subscription;
  /** `METHOD path`, with the minute. */
  readonly sent: string[];
  readonly bodies: Record<string, unknown>[];
  readonly advice: (string | undefined)[];
  made: number;
  answer: Answer;
  certificate: SealingCertificate | undefined;
  luck: number;
  /** What was sent since the last call. */
  news(): readonly string[];
}

const ok = (status: number, body: unknown = {}): HttpResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});

const endOf = (at: number): string => new Date(at).toISOString();

function bench(): Bench {
  const clock = virtualClock(START);
  let ids = 0;
  let seen = 0;
  const usual: Answer = ({ method }) => {
    if (method === 'GET') return ok(200, { value: [] });
    if (method === 'DELETE') return { status: 204, headers: {}, body: '' };
    const expirationDateTime = endOf(clock.now() + LIFE_MS);
    if (method === 'PATCH') return ok(200, { id: `s-${ids}`, expirationDateTime });
    ids += 1;
    return ok(201, { id: `s-${ids}`, expirationDateTime });
  };
  const random: Random = { next: () => state.luck, fork: () => random };
  const state: Omit<Bench, 'subscription'> = {
    clock,
    sent: [],
    bodies: [],
    advice: [],
    made: 0,
    answer: () => undefined,
    certificate: undefined,
    luck: 0.5,
    news: () => {
      const news = state.sent.slice(seen);
      seen = state.sent.length;
      return news;
    },
  };
  const subscription = new Subscription({
    client: {
      call: async (request) => {
        const minute = Math.round((clock.monotonic() / MINUTE) * 100) / 100;
        state.sent.push(`${request.method} ${request.path} ${minute}`);
        const body: unknown = JSON.parse(request.body ?? '{}');
        state.bodies.push({ ...(typeof body === 'object' ? body : {}) });
        return (await state.answer(request)) ?? usual(request) ?? ok(500);
      },
    },
    seams: { clock, random, log: { info: quiet, warn: quiet, error: quiet } },
    sink: { count: quiet },
    url: 'https://hooks.test/l/secret-of-now',
    base: 'https://hooks.test/l/',
    certificate: () => state.certificate,
    newSecret: () => `secret-${ids}`,
    made: () => {
      state.made += 1;
    },
    advise: (action) => void state.advice.push(action),
  });
  return Object.assign(state, { subscription });
}

function quiet(): void {
  // Counts and lines are no matter here.
}

/** Made, with what that took already looked at. */
async function standing(): Promise<Bench> {
  const b = bench();
  b.subscription.cover(PEOPLE);
  await b.clock.run(0);
  b.news();
  return b;
}

describe('a subscription', () => {
  it('is made for the people, with a secret and both addresses', async () => {
    const b = bench();
    b.subscription.cover(PEOPLE);
    await b.clock.run(0);

    assert.deepEqual(b.sent, ['GET /subscriptions 0', 'POST /subscriptions 0']);
    assert.deepEqual(b.bodies[1], {
      changeType: 'updated',
      resource: `/communications/presences?$filter=id in ('${PEOPLE.join("','")}')`,
      notificationUrl: 'https://hooks.test/l/secret-of-now',
      lifecycleNotificationUrl: 'https://hooks.test/l/secret-of-now',
      expirationDateTime: endOf(START + LIFE_MS),
      clientState: 'secret-0',
      includeResourceData: false,
    });
    assert.deepEqual([b.subscription.id, b.subscription.clientState], ['s-1', 'secret-0']);
    assert.deepEqual([b.made, b.advice], [1, [undefined]]);
  });

  it('deletes what an earlier process has left first, and nothing of others (U2)', async () => {
    const b = bench();
    const left = (id: string, notificationUrl?: string): object => ({ id, notificationUrl });
    b.answer = ({ method }) =>
      method === 'GET'
        ? ok(200, {
            value: [
              left('old', 'https://hooks.test/l/secret-of-before'),
              left('other', 'https://hooks.test/elsewhere'),
              left('../me', 'https://hooks.test/l/x'),
              left('bare'),
              7,
            ],
          })
        : undefined;
    b.subscription.cover(PEOPLE);
    await b.clock.run(0);

    assert.deepEqual(b.sent.slice(1), ['DELETE /subscriptions/old 0', 'POST /subscriptions 0']);
  });

  it('is renewed at 60 % of its life by PATCH, earlier or later by chance (U1)', async () => {
    for (const [luck, until] of [
      [0.5, 35.4],
      [0, 32.45],
      [0.9, 37.76],
    ] as const) {
      const b = bench();
      b.luck = luck;
      b.subscription.cover(PEOPLE);
      await b.clock.run(0);
      b.news();
      await b.clock.run(40 * MINUTE);
      assert.deepEqual(b.news(), [`PATCH /subscriptions/s-1 ${until}`]);
      assert.deepEqual(b.bodies.at(-1), {
        expirationDateTime: endOf(Math.floor(START + until * MINUTE) + LIFE_MS),
      });
    }
  });

  it('is renewed once a minute at most and once an hour at least, whatever end is named', async () => {
    for (const [end, calls] of [
      [endOf(START - 1), 10],
      [endOf(START), 10],
      ['9999-12-31T23:59:59Z', 0],
      ['nonsense', 0],
    ] as const) {
      const b = bench();
      b.answer = ({ method }) => {
        if (method === 'POST') return ok(201, { id: 's', expirationDateTime: end });
        return method === 'PATCH' ? ok(200, { id: 's', expirationDateTime: end }) : undefined;
      };
      b.subscription.cover(PEOPLE);
      await b.clock.run(0);
      b.news();
      await b.clock.run(10 * MINUTE);
      assert.equal(b.news().length, calls, end);
      await b.clock.run(60 * MINUTE);
      assert.ok(b.news().length >= 1, end);
    }
  });

  it('is made anew when Graph does not know it any more', async () => {
    const b = await standing();
    b.answer = ({ method }) => (method === 'PATCH' ? ok(404) : undefined);
    await b.clock.run(40 * MINUTE);

    assert.deepEqual(b.news(), ['PATCH /subscriptions/s-1 35.4', 'POST /subscriptions 35.4']);
    assert.deepEqual([b.subscription.id, b.made], ['s-2', 2]);
  });

  it('that is refused is tried again after 30 s, then up to 15 min, with the reason told', async () => {
    const b = bench();
    b.luck = 0.999_999;
    b.answer = ({ method }) =>
      method === 'POST' ? ok(403, { error: { code: 'Forbidden' } }) : undefined;
    b.subscription.cover(PEOPLE);
    await b.clock.run(3 * 60 * MINUTE);

    const posts = b.sent
      .filter((line) => line.startsWith('POST'))
      .map((l) => Number(l.split(' ')[2]));
    const gaps = posts.slice(1).map((at, n) => at - (posts[n] ?? 0));
    assert.ok(Math.abs((gaps[0] ?? 0) - 0.625) < 0.02, gaps.join());
    assert.ok(Math.max(...gaps) <= 15.01 && (gaps.at(-1) ?? 0) > 14, gaps.join());
    assert.match(b.advice.at(-1) ?? '', /HTTP 403 Forbidden.*Presence\.Read\.All/);
    assert.equal(b.subscription.id, undefined);

    b.answer = () => undefined;
    await b.clock.run(20 * MINUTE);
    assert.equal(b.subscription.id, 's-1');
    assert.equal(b.advice.at(-1), undefined);
  });

  it('whose answer was lost is found and deleted before the next try', async () => {
    const b = bench();
    b.answer = ({ method }) => {
      if (method === 'POST') throw new Error('timeout');
      return undefined;
    };
    b.subscription.cover(PEOPLE);
    await b.clock.run(0);
    b.news();
    b.answer = ({ method }) =>
      method === 'GET'
        ? ok(200, {
            value: [{ id: 'lost', notificationUrl: 'https://hooks.test/l/secret-of-now' }],
          })
        : undefined;
    await b.clock.run(MINUTE);

    assert.deepEqual(
      b.news().map((line) => line.replace(/ [\d.]+$/, '')),
      ['GET /subscriptions', 'DELETE /subscriptions/lost', 'POST /subscriptions'],
    );
  });

  it('is extended when Graph asks, once a minute at most, also while that fails', async () => {
    const b = await standing();
    b.subscription.extend();
    await b.clock.run(MINUTE - 1);
    assert.deepEqual(b.news(), [], 'it was made just now');

    b.answer = ({ method }) => (method === 'PATCH' ? ok(500) : undefined);
    for (let second = 0; second < 20; second += 1) {
      b.subscription.extend();
      b.subscription.extend();
      await b.clock.run(1_000);
    }
    assert.equal(b.news().length, 1);
    assert.equal(b.subscription.id, 's-1');
  });

  it('is made anew only when the people have changed', async () => {
    const b = await standing();
    b.subscription.cover([...PEOPLE]);
    await b.clock.run(MINUTE);
    assert.deepEqual(b.news(), []);

    b.subscription.cover(PEOPLE.slice(1));
    await b.clock.run(0);
    assert.deepEqual(b.news(), ['DELETE /subscriptions/s-1 1', 'POST /subscriptions 1']);

    b.subscription.cover([]);
    await b.clock.run(60 * MINUTE);
    assert.deepEqual(b.news(), ['DELETE /subscriptions/s-2 1']);
    assert.equal(b.clock.waiting(), 0);
  });

  it('takes a new certificate in with the next renewal, and is made anew for the first', async () => {
    const b = await standing();
    b.certificate = { der: 'ZGVy', label: 'l-1' };
    await b.clock.run(36 * MINUTE);
    assert.deepEqual(
      b.news().map((line) => line.split(' ')[0]),
      ['DELETE', 'POST'],
    );
    const asked = b.bodies.at(-1) ?? {};
    assert.deepEqual(
      ['includeResourceData', 'encryptionCertificate', 'encryptionCertificateId'].map(
        (n) => asked[n],
      ),
      [true, 'ZGVy', 'l-1'],
    );

    b.certificate = { der: 'bmV3', label: 'l-2' };
    await b.clock.run(36 * MINUTE);
    assert.deepEqual(
      b.news().map((line) => line.split(' ')[0]),
      ['PATCH'],
    );
    assert.equal(b.bodies.at(-1)?.['encryptionCertificateId'], 'l-2');
  });

  it('does not care when the wall clock jumps', async () => {
    const b = await standing();
    b.clock.stepWall(86_400_000);
    await b.clock.run(35 * MINUTE);
    assert.deepEqual(b.news(), []);
    await b.clock.run(MINUTE);
    assert.deepEqual(b.news(), ['PATCH /subscriptions/s-1 35.4']);
  });
});

describe('the end of a subscription', () => {
  it('deletes it, and leaves no timer', async () => {
    const b = await standing();
    await b.subscription.stop();

    assert.deepEqual(b.news(), ['DELETE /subscriptions/s-1 0']);
    b.subscription.cover([]);
    b.subscription.rebuild();
    b.subscription.extend();
    await b.clock.run(120 * MINUTE);
    assert.deepEqual([b.news(), b.clock.waiting()], [[], 0]);
  });

  it('deletes one that comes to stand while it ends', async () => {
    const b = bench();
    let answer = (_response: HttpResponse): void => undefined;
    b.answer = ({ method }) =>
      method === 'POST' ? new Promise((resolve) => (answer = resolve)) : undefined;
    b.subscription.cover(PEOPLE);
    await b.clock.run(0);
    const stopped = b.subscription.stop();
    answer(ok(201, { id: 'late' }));
    await stopped;

    assert.equal(b.sent.at(-1), 'DELETE /subscriptions/late 0');
    assert.equal(b.made, 0);
    assert.equal(b.clock.waiting(), 0);
  });

  it('waits three seconds for what hangs and not longer', async () => {
    for (const hanging of ['POST', 'DELETE']) {
      const b = bench();
      b.answer = ({ method }) => (method === hanging ? new Promise(() => undefined) : undefined);
      b.subscription.cover(PEOPLE);
      await b.clock.run(0);
      let isStopped = false;
      void b.subscription.stop().then(() => (isStopped = true));
      await b.clock.run(2_999);
      assert.equal(isStopped, false, hanging);
      await b.clock.run(1);
      assert.equal(isStopped, true, hanging);
      assert.equal(b.clock.waiting(), 0);
    }
  });

  it('sets no timer for a failure that comes after it', async () => {
    const b = bench();
    let fail = (_error: Error): void => undefined;
    b.answer = ({ method }) =>
      method === 'POST' ? new Promise((_, reject) => (fail = reject)) : undefined;
    b.subscription.cover(PEOPLE);
    await b.clock.run(0);
    const stopped = b.subscription.stop();
    fail(new Error('late'));
    await stopped;

    assert.equal(b.clock.waiting(), 0);
  });
});
