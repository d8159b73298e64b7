import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from '../../lib/exchange.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { createGraphClient, type GraphClient } from './client.ts';
import {
  OPTIONS,
  createScriptedGraph,
  json,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { resolveOptions } from './options.ts';
import { createTokens } from './token.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly client: GraphClient;
  readonly spent: { count: number };
  call(): Promise<HttpResponse>;
}

function bench(): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  const setup = resolveOptions(OPTIONS);
  const seams = { ...rig, exchange: graph.exchange };
  const spent = { count: 0 };
  const tokens = createTokens(setup, seams);
  const client = createGraphClient({
    setup,
    seams,
    tokens: { read: tokens, write: tokens },
    spend: () => {
      spent.count += 1;
    },
  });
  return {
    rig,
    graph,
    client,
    spent,
    async call() {
      const answers: HttpResponse[] = [];
      const request = { method: 'POST', path: '/users/x/presence/act', body: '{}' } as const;
      void client.call({ ...request, timeoutMs: 9_000 }).then((answer) => answers.push(answer));
      await rig.clock.until(() => answers.length > 0, 'an answer');
      const [answer] = answers;
      assert.ok(answer !== undefined);
      return answer;
    },
  };
}

describe('a request to Graph', () => {
  it('carries the token, the body and the time it may take', async () => {
    const b = bench();
    await b.call();
    const request = b.graph.writes[0]?.request;
    assert.equal(request?.url, 'https://graph.microsoft.com/v1.0/users/x/presence/act');
    assert.equal(request?.headers['authorization'], `Bearer ${b.graph.issued[0]}`);
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.timeoutMs, 9_000);
  });

  it('is replayed once, counted, with a fresh token after a 401', async () => {
    const b = bench();
    await b.call();
    b.graph.revoked.add(b.graph.issued[0] ?? '');
    const answer = await b.call();
    assert.notEqual(answer.status, 401);
    assert.equal(b.graph.tokens.length, 2);
    assert.equal(b.spent.count, 1);
    const used = b.graph.writes.map((one) => one.request.headers['authorization']);
    assert.deepEqual(
      used,
      [0, 0, 1].map((index) => `Bearer ${b.graph.issued[index]}`),
    );
  });

  it('hands back a second 401 and does not go on', async () => {
    const b = bench();
    b.graph.script.write = () => json(401, {});
    assert.equal((await b.call()).status, 401);
    assert.equal(b.graph.writes.length, 2);
    assert.equal((await b.call()).status, 401);
    assert.equal(
      b.graph.writes.length,
      3,
      'a token that was replaced a moment ago is not replaced',
    );
    assert.equal(b.graph.tokens.length, 2);
  });

  it('honours a claims challenge once', async () => {
    const b = bench();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    const encoded = Buffer.from(claims).toString('base64');
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${encoded}"`;
    b.graph.script.write = () => json(401, {}, { 'www-authenticate': challenge });
    assert.equal((await b.call()).status, 401);
    const form = new URLSearchParams(b.graph.tokens[1]?.request.body ?? '');
    assert.match(form.get('claims') ?? '', /1604106651/);
    assert.equal(b.graph.tokens.length, 2);
    assert.equal(b.graph.writes.length, 2);
  });

  it('ignores claims of any other refusal', async () => {
    const b = bench();
    const challenge = 'Bearer error="invalid_token", claims="e30="';
    b.graph.script.write = () => json(401, {}, { 'www-authenticate': challenge });
    await b.call();
    const form = new URLSearchParams(b.graph.tokens[1]?.request.body ?? '');
    assert.equal(form.get('claims'), '{"access_token":{"xms_cc":{"values":["cp1"]}}}');
  });
});
