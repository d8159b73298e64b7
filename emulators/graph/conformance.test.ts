import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Exchange } from '../../src/lib/exchange.ts';
import { graphConformance, type GraphSubject } from './conformance.ts';
import { remoteActs } from './remote-acts.ts';
import { serveGraph } from './serve.ts';
import { APP, CLIENT, memorySubject, SECRET, TENANT, testUsers } from './test-world.ts';

let signingKey: Promise<KeyObject> | undefined;

/** One key for all worlds of this run: making one costs more than all the rest. */
function sharedKey(): Promise<KeyObject> {
  signingKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(
    ({ privateKey }) => privateKey,
  );
  return signingKey;
}

const overHttp: Exchange = async ({ method, url, headers, body }) => {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
};

async function servedSubject(): Promise<GraphSubject> {
  const users = testUsers(5);
  const served = await serveGraph({
    tenantId: TENANT,
    users,
    apps: [APP],
    signingKey: await sharedKey(),
  });
  const remote = remoteActs(served.url, overHttp);
  return {
    exchange: overHttp,
    graphUrl: served.url,
    loginUrl: served.url,
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: SECRET,
    users: users.map((user) => user.id),
    act: (user, act) => remote.act(user, act),
    truth: (user) => remote.truth(user),
    advance: (ms) => remote.advance(ms),
    close: () => served.close(),
  };
}

graphConformance('in memory', async () => memorySubject());
graphConformance('over HTTP', servedSubject);
