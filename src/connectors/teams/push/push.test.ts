import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { virtualClock } from '../../../../emulators/virtual-clock.ts';
import type { VirtualClock } from '../../../../emulators/virtual-clock.ts';
import type { HttpResponse } from '../../../lib/exchange.ts';
import { seededRandom } from '../../../lib/random.ts';
import type { InboundAnswer } from '../../connector.ts';
import type { GraphRequest } from '../client.ts';
import { personId } from '../fixtures/scripted-graph.ts';
import { itemOf, presenceText } from './fixtures/graph-notices.ts';
import { Push } from './push.ts';

const MINUTE = 60_000;

interface Made {
  readonly channel: number;
  readonly id: string;
  readonly clientState: string;
  readonly url: string;
  readonly resource: string;
}

interface Bench {
  readonly clock: VirtualClock;
  readonly push: Push;
  readonly requests: { readonly channel: number; readonly request: GraphRequest }[];
  readonly made: Made[];
  readonly looked: (readonly string[])[];
  readonly noticed: (readonly string[])[];
  readonly counts: Map<string, number>;
  readonly advice: Map<string, string | undefined>;
  post(of: Made | undefined, ...items: readonly object[]): Promise<InboundAnswer>;
}

function bench(subscribers = 2): Bench {
  const clock = virtualClock(Date.UTC(2026, 0, 5, 8));
  const state: Omit<Bench, 'push'> = {
    clock,
    requests: [],
    made: [],
    looked: [],
    noticed: [],
    counts: new Map(),
    advice: new Map(),
    post: (of, ...items) =>
      push.receive({
        method: 'POST',
        path: new URL(of?.url ?? 'http://none').pathname,
        query: new URLSearchParams(),
        body: () => Promise.resolve(JSON.stringify({ value: items })),
      }),
  };
  const push = new Push({
    setup: {
      url: 'https://hooks.test/l',
      subscribers: Array.from({ length: subscribers }, (_, n) => ({
        name: `account ${n}`,
        refreshToken: () => undefined,
        keep: quiet,
      })),
      content: () => undefined,
    },
    seams: {
      clock,
      random: seededRandom(1),
      log: { info: quiet, warn: quiet, error: quiet },
      exchange: () => Promise.reject(new Error('no keys')),
    },
    sender: { keysUrl: 'https://login.test/keys', issuers: [], audience: [] },
    sink: {
      noticed: (accounts) => {
        state.noticed.push(accounts);
        return Promise.resolve();
      },
      count: (event, by = 1) => state.counts.set(event, (state.counts.get(event) ?? 0) + by),
    },
    clientOf: (channel) => ({
      call: (request) => {
        state.requests.push({ channel, request });
        const { method, body = '{}' } = request;
        if (method === 'GET') return answer(200, { value: [] });
        if (method === 'DELETE') return answer(204, {});
        if (method === 'PATCH') return answer(200, {});
        const id = `s-${state.made.length}`;
        state.made.push(madeOf(channel, id, JSON.parse(body)));
        return answer(201, { id });
      },
    }),
    look: (accounts) => void state.looked.push(accounts),
    offer: () => false,
    advise: (about, action) => state.advice.set(about, action),
  });
  return Object.assign(state, { push });
}

function madeOf(
  channel: number,
  id: string,
  asked: Pick<Made, 'clientState' | 'resource'> & { readonly notificationUrl: string },
): Made {
  const { clientState, resource, notificationUrl: url } = asked;
  return { channel, id, clientState, resource, url };
}

function answer(status: number, body: object): Promise<HttpResponse> {
  return Promise.resolve({ status, headers: {}, body: JSON.stringify(body) });
}

function quiet(): void {
  // Nothing is told.
}

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => personId(n));

const event = (of: Made | undefined, lifecycleEvent: string): object => ({
  subscriptionId: of?.id,
  clientState: of?.clientState,
  lifecycleEvent,
});

const change = (account: string, of: Made | undefined): object =>
  itemOf(account, { subscriptionId: of?.id ?? '', clientState: of?.clientState ?? '' });

/** Everybody is subscribed to, for longer than it takes to be judged. */
async function listening(count: number, subscribers = 2): Promise<Bench> {
  const b = bench(subscribers);
  b.push.watch(ids(count));
  await b.clock.run(2 * MINUTE);
  b.looked.length = 0;
  return b;
}

