import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Check, Connector } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { selfSigned } from '../kit/fixtures/self-signed.ts';
import {
  OPTIONS,
  createScriptedGraph,
  graphError,
  json,
  personId,
  populate,
  shows,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { credentialChecks } from './doctor-setup.ts';
import { createTeamsConnector } from './index.ts';
import { resolveOptions, type TeamsOptions } from './options.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly connector: Connector;
  /** The checks by id, without the prefix. */
  examine(probe?: string): Promise<Readonly<Record<string, Check>>>;
}

async function bench(count: number, options: Partial<TeamsOptions> = {}): Promise<Bench> {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  const ids = populate(graph, count);
  const openSocket = (): never => {
    throw new Error('no socket');
  };
  const seams = { ...rig, exchange: graph.exchange, openSocket };
  const connector = createTeamsConnector({ ...OPTIONS, ...options }, seams);
  connector.start(rig.sink, rig.budget);
  connector.watch(new Map(ids.map((id) => [id, 'cold' as const])));
  await rig.clock.until(() => rig.state() === 'live', 'live');
  return {
    rig,
    graph,
    connector,
    async examine(probe) {
      let done = false;
      const work = connector.doctor(probe).finally(() => {
        done = true;
      });
      await rig.clock.until(() => done, 'the checks');
      const checks = await work;
      return Object.fromEntries(checks.map((check) => [check.id.replace('teams.', ''), check]));
    },
  };
}

