import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig, type Rig } from '../../kit/conformance/rig.ts';
import {
  OPTIONS,
  createScriptedGraph,
  json,
  type ScriptedGraph,
} from '../fixtures/scripted-graph.ts';
import { resolveOptions } from '../options.ts';
import type { Tokens } from '../token.ts';
import { tokensOf } from './sign-in.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly tokens: Tokens;
  readonly kept: string[];
  stored: string | undefined;
  keep: (token: string) => void;
}

function bench(stored?: string): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  graph.script.latencyMs = 0;
  let issued = 0;
  graph.script.token = () => {
    issued += 1;
    return json(200, { access_token: 'opaque', expires_in: 100, refresh_token: `r-${issued}` });
  };
  const state: Omit<Bench, 'tokens'> = {
    rig,
    graph,
    kept: [],
    stored,
    keep: (renewed) => {
      state.stored = renewed;
      state.kept.push(renewed);
    },
  };
  const subscriber = {
    name: 'anna',
    refreshToken: () => state.stored,
    keep: (renewed: string) => state.keep(renewed),
  };
  const openSocket = (): never => assert.fail('no socket');
  const tokens = tokensOf(subscriber, {
    setup: resolveOptions(OPTIONS),
    seams: { ...rig, exchange: graph.exchange, openSocket },
    credential: () => undefined,
  });
  return Object.assign(state, { tokens });
}

async function token(b: Bench): Promise<string> {
  const got = b.tokens.get().then(
    ({ text }) => text,
    (error: unknown) => String(error),
  );
  await b.rig.clock.advance(100_000);
  return got;
}

const sent = (b: Bench): readonly (string | null)[] =>
  b.graph.tokens.map(({ request }) => new URLSearchParams(request.body).get('refresh_token'));

describe('the tokens of a subscriber', () => {
  it('are asked for with the refresh token, for presence of the cloud and nothing else', async () => {
    const b = bench('r-0');
    assert.equal(await token(b), 'opaque');

    const form = new URLSearchParams(b.graph.tokens[0]?.request.body);
    assert.equal(form.get('grant_type'), 'refresh_token');
    assert.equal(form.get('scope'), 'https://graph.microsoft.com/Presence.Read.All offline_access');
    assert.ok(form.get('client_secret'));
  });

  it('keep each new refresh token, and use it for the next', async () => {
    const b = bench('r-0');
    await token(b);
    await token(b);

    assert.deepEqual(sent(b), ['r-0', 'r-1']);
    assert.deepEqual(b.kept, ['r-1', 'r-2']);
  });

  it('go on with the old one when none comes, or when the new one cannot be kept', async () => {
    const b = bench('r-0');
    b.graph.script.token = () => json(200, { access_token: 'opaque', expires_in: 100 });
    await token(b);
    assert.deepEqual(b.kept, []);

    const full = bench('r-0');
    full.keep = () => {
      throw new Error('the disk is full');
    };
    assert.equal(await token(full), 'opaque');
    assert.equal(await token(full), 'opaque');
    assert.deepEqual(sent(full), ['r-0', 'r-0']);
    assert.ok(!full.rig.lines.join().includes('r-1'));
  });

  it('are not asked for before the account has signed in, and then they are', async () => {
    const b = bench();
    assert.match(await token(b), /anna has not signed in/);
    assert.equal(b.graph.tokens.length, 0);

    b.stored = 'r-0';
    await b.rig.clock.advance(600_000);
    assert.equal(await token(b), 'opaque');
  });
});