describe('notifications', () => {
  it('are asked for once the mapping has settled, 650 for each account, at one secret address', async () => {
    const b = bench(3);
    b.push.watch(ids(10));
    await b.clock.run(1_000);
    b.push.watch(ids(800));
    await b.clock.run(1_999);
    assert.equal(b.requests.length, 0);
    await b.clock.run(1);

    assert.deepEqual(
      b.made.map(({ channel }) => channel),
      [0, 1],
    );
    assert.deepEqual(
      b.made.map(({ resource }) => resource.split(',').length),
      [650, 150],
    );
    const [first, second] = b.made;
    assert.equal(first?.url, second?.url);
    assert.match(first?.url ?? '', /^https:\/\/hooks\.test\/l\/[\w-]{43}$/);
    assert.notEqual(first?.clientState, second?.clientState);
    assert.deepEqual(
      b.looked.map((each) => each.length),
      [650, 150],
      'read once it stands',
    );
    assert.equal(b.advice.get('push.shards'), undefined);
    await b.push.stop();
  });

  it('name what is missing when there are more people than places', async () => {
    const b = await listening(1_301);

    assert.match(b.advice.get('push.shards') ?? '', /^1 agents .*sign in 1 more/);
    await b.push.stop();
  });

  it('leave out who is no object id, for the sake of all the others', async () => {
    const b = bench();
    b.push.watch(['anna@example.test', "x') or (1 eq 1", personId(1).toUpperCase()]);
    await b.clock.run(3_000);

    assert.deepEqual(
      b.made.map(({ resource }) => resource),
      [`/communications/presences?$filter=id in ('${personId(1).toUpperCase()}')`],
    );
    await b.push.stop();
  });

  it('make one subscription anew for one newcomer', async () => {
    const b = await listening(800);
    b.push.watch([...ids(800), personId(900)]);
    await b.clock.run(3_000);

    assert.deepEqual(
      b.made.map(({ channel }) => channel),
      [0, 1, 1],
    );
    await b.push.stop();
  });

  it('lead to a read of whom they name, in the case of the mapping', async () => {
    const b = await listening(700);
    const [first, second] = b.made;
    const status = await b.post(
      first,
      change(personId(3).toUpperCase(), first),
      change(personId(699), second),
      change(personId(4), { ...(second ?? assert.fail()), clientState: first?.clientState ?? '' }),
    );

    assert.deepEqual(status, { status: 202 });
    assert.deepEqual(b.noticed, [[personId(3), personId(699)]]);
    assert.deepEqual(b.looked, [[personId(3), personId(699)]]);
    await b.push.stop();
  });

  it('are nobody’s after the stop: Graph may try again elsewhere', async () => {
    const b = await listening(5);
    await b.push.stop();
    const [first] = b.made;
    b.push.watch(ids(9));

    assert.deepEqual(await b.post(first, change(personId(3), first)), { status: 503 });
    assert.deepEqual([b.noticed, b.looked], [[], []]);
    assert.equal(b.requests.at(-1)?.request.method, 'DELETE');
    assert.equal(b.clock.waiting(), 0);
  });
});

describe('a channel that is deaf', () => {
  const unheard = (b: Bench): void => ids(3).forEach((id) => b.push.changed(id.toUpperCase()));

  it('is made anew, once an hour at most, and only that one', async () => {
    const b = await listening(700);
    for (let minute = 0; minute < 30; minute += 1) {
      unheard(b);
      await b.clock.run(MINUTE);
    }
    const anew = b.made.slice(2).map(({ channel }) => channel);
    assert.deepEqual(anew, [0]);
    assert.ok((b.counts.get('channel_deaf') ?? 0) > 1);

    for (let minute = 0; minute < 40; minute += 1) {
      unheard(b);
      await b.clock.run(MINUTE);
    }
    assert.deepEqual(
      b.made.slice(2).map(({ channel }) => channel),
      [0, 0],
    );
    await b.push.stop();
  });

  it('is none that has announced the changes, or that has just been made', async () => {
    const b = bench(1);
    b.push.watch(ids(5));
    await b.clock.run(3_000);
    unheard(b);
    await b.clock.run(2 * MINUTE);
    const [first] = b.made;
    await b.post(first, ...ids(3).map((id) => change(id, first)));
    unheard(b);
    await b.clock.run(2 * MINUTE);

    assert.equal(b.counts.get('channel_deaf'), undefined);
    await b.push.stop();
  });
});

describe('events of a subscription', () => {
  it('extend it, make it anew, or have everybody in it read', async () => {
    const b = await listening(700);
    const [first, second] = b.made;
    b.requests.length = 0;
    await b.post(first, event(first, 'reauthorizationRequired'));
    await b.clock.run(1_000);
    assert.deepEqual(
      b.requests.map(({ request }) => request.method),
      ['PATCH'],
    );

    await b.post(first, event(second, 'missed'));
    assert.deepEqual(
      b.looked.map((each) => each.length),
      [50],
    );

    await b.post(first, event(second, 'subscriptionRemoved'), event(second, 'subscriptionRemoved'));
    await b.clock.run(1_000);
    assert.deepEqual(
      b.made.map(({ channel }) => channel),
      [0, 1, 1],
    );
    await b.push.stop();
  });

  it('that end it again and again make it anew once a minute at most', async () => {
    const b = await listening(5, 1);
    for (let second = 0; second < 180; second += 1) {
      await b.post(b.made[0], event(b.made.at(-1), 'subscriptionRemoved'));
      await b.clock.run(1_000);
    }

    assert.equal(b.made.length, 1 + 3);
    await b.push.stop();
  });
});

describe('the advice about proofs', () => {
  it('comes when content has none', async () => {
    const b = await listening(5, 1);
    const [first] = b.made;
    const sealed = {
      data: presenceText(personId(1), 'Busy/Busy'),
      dataKey: 'k',
      dataSignature: 's',
      encryptionCertificateId: 'l',
    };
    await b.post(first, { ...change(personId(1), first), encryptedContent: sealed });
    await b.clock.run(0);

    assert.match(b.advice.get('push.sender') ?? '', /appRoleAssignmentRequired/);
    await b.push.stop();
  });
});