describe('the doctor', () => {
  it('passes a sound connection and takes its probe back', async () => {
    const b = await bench(3);
    const checks = await b.examine(personId(0));
    const status = Object.fromEntries(Object.entries(checks).map(([id, one]) => [id, one.status]));
    assert.deepEqual(status, {
      cloud: 'pass',
      credential: 'unknown',
      token: 'pass',
      roles: 'pass',
      read: 'pass',
      outranked: 'pass',
      write: 'pass',
      directory: 'pass',
      consent: 'unknown',
      assignment: 'unknown',
      licence: 'unknown',
      account_type: 'unknown',
      coexistence: 'unknown',
      mailbox: 'unknown',
      policies: 'unknown',
      quota: 'pass',
    });
    const actions = b.graph.writes.map((one) => one.path.split('/').at(-1));
    assert.deepEqual(actions, ['setPresence', 'clearPresence']);
    assert.match(b.graph.writes[0]?.request.body ?? '', /"PT5M"/);
    assert.ok(b.rig.spent.spends >= 4, 'its requests were not counted');
    await b.connector.stop();
  });

  it('names people who are not returned or shown as unknown', async () => {
    const b = await bench(3);
    b.graph.people.delete(personId(1));
    b.graph.people.set(personId(2), shows(personId(2), 'PresenceUnknown/PresenceUnknown'));
    const { read } = await b.examine();
    assert.equal(read?.status, 'warn');
    assert.match(read?.evidence ?? '', /3 asked for, 1 not returned, 1 shown as unknown/);
    assert.match(read?.fix ?? '', new RegExp(`${personId(1)}, ${personId(2)}`));
    await b.connector.stop();
  });

  it('asks with a token of its own, and skips the rest when there is none', async () => {
    const b = await bench(1);
    b.graph.script.token = () => json(401, { error: 'invalid_client', error_codes: [7000222] });
    const checks = await b.examine();
    assert.equal(checks['token']?.status, 'fail');
    assert.match(checks['token']?.evidence ?? '', /AADSTS7000222/);
    assert.equal(checks['read']?.status, 'skipped');
    await b.connector.stop();
  });

  it('tells which permission is missing', async () => {
    const b = await bench(1);
    b.graph.script.roles = ['Presence.Read.All'];
    b.graph.script.write = () => graphError(403, 'Forbidden');
    const { roles, write } = await b.examine(personId(0));
    assert.equal(roles?.status, 'fail');
    assert.match(roles?.fix ?? '', /Presence\.ReadWrite\.All/);
    assert.equal(write?.status, 'fail');
    b.graph.script.roles = [];
    assert.equal((await b.examine())['roles']?.status, 'fail');
    await b.connector.stop();
  });

  it('warns when the probe is accepted but not seen, and leaves a caller alone', async () => {
    const b = await bench(1);
    b.graph.script.write = () => ({ status: 200, headers: {}, body: '' });
    assert.equal((await b.examine(personId(0)))['write']?.status, 'warn');
    b.graph.writes.length = 0;
    b.graph.people.set(personId(0), shows(personId(0), 'Busy/InACall'));
    assert.equal((await b.examine(personId(0)))['write']?.status, 'skipped');
    assert.equal(b.graph.writes.length, 0);
    await b.connector.stop();
  });

  it('finds a token for another tenant, and a cloud without presence', async () => {
    const other = '22222222-2222-4333-8444-555555555555';
    const b = await bench(1, { cloud: 'china', tenantId: other });
    const { cloud, token } = await b.examine();
    assert.equal(token?.status, 'fail');
    assert.equal(cloud?.status, 'fail');
    await b.connector.stop();
  });

  it('judges two registrations each by its own duty', async () => {
    const clientId = '99999999-8888-4777-8666-666666666666';
    const b = await bench(1, { read: { clientId, credential: { secret: 'reader-secret' } } });
    const rolesOf = (writer: readonly string[], reader: readonly string[]): void => {
      b.graph.script.token = ({ request }) => {
        const isReader = (request.body ?? '').includes(clientId);
        b.graph.script.roles = isReader ? reader : writer;
        return undefined;
      };
    };
    rolesOf(['Presence.ReadWrite.All'], ['Presence.Read.All', 'User.Read.All']);
    const sound = await b.examine(personId(0));
    for (const id of ['roles', 'read_roles', 'privilege', 'read_privilege', 'read', 'write']) {
      assert.equal(sound[id]?.status, 'pass', id);
    }
    rolesOf(['Presence.ReadWrite.All', 'User.Read.All'], ['Presence.ReadWrite.All']);
    const wide = await b.examine();
    assert.deepEqual(
      [wide['privilege'], wide['read_privilege']].map((one) => [one?.status, one?.evidence]),
      [
        ['warn', 'User.Read.All: more than writing presence needs'],
        ['warn', 'Presence.ReadWrite.All: more than reading needs'],
      ],
    );
    rolesOf(['Presence.Read.All'], ['User.Read.All']);
    const lacking = await b.examine();
    assert.match(lacking['roles']?.fix ?? '', /Presence\.ReadWrite\.All/);
    assert.match(lacking['read_roles']?.fix ?? '', /Presence\.Read\.All/);
    await b.connector.stop();
  });

  it('looks on with the registration that is left when the other is refused', async () => {
    const clientId = '99999999-8888-4777-8666-666666666666';
    const b = await bench(1, { read: { clientId, credential: { secret: 'reader-secret' } } });
    const refuse = (isRefused: (body: string) => boolean): void => {
      b.graph.script.token = ({ request }) =>
        isRefused(request.body ?? '')
          ? json(401, { error: 'invalid_client', error_codes: [7000222] })
          : undefined;
    };
    refuse((body) => !body.includes(clientId));
    const reading = await b.examine(personId(0));
    assert.equal(reading['token']?.status, 'fail');
    assert.equal(reading['read_token']?.status, 'pass');
    assert.equal(reading['read']?.status, 'pass');
    assert.equal(reading['write']?.status, 'skipped');
    refuse((body) => body.includes(clientId));
    const writing = await b.examine(personId(0));
    assert.equal(writing['token']?.status, 'pass');
    assert.equal(writing['read_token']?.status, 'fail');
    assert.equal(writing['read']?.status, 'skipped');
    await b.connector.stop();
  });

  it('warns a month before a certificate ends', () => {
    const from = Date.UTC(2026, 0, 1);
    const day = 86_400_000;
    const pair = selfSigned({
      name: 'x',
      kind: 'rsa',
      notBefore: from,
      notAfter: from + 100 * day,
    });
    const credential = { certificate: pair.certificate, privateKey: pair.key };
    const setup = resolveOptions({ ...OPTIONS, credential, nextCredential: credential });
    const at = (days: number): readonly string[] =>
      credentialChecks(setup, from + days * day).map((check) => check.status);
    assert.deepEqual(at(1), ['pass', 'pass']);
    assert.deepEqual(at(75), ['warn', 'warn']);
    assert.deepEqual(at(101), ['fail', 'fail']);
    assert.deepEqual(at(-1), ['fail', 'fail']);
  });
});
