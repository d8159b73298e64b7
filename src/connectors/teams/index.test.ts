import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../model/mark.ts';
import type { Connector, Outcome } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import {
  OPTIONS,
  createScriptedGraph,
  graphError,
  json,
  personId,
  populate,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { createTeamsConnector } from './index.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly connector: Connector;
  write(): Promise<Outcome>;
}

const CLEAR: Command = {
  platform: 'teams',
  kind: 'clear',
  slot: 'session',
  slotKind: 'session',
  value: 'Busy/InACall',
  preset: 'in_call',
  shows: ['in_call'],
};

function bench(): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  populate(graph, 1);
  const openSocket = (): never => {
    throw new Error('no socket');
  };
  const connector = createTeamsConnector(OPTIONS, { ...rig, exchange: graph.exchange, openSocket });
  connector.watch(new Map([[personId(0), 'cold']]));
  return {
    rig,
    graph,
    connector,
    async write() {
      const outcomes: Outcome[] = [];
      void connector.write(CLEAR, personId(0)).then((outcome) => outcomes.push(outcome));
      await rig.clock.until(() => outcomes.length > 0, 'an outcome');
      return outcomes[0] ?? assert.fail('no outcome');
    },
  };
}

describe('a write of the connector', () => {
  it('works before the watch has begun, with a token fetched for it', async () => {
    const b = bench();
    assert.deepEqual(await b.write(), { kind: 'accepted' });
    assert.equal(b.graph.tokens.length, 1);
  });

  it('writes to nobody who is not mapped', async () => {
    const b = bench();
    b.connector.watch(new Map());
    assert.equal((await b.write()).kind, 'failed');
    assert.equal(b.graph.writes.length, 0);
  });

  it('takes a session that is gone for cleared', async () => {
    const b = bench();
    b.graph.script.write = () => graphError(404, 'NotFound');
    assert.deepEqual(await b.write(), { kind: 'accepted' });
  });

  it('shows in the health when the sign-in is refused', async () => {
    const b = bench();
    b.connector.start(b.rig.sink, b.rig.budget);
    await b.rig.clock.until(() => b.rig.state() === 'live', 'live');
    b.graph.script.write = () => json(401, {});
    const outcome = await b.write();
    assert.equal(outcome.kind, 'denied');
    assert.equal(b.rig.state(), 'auth_blocked');
    assert.ok((b.rig.said.health.at(-1)?.action ?? '').length > 10);
    assert.equal(b.rig.spent.spends, 1, 'the replay was not counted');
  });

  it('fails unsent while the sign-in service is down, and is denied when it refuses', async () => {
    const b = bench();
    b.graph.script.token = () => json(503, {});
    assert.equal((await b.write()).kind, 'failed');
    await b.rig.clock.advance(60_000);
    b.graph.script.token = () => json(401, { error: 'invalid_client', error_codes: [7000215] });
    const outcome = await b.write();
    assert.ok(outcome.kind === 'denied' && outcome.action.includes('secret'));
    assert.equal(b.graph.writes.length, 0);
  });

  it('learns from a success that a later refusal is about the person', async () => {
    const b = bench();
    b.graph.script.roles = [];
    const opaque = { token_type: 'Bearer', expires_in: 3_599, access_token: 'opaque' };
    b.graph.issued.push('opaque');
    b.graph.script.token = () => json(200, opaque);
    b.graph.script.write = () => graphError(403, 'Forbidden');
    assert.equal((await b.write()).kind, 'denied');
    b.graph.script.write = undefined;
    assert.equal((await b.write()).kind, 'accepted');
    b.graph.script.write = () => graphError(403, 'Forbidden');
    const outcome = await b.write();
    assert.ok(outcome.kind === 'refused' && outcome.reason === 'no_licence');
  });
});
