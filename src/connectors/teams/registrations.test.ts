import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from '../../lib/exchange.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { createGraphClient, type GraphClient, type GraphRequest } from './client.ts';
import {
  OPTIONS,
  createScriptedGraph,
  json,
  personId,
  populate,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { resolveOptions, type TeamsOptions } from './options.ts';
import {
  createRegistrations,
  registrationsOf,
  signIn,
  sideOf,
  type Registrations,
  type Reread,
} from './registrations.ts';

const READER = '99999999-8888-4777-8666-666666666666';
const SPLIT = { ...OPTIONS, read: { clientId: READER, credential: { secret: 'reader-secret' } } };

const READ: GraphRequest = {
  method: 'POST',
  path: '/communications/getPresencesByUserId',
  body: JSON.stringify({ ids: [personId(0)] }),
  timeoutMs: 5_000,
};
const WRITE: GraphRequest = {
  method: 'POST',
  path: `/users/${personId(0)}/presence/clearPresence`,
  body: '{}',
  timeoutMs: 5_000,
};

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly registrations: Registrations;
  call(request: GraphRequest): Promise<HttpResponse>;
  wait<T>(work: Promise<T>): Promise<T>;
  /** Client ids of the token requests so far. */
  asked(): readonly (string | null)[];
}

function bench(options: TeamsOptions = SPLIT, reread?: Reread): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  populate(graph, 1);
  const openSocket = (): never => assert.fail('no socket');
  const seams = { ...rig, exchange: graph.exchange, openSocket };
  const setup = resolveOptions(options);
  const registrations = createRegistrations(setup, seams, reread);
  const client: GraphClient = createGraphClient({
    setup,
    seams,
    tokens: registrations,
    spend: () => {},
  });
  const wait = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const finish = (): void => {
      done = true;
    };
    work.then(finish, finish);
    await rig.clock.until(() => done, 'an answer');
    return work;
  };
  return {
    rig,
    graph,
    registrations,
    wait,
    call: (request) => wait(client.call(request)),
    asked: () => graph.tokens.map(({ request }) => form(request.body).get('client_id')),
  };
}

function form(body: string | undefined): URLSearchParams {
  return new URLSearchParams(body ?? '');
}

function bearer(seen: { readonly request: { readonly headers: object } } | undefined): unknown {
  return Object.entries(seen?.request.headers ?? {}).find(
    ([name]) => name === 'authorization',
  )?.[1];
}

describe('two registrations', () => {
  it('know which requests change presence', () => {
    const writes = [WRITE, { method: 'POST', path: '/users/x/presence/setUserPreferredPresence' }];
    assert.deepEqual(writes.map(sideOf), ['write', 'write']);
    const reads = [
      READ,
      { method: 'GET', path: '/users?$top=1' },
      { method: 'GET', path: '/users/x/presence/' },
      { method: 'POST', path: '/subscriptions?x=/users/x/presence/' },
    ];
    assert.deepEqual(reads.map(sideOf), ['read', 'read', 'read', 'read']);
  });

  it('read with the one and write with the other', async () => {
    const b = bench();
    await b.call(READ);
    await b.call(WRITE);
    assert.deepEqual(b.asked(), [READER, OPTIONS.clientId]);
    assert.equal(form(b.graph.tokens[0]?.request.body).get('client_secret'), 'reader-secret');
    assert.equal(bearer(b.graph.reads[0]), `Bearer ${b.graph.issued[0]}`);
    assert.equal(bearer(b.graph.writes[0]), `Bearer ${b.graph.issued[1]}`);
  });

  it('are one and the same where none is named for reading', async () => {
    const b = bench(OPTIONS);
    await b.wait(signIn(b.registrations));
    await b.call(READ);
    await b.call(WRITE);
    assert.deepEqual(b.asked(), [OPTIONS.clientId]);
    assert.deepEqual(
      registrationsOf(resolveOptions(OPTIONS)).map(({ duty }) => duty),
      ['both'],
    );
  });

  it('answer a claims challenge each for itself', async () => {
    const b = bench();
    await b.wait(signIn(b.registrations));
    const claims = Buffer.from('{"access_token":{"nbf":{"value":"1"}}}').toString('base64');
    const challenge = `Bearer error="insufficient_claims", claims="${claims}"`;
    let left = 1;
    b.graph.script.write = () => {
      left -= 1;
      return left < 0 ? undefined : json(401, {}, { 'www-authenticate': challenge });
    };
    assert.equal((await b.call(WRITE)).status, 200);
    assert.equal((await b.call(READ)).status, 200);
    assert.deepEqual(b.asked(), [READER, OPTIONS.clientId, OPTIONS.clientId]);
    assert.match(form(b.graph.tokens[2]?.request.body).get('claims') ?? '', /"nbf"/);
  });

  it('take a changed credential each for itself', async () => {
    const b = bench(SPLIT, (side) => ({ secret: `changed-${side}` }));
    await b.wait(signIn(b.registrations));
    assert.deepEqual(
      b.graph.tokens.map(({ request }) => form(request.body).get('client_secret')),
      ['changed-read', 'changed-write'],
    );
  });

  it('say which of them was refused', async () => {
    const b = bench();
    b.graph.script.token = () => json(401, { error: 'invalid_client', error_codes: [7000222] });
    await assert.rejects(b.call(READ), /7000222\) \[teams\.read\.credential\]$/);
    await assert.rejects(b.call(WRITE), /7000222\) \[teams\.credential\]$/);
  });

  it('must differ, and name their fields', () => {
    const same = { ...SPLIT, read: { ...SPLIT.read, clientId: OPTIONS.clientId.toUpperCase() } };
    assert.throws(() => resolveOptions(same), /teams\.read\.clientId/);
    const empty = { ...SPLIT, read: { clientId: READER, credential: { secret: '' } } };
    assert.throws(() => resolveOptions(empty), /teams\.read\.credential\.secret/);
  });
});
