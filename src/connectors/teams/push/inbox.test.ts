import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboundAnswer, InboundRequest } from '../../connector.ts';
import { itemOf } from './fixtures/graph-notices.ts';
import { Inbox, type Announced } from './inbox.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'AAAAAAAA-0000-4000-8000-000000000002';
const OURS = { subscriptionId: 's-1', clientState: 'state-1' };
const PATH = '/secret';

interface Bench {
  readonly counts: Map<string, number>;
  readonly noticed: (readonly string[])[];
  readonly announced: (readonly Announced[])[];
  readonly events: string[];
  kept: () => Promise<void>;
  bodies: number;
  ask(request: Partial<InboundRequest>): Promise<InboundAnswer>;
  post(items: readonly unknown[], more?: object): Promise<InboundAnswer>;
}

function bench(): Bench {
  const made: Bench = {
    counts: new Map(),
    noticed: [],
    announced: [],
    events: [],
    kept: () => Promise.resolve(),
    bodies: 0,
    ask: (request) =>
      inbox.receive({
        method: 'POST',
        path: PATH,
        query: new URLSearchParams(),
        body: () => Promise.resolve(''),
        ...request,
      }),
    post: (items, more = {}) =>
      made.ask({
        body: () => {
          made.bodies += 1;
          return Promise.resolve(JSON.stringify({ value: items, ...more }));
        },
      }),
  };
  const inbox = new Inbox({
    path: PATH,
    clientStateOf: (id) => (/^s-[12]$/.test(id) ? id.replace('s', 'state') : undefined),
    watched: (account) => [A, B].find((each) => each.toLowerCase() === account),
    sink: {
      noticed: (accounts) => {
        made.noticed.push(accounts);
        return made.kept();
      },
      count: (event, by = 1) => made.counts.set(event, (made.counts.get(event) ?? 0) + by),
    },
    announced: (changes) => void made.announced.push(changes),
    lifecycle: (id, event) => void made.events.push(`${id} ${event}`),
  });
  return made;
}

describe('the notification address', () => {
  it('acknowledges a change once it is written down, and not before (B2)', async () => {
    const b = bench();
    let keep = (): void => undefined;
    b.kept = () => new Promise((resolve) => (keep = resolve));
    let answer: InboundAnswer | undefined;
    const asked = b.post([itemOf(A, OURS)]).then((given) => (answer = given));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(answer, undefined);
    assert.equal(b.announced.length, 0);

    keep();
    await asked;
    assert.deepEqual(answer, { status: 202 });
    assert.deepEqual(b.noticed, [[A]]);
    assert.equal(b.announced.length, 1);
  });

  it('answers 503 when it cannot be written down, whichever way it fails, and does nothing', async () => {
    const b = bench();
    const event = { ...OURS, lifecycleEvent: 'missed' };
    for (const kept of [
      (): Promise<void> => Promise.reject(new Error('the disk is full')),
      (): Promise<void> => {
        throw new Error('the disk is full');
      },
    ]) {
      b.kept = kept;
      assert.deepEqual(await b.post([itemOf(A, OURS), event]), { status: 503 });
    }
    assert.deepEqual([b.announced, b.events], [[], []]);
    assert.equal(b.counts.get('notice_not_kept'), 2);
  });

  it('reads no body at another address, by another method, or of a handshake (B1)', async () => {
    const b = bench();
    const body = (): Promise<string> => assert.fail('the body was read');
    for (const path of ['/', '', '/secre', '/secret/', '/secret2', '/Secret', '/secret/x']) {
      assert.deepEqual(await b.ask({ path, body }), { status: 404 }, path);
    }
    for (const method of ['GET', 'PUT', 'OPTIONS', 'post']) {
      assert.deepEqual(await b.ask({ method, body }), { status: 405 }, method);
    }
    const query = new URLSearchParams({ validationToken: 'x' });
    assert.equal((await b.ask({ query, body })).status, 200);
    assert.equal(b.counts.get('notice_elsewhere'), 7);
  });

  it('is found below whatever a proxy keeps in front of it', async () => {
    const b = bench();

    assert.deepEqual(await b.ask({ path: '/some/prefix/secret' }), { status: 400 });
  });

  it('gives the text of the handshake back as it was decoded, up to 2 KB', async () => {
    const b = bench();
    const ask = (search: string): Promise<InboundAnswer> =>
      b.ask({ query: new URLSearchParams(search) });

    assert.deepEqual(await ask('validationToken=Validation%3a+Testing+%3Cb%3E'), {
      status: 200,
      text: 'Validation: Testing <b>',
    });
    assert.equal((await ask(`validationToken=${'x'.repeat(2_048)}`)).status, 200);
    assert.deepEqual(await ask(`validationToken=${'x'.repeat(2_049)}`), { status: 400 });
  });

  it('says what is wrong with a body that does not come or is no collection', async () => {
    const b = bench();

    assert.deepEqual(await b.ask({ body: () => Promise.reject(new RangeError()) }), {
      status: 413,
    });
    assert.deepEqual(await b.ask({ body: () => Promise.resolve('{') }), { status: 400 });
    assert.deepEqual(await b.post([]), { status: 400 });
  });

  it('answers what is not ours like what is, and nothing comes of it (B3)', async () => {
    const b = bench();
    const forged = [
      { ...OURS, clientState: 'state-2' },
      { ...OURS, clientState: 'state-1 ' },
      { ...OURS, subscriptionId: 's-2' },
      { ...OURS, subscriptionId: 's-3' },
      { ...OURS, subscriptionId: '__proto__' },
    ];
    const answer = await b.post([
      ...forged.map((of) => itemOf(A, of)),
      ...forged.map((of) => ({ ...of, lifecycleEvent: 'subscriptionRemoved' })),
    ]);

    assert.deepEqual(answer, { status: 202 });
    assert.deepEqual([b.noticed, b.announced, b.events], [[], [], []]);
    assert.equal(b.counts.get('notice_forged'), 10);
  });

  it('takes the good items of a mixed post, and each account once for the journal', async () => {
    const b = bench();
    const answer = await b.post([
      7,
      itemOf(A, { ...OURS, clientState: 'wrong' }),
      itemOf(B.toLowerCase(), OURS),
      { ...OURS, lifecycleEvent: 'reauthorizationRequired' },
      itemOf('aaaaaaaa-0000-4000-8000-00000000ffff', OURS),
      itemOf(B, { subscriptionId: 's-2', clientState: 'state-2' }),
      { ...OURS },
      itemOf(A, OURS),
    ]);

    assert.deepEqual(answer, { status: 202 });
    assert.deepEqual(b.noticed, [[B, A]]);
    assert.deepEqual(
      b.announced[0]?.map(({ account }) => account),
      [B, B, A],
    );
    assert.deepEqual(b.events, ['s-1 reauthorizationRequired']);
    assert.deepEqual(
      ['notice', 'notice_spoiled', 'notice_forged', 'notice_unmapped'].map((n) => b.counts.get(n)),
      [3, 1, 1, 2],
    );
  });
});
