import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError, type Account } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import {
  OPTIONS,
  createScriptedGraph,
  graphError,
  json,
  lost,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { createTeamsConnector } from './index.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  list(): Promise<readonly Account[]>;
}

function bench(): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  const openSocket = (): never => {
    throw new Error('no socket');
  };
  const connector = createTeamsConnector(OPTIONS, { ...rig, exchange: graph.exchange, openSocket });
  return {
    rig,
    graph,
    async list() {
      let done = false;
      const finish = (): void => {
        done = true;
      };
      const work = connector.accounts();
      work.then(finish, finish);
      await rig.clock.until(() => done, 'a list');
      return work;
    },
  };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectorError, String(error));
  assert.ok(error.fix.length > 10);
  return error.code;
}

describe('listing people', () => {
  it('follows the pages below our own address only', async () => {
    const b = bench();
    b.graph.script.users = ({ path }) =>
      path.includes('skiptoken')
        ? json(200, { value: [{ id: 'b', userPrincipalName: 'b@t.test', accountEnabled: false }] })
        : json(200, {
            value: [{ id: 'a', displayName: 'Agent 001', mail: 'a@t.test', extra: {} }, 7, {}],
            '@odata.nextLink': 'https://evil.test/v1.0/users?$skiptoken=x',
          });
    assert.deepEqual(await b.list(), [
      { id: 'a', name: 'Agent 001', email: 'a@t.test', active: true },
      { id: 'b', name: 'b@t.test', upn: 'b@t.test', active: false },
    ]);
    assert.deepEqual(
      b.graph.lists.map((one) => new URL(one.request.url).host),
      ['graph.microsoft.com', 'graph.microsoft.com'],
    );
    assert.match(b.graph.lists[0]?.path ?? '', /accountEnabled/);
  });

  it('does without the account state when the permission does not cover it', async () => {
    const b = bench();
    b.graph.script.users = ({ path }) =>
      path.includes('accountEnabled')
        ? graphError(403, 'Authorization_RequestDenied')
        : json(200, { value: [{ id: 'a' }] });
    assert.deepEqual(await b.list(), [{ id: 'a', name: 'a', active: true }]);
  });

  it('rejects with a fix when it is denied, fails, or nothing answers', async () => {
    const b = bench();
    b.graph.script.users = () => graphError(403, 'Authorization_RequestDenied');
    assert.equal(await refusal(b.list()), 'TEAMS_LIST_DENIED');
    b.graph.script.users = () => json(500, {});
    assert.equal(await refusal(b.list()), 'TEAMS_LIST_FAILED');
    b.graph.script.users = () => ({ status: 200, headers: {}, body: '<html>' });
    assert.equal(await refusal(b.list()), 'TEAMS_LIST_FAILED');
    b.graph.script.users = lost;
    assert.equal(await refusal(b.list()), 'TEAMS_LIST_UNREACHABLE');
  });

  it('stops at an endless list', async () => {
    const b = bench();
    b.graph.script.users = () =>
      json(200, { value: [], '@odata.nextLink': 'https://graph.microsoft.com/v1.0/users?$s=1' });
    assert.equal(await refusal(b.list()), 'TEAMS_LIST_TOO_LONG');
    assert.equal(b.graph.lists.length, 200);
  });
});
