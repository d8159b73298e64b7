import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboundAnswer, InboundRequest } from '../../connector.ts';
import { EventInbox, type NamedEvent } from './inbox.ts';

const BASIC = `Basic ${Buffer.from('five9:secret').toString('base64')}`;

interface Bench {
  readonly counts: Map<string, number>;
  readonly noticed: (readonly string[])[];
  readonly announced: (readonly NamedEvent[])[];
  kept: () => Promise<void>;
  ask(request: Partial<InboundRequest>): Promise<InboundAnswer>;
  post(body: unknown, authorization?: string): Promise<InboundAnswer>;
}

function bench(): Bench {
  const made: Bench = {
    counts: new Map(),
    noticed: [],
    announced: [],
    kept: () => Promise.resolve(),
    ask: (request) =>
      inbox.receive({
        method: 'POST',
        path: '/five9/x1',
        query: new URLSearchParams(),
        authorization: BASIC,
        body: () => Promise.resolve('{}'),
        ...request,
      }),
    post: (body, authorization = BASIC) =>
      made.ask({ authorization, body: () => Promise.resolve(JSON.stringify(body)) }),
  };
  const inbox = new EventInbox({
    path: '/x1',
    username: 'five9',
    password: () => 'secret',
    isWatched: (id) => id === 'a' || id === 'b',
    sink: {
      noticed: (accounts) => {
        made.noticed.push(accounts);
        return made.kept();
      },
      count: (event, by = 1) => made.counts.set(event, (made.counts.get(event) ?? 0) + by),
    },
    announced: (events) => void made.announced.push(events),
  });
  return made;
}

const event = (agentId: string): object => ({ agentId, agentState: 'READY' });

describe('the address for events', () => {
  it('acknowledges an event once it is written down, and not before (B2)', async () => {
    const b = bench();
    let keep = (): void => undefined;
    b.kept = () => new Promise((resolve) => (keep = resolve));
    let answer: InboundAnswer | undefined;
    const asked = b.post([event('a'), event('a'), event('b')]).then((given) => (answer = given));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([answer, b.announced], [undefined, []]);

    keep();
    await asked;
    assert.deepEqual(answer, { status: 202 });
    assert.deepEqual(b.noticed, [['a', 'b']]);
    assert.deepEqual(
      b.announced[0]?.map(({ account }) => account),
      ['a', 'a', 'b'],
    );
  });

  it('answers 503 when it cannot be written down, whichever way it fails', async () => {
    const b = bench();
    for (const kept of [
      (): Promise<void> => Promise.reject(new Error('the disk is full')),
      (): Promise<void> => {
        throw new Error('the disk is full');
      },
    ]) {
      b.kept = kept;
      assert.deepEqual(await b.post(event('a')), { status: 503 });
    }
    assert.deepEqual(b.announced, []);
  });

  it('reads no body without the right path, method, name and password (B1)', async () => {
    const b = bench();
    const body = (): Promise<string> => assert.fail('the body was read');
    assert.equal((await b.ask({ path: '/five9/x2', body })).status, 404);
    assert.equal((await b.ask({ path: '/', body })).status, 404);
    assert.equal((await b.ask({ method: 'GET', body })).status, 405);
    for (const wrong of ['five9:secre', 'five9:secret ', 'Five9:secret', ':', '']) {
      const authorization = `Basic ${Buffer.from(wrong).toString('base64')}`;
      assert.equal((await b.ask({ authorization, body })).status, 401, wrong);
    }
    for (const authorization of ['', 'Basic', BASIC.replace('Basic', 'Bearer'), 'five9:secret']) {
      assert.equal((await b.ask({ authorization, body })).status, 401, authorization);
    }
    assert.deepEqual([b.noticed, b.announced], [[], []]);
  });

  it('says what is wrong with a body, and takes one of nobody that is watched', async () => {
    const b = bench();
    const late = (): Promise<string> => Promise.reject(new RangeError('too large'));
    assert.deepEqual(await b.ask({ body: late }), { status: 413 });
    assert.deepEqual(await b.post({ hello: 1 }), { status: 400 });
    assert.deepEqual(await b.post([event('z'), event('y')]), { status: 202 });

    assert.deepEqual([b.noticed, b.counts.get('event_unmapped')], [[], 2]);
  });

  it('finds the agent by whichever of its ids is watched', async () => {
    const b = bench();
    await b.post({ agentId: 'uid-1', agentInfo: { vccId: 'b' }, agentState: 'READY' });

    assert.deepEqual(b.noticed, [['b']]);
  });
});
