import assert from 'node:assert/strict';
import { X509Certificate, createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { ConnectorError } from '../connector.ts';
import { createRig, type Rig } from '../kit/conformance/rig.ts';
import { selfSigned } from '../kit/fixtures/self-signed.ts';
import {
  OPTIONS,
  SECRET,
  TENANT,
  createScriptedGraph,
  json,
  unreachable,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { resolveOptions, type ReadyCredential, type TeamsOptions } from './options.ts';
import { createTokens, type AccessToken, type Tokens } from './token.ts';

interface Bench {
  readonly rig: Rig;
  readonly graph: ScriptedGraph;
  readonly tokens: Tokens;
  /** Lets time pass until the promise settles. */
  wait<T>(work: Promise<T>): Promise<T>;
}

function bench(
  options: Partial<TeamsOptions> = {},
  reread?: () => ReadyCredential | undefined,
): Bench {
  const rig = createRig();
  const graph = createScriptedGraph(rig.clock);
  const setup = resolveOptions({ ...OPTIONS, ...options });
  const tokens = createTokens(setup, { ...rig, exchange: graph.exchange }, reread);
  return {
    rig,
    graph,
    tokens,
    async wait(work) {
      let done = false;
      const finish = (): void => {
        done = true;
      };
      work.then(finish, finish);
      await rig.clock.until(() => done, 'an answer');
      return work;
    },
  };
}

function form(graph: ScriptedGraph, index: number): URLSearchParams {
  return new URLSearchParams(graph.tokens[index]?.request.body ?? '');
}

async function refusal(work: Promise<AccessToken>): Promise<ConnectorError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectorError, String(error));
  return error;
}

function aadsts(number: number, error = 'invalid_client'): ReturnType<typeof json> {
  const error_description = `AADSTS${number}: words with a trace id`;
  return json(401, { error, error_description, error_codes: [number] });
}

describe('the access token', () => {
  it('is asked for with the client secret and the scope of the cloud', async () => {
    const b = bench();
    const token = await b.wait(b.tokens.get());
    const asked = b.graph.tokens[0];
    assert.equal(
      asked?.request.url,
      `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
    );
    const sent = form(b.graph, 0);
    assert.equal(sent.get('grant_type'), 'client_credentials');
    assert.equal(sent.get('client_secret'), SECRET);
    assert.equal(sent.get('scope'), 'https://graph.microsoft.com/.default');
    assert.equal(sent.get('claims'), '{"access_token":{"xms_cc":{"values":["cp1"]}}}');
    assert.deepEqual(token.roles, ['Presence.Read.All', 'Presence.ReadWrite.All']);
    assert.equal(token.tenant, TENANT);
  });

  it('grants nothing when it names its tenant and no permission, and tells nothing when opaque', async () => {
    const text = (claims: object): string =>
      `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
    for (const [access_token, roles] of [
      [text({ tid: TENANT, aud: 'https://graph.microsoft.com' }), []],
      ['opaque', undefined],
      [text({}), undefined],
    ] as const) {
      const b = bench();
      b.graph.script.token = () =>
        json(200, { token_type: 'Bearer', expires_in: 3_599, access_token });
      const token = await b.wait(b.tokens.get());
      assert.deepEqual(token.roles, roles);
    }
  });

  it('is asked for with a PS256 assertion that the certificate proves', async () => {
    const now = Date.UTC(2026, 0, 5);
    const pair = selfSigned({
      name: 'lockstep',
      notBefore: now,
      notAfter: now + 1e10,
      kind: 'rsa',
    });
    const credential = { certificate: pair.certificate, privateKey: pair.key };
    const b = bench({ credential, continuousAccess: false });
    const work = b.tokens.get();
    // Signing runs on a thread of its own; only the request that follows is on the virtual clock.
    while (b.graph.tokens.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await b.wait(work);
    const sent = form(b.graph, 0);
    assert.equal(sent.get('claims'), null);
    assert.equal(sent.get('client_secret'), null);
    const jwt = sent.get('client_assertion') ?? '';
    const certificate = new X509Certificate(pair.certificate);
    const { payload } = await jwtVerify(jwt, certificate.publicKey, {
      currentDate: new Date(b.rig.clock.now()),
      audience: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
      issuer: OPTIONS.clientId,
      subject: OPTIONS.clientId,
    });
    assert.match(
      payload.jti ?? '',
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal((payload.exp ?? 0) - (payload.nbf ?? 0), 300);
    const header = decodeProtectedHeader(jwt);
    assert.equal(header.alg, 'PS256');
    assert.equal(
      header['x5t#S256'],
      createHash('sha256').update(certificate.raw).digest('base64url'),
    );
  });

  it('is fetched once for all who wait, and kept', async () => {
    const b = bench();
    const all = await b.wait(Promise.all([b.tokens.get(), b.tokens.get(), b.tokens.get()]));
    assert.equal(new Set(all).size, 1);
    await b.rig.clock.advance(60_000);
    assert.equal(await b.tokens.get(), all[0]);
    assert.equal(b.graph.tokens.length, 1);
  });

  it('is renewed in the background at four fifths of its life', async () => {
    const b = bench();
    const first = await b.wait(b.tokens.get());
    await b.rig.clock.advance(3_599_000 * 0.79);
    assert.equal(await b.tokens.get(), first);
    assert.equal(b.graph.tokens.length, 1);
    await b.rig.clock.advance(3_599_000 * 0.02);
    assert.equal(await b.tokens.get(), first, 'the old one serves meanwhile');
    await b.rig.clock.advance(1_000);
    assert.notEqual(await b.tokens.get(), first);
    assert.equal(b.graph.tokens.length, 2);
  });

  it('is used to its end while the service is down, then fails with one clear error', async () => {
    const b = bench();
    const first = await b.wait(b.tokens.get());
    b.graph.script.token = unreachable;
    for (let minute = 0; minute < 59; minute += 1) {
      await b.rig.clock.advance(60_000);
      assert.equal(await b.tokens.get(), first, `minute ${minute}`);
    }
    await b.rig.clock.advance(60_000);
    const error = await refusal(b.wait(b.tokens.get()));
    assert.deepEqual([error.code, error.reaction], ['TEAMS_TOKEN_UNREACHABLE', 'retry']);
    b.graph.script.token = undefined;
    await b.rig.clock.advance(60_000);
    assert.notEqual(await b.wait(b.tokens.get()), first);
  });

  it('is not asked for again and again after a refusal', async () => {
    const b = bench();
    b.graph.script.token = () => aadsts(7000222);
    const first = await refusal(b.wait(b.tokens.get()));
    for (let i = 0; i < 50; i += 1) {
      await b.rig.clock.advance(1_000);
      assert.equal(await refusal(b.tokens.get()), first);
    }
    assert.equal(b.graph.tokens.length, 1);
    await b.rig.clock.advance(10_001);
    await refusal(b.wait(b.tokens.get()));
    assert.equal(b.graph.tokens.length, 2);
  });

  it('waits for as long as a busy service asks', async () => {
    const b = bench();
    b.graph.script.token = () => json(429, {}, { 'retry-after': '30' });
    const error = await refusal(b.wait(b.tokens.get()));
    assert.equal(error.code, 'TEAMS_TOKEN_BUSY');
    await b.rig.clock.advance(29_000);
    await refusal(b.tokens.get());
    assert.equal(b.graph.tokens.length, 1);
    b.graph.script.token = undefined;
    await b.rig.clock.advance(1_000);
    await b.wait(b.tokens.get());
  });
});

describe('a refused sign-in', () => {
  const causes: readonly (readonly [number, string, RegExp])[] = [
    [7000215, 'TEAMS_SECRET_WRONG', /Value \(not its Secret ID\)/],
    [7000222, 'TEAMS_SECRET_EXPIRED', /new client secret/],
    [700027, 'TEAMS_CERTIFICATE_REFUSED', /public certificate/],
    [700024, 'TEAMS_CLOCK_WRONG', /NTP/],
    [700016, 'TEAMS_CLIENT_UNKNOWN', /clientId/],
    [90002, 'TEAMS_TENANT_WRONG', /tenantId/],
    [7000112, 'TEAMS_CLIENT_DISABLED', /Enable/],
    [53003, 'TEAMS_POLICY_BLOCKED', /policy/],
    [500011, 'TEAMS_CLOUD_WRONG', /cloud/],
    [1234567, 'TEAMS_TOKEN_REFUSED', /AADSTS1234567/],
  ];
  for (const [number, code, fix] of causes) {
    it(`AADSTS${number} is ${code}`, async () => {
      const b = bench();
      b.graph.script.token = () => aadsts(number);
      const error = await refusal(b.wait(b.tokens.get()));
      assert.equal(error.code, code);
      assert.equal(error.reaction, 'ask_admin');
      assert.match(error.message, new RegExp(`AADSTS${number}`));
      assert.match(error.fix, fix);
      assert.doesNotMatch(error.message, /trace id/);
    });
  }

  it('is told from the words when the numbers are missing', async () => {
    const b = bench();
    const error_description = 'AADSTS7000215: Invalid client secret provided.';
    b.graph.script.token = () => json(401, { error: 'invalid_client', error_description });
    assert.equal((await refusal(b.wait(b.tokens.get()))).code, 'TEAMS_SECRET_WRONG');
  });

  it('is tried again later when the answer is no token, or an error of the service', async () => {
    for (const answer of [json(200, { nothing: 1 }), json(503, {}), json(400, 'x')]) {
      const b = bench();
      b.graph.script.token = () => answer;
      assert.equal((await refusal(b.wait(b.tokens.get()))).reaction, 'retry');
    }
  });

  it('falls back to the next credential, and stays with the one that works', async () => {
    const b = bench({ nextCredential: { secret: 'second' } });
    b.graph.script.token = ({ request }) =>
      request.body?.includes('second') === true ? undefined : aadsts(7000222);
    const first = await b.wait(b.tokens.get());
    assert.equal(b.graph.tokens.length, 2);
    await b.rig.clock.advance(11_000);
    await b.wait(b.tokens.replace(first));
    assert.equal(b.graph.tokens.length, 3);
    assert.equal(form(b.graph, 2).get('client_secret'), 'second');
  });
});

describe('a credential that is changed in the configuration', () => {
  it('is taken at the next renewal, before the one in use is refused', async () => {
    let now = SECRET;
    const b = bench({}, () => ({ kind: 'secret', secret: now }));
    await b.wait(b.tokens.get());
    now = 'changed';
    await b.rig.clock.advance(3_000_000);
    await b.wait(b.tokens.get());
    await b.rig.clock.advance(1_000);
    assert.equal(b.graph.tokens.length, 2);
    assert.equal(form(b.graph, 1).get('client_secret'), 'changed');
  });

  it('gives way to the one that still works, until it works too', async () => {
    let now = SECRET;
    let taken = SECRET;
    const b = bench({}, () => ({ kind: 'secret', secret: now }));
    b.graph.script.token = ({ request }) =>
      request.body?.includes(taken) === true ? undefined : aadsts(7000215);
    const first = await b.wait(b.tokens.get());
    now = 'changed';
    await b.rig.clock.advance(11_000);
    const second = await b.wait(b.tokens.replace(first));
    assert.deepEqual(
      [1, 2].map((index) => form(b.graph, index).get('client_secret')),
      ['changed', SECRET],
    );
    taken = 'changed';
    await b.rig.clock.advance(11_000);
    await b.wait(b.tokens.replace(second));
    assert.equal(form(b.graph, b.graph.tokens.length - 1).get('client_secret'), 'changed');
  });
});

describe('a token in place of a refused one', () => {
  it('is fetched once, however many were refused, and carries the claims', async () => {
    const b = bench();
    const old = await b.wait(b.tokens.get());
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const replacing = [b.tokens.replace(old, claims), b.tokens.replace(old, claims)];
    const fresh = await b.wait(Promise.all(replacing));
    assert.notEqual(fresh[0], old);
    assert.equal(fresh[0], fresh[1]);
    assert.equal(await b.tokens.replace(old), fresh[0]);
    assert.equal(b.graph.tokens.length, 2);
    assert.deepEqual(JSON.parse(form(b.graph, 1).get('claims') ?? ''), {
      access_token: { nbf: { essential: true, value: '1' }, xms_cc: { values: ['cp1'] } },
    });
  });

  it('is the same one when it was replaced a moment ago', async () => {
    const b = bench();
    const first = await b.wait(b.tokens.get());
    const second = await b.wait(b.tokens.replace(first));
    assert.equal(await b.tokens.replace(second), second);
    assert.equal(b.graph.tokens.length, 2);
    await b.rig.clock.advance(10_001);
    assert.notEqual(await b.wait(b.tokens.replace(second)), second);
  });

  it('is asked for again when the service could not give one a moment ago', async () => {
    const b = bench();
    const old = await b.wait(b.tokens.get());
    let isDown = true;
    b.graph.script.token = () => (isDown ? { status: 503, headers: {}, body: '' } : undefined);
    assert.equal((await refusal(b.wait(b.tokens.replace(old)))).reaction, 'retry');
    // The refused one is no answer: the next request would take it for a refusal of all.
    assert.equal((await refusal(b.wait(b.tokens.replace(old)))).reaction, 'retry');
    assert.equal(b.graph.tokens.length, 2, 'after a pause only');
    isDown = false;
    await b.rig.clock.advance(2_001);
    assert.notEqual(await b.wait(b.tokens.replace(old)), old);
  });

  it('survives claims that cannot be read', async () => {
    const b = bench();
    const old = await b.wait(b.tokens.get());
    await b.wait(b.tokens.replace(old, '{{{'));
    assert.equal(form(b.graph, 1).get('claims'), '{"access_token":{"xms_cc":{"values":["cp1"]}}}');
  });
});
