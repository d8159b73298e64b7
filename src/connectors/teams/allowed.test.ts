import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { onlyAllowed } from './allowed.ts';
import type { GraphRequest } from './client.ts';

const ANN = 'aaaaaaaa-0000-4000-8000-000000000001';
const STRANGER = 'bbbbbbbb-0000-4000-8000-000000000002';

function bench(): {
  readonly sent: string[];
  ask(request: Partial<GraphRequest>): Promise<string>;
} {
  const sent: string[] = [];
  const inner = {
    call: ({ path }: GraphRequest) => {
      sent.push(path);
      return Promise.resolve({ status: 200, headers: {}, body: '' });
    },
  };
  const client = onlyAllowed(inner, (account) => account === ANN);
  return {
    sent,
    ask: async (request) => {
      const whole = { method: 'POST', path: '', timeoutMs: 1, ...request } as const;
      return client.call(whole).then(
        () => 'sent',
        (error: unknown) => (error instanceof Error ? error.message : 'other'),
      );
    },
  };
}

describe('the list of requests to Graph', () => {
  it('lets everything through that concerns mapped people', async () => {
    const b = bench();
    for (const action of ['setPresence', 'clearPresence', 'clearUserPreferredPresence']) {
      assert.equal(await b.ask({ path: `/users/${ANN}/presence/${action}`, body: '{}' }), 'sent');
    }
    const body = JSON.stringify({ ids: [ANN, ANN] });
    assert.equal(await b.ask({ path: '/communications/getPresencesByUserId', body }), 'sent');
    assert.equal(await b.ask({ method: 'GET', path: `/users/${ANN}/licenseDetails` }), 'sent');
    assert.equal(await b.ask({ method: 'GET', path: '/users?$top=999&$select=id' }), 'sent');
    assert.equal(b.sent.length, 6);
  });

  it('stops whatever concerns somebody else', async () => {
    const b = bench();
    const ids = JSON.stringify({ ids: [ANN, STRANGER] });
    const asked: readonly Partial<GraphRequest>[] = [
      { path: `/users/${STRANGER}/presence/setPresence`, body: '{}' },
      { path: '/communications/getPresencesByUserId', body: ids },
      { method: 'GET', path: `/users/${STRANGER}/mailboxSettings` },
      { method: 'GET', path: `/admin/teams/userConfigurations/${STRANGER}` },
    ];
    for (const request of asked) assert.match(await b.ask(request), /not mapped/);
    assert.deepEqual(b.sent, []);
  });

  it('stops whatever is not on it', async () => {
    const b = bench();
    const asked: readonly Partial<GraphRequest>[] = [
      { path: `/users/${ANN}/presence/setStatusMessage`, body: '{}' },
      { path: `/users/${ANN}/../${STRANGER}/presence/setPresence`, body: '{}' },
      { path: `/users/${ANN}/presence/setPresence/x`, body: '{}' },
      { path: `/users/${ANN}/messages`, method: 'GET' },
      { path: `https://elsewhere.example/users/${ANN}/presence/setPresence` },
      { path: '/communications/getPresencesByUserId', body: '{"ids":"all"}' },
      { path: '/communications/getPresencesByUserId', body: '{"ids":[1]}' },
      { path: '/users', body: '{}' },
    ];
    for (const request of asked) assert.match(await b.ask(request), /on no line/);
    assert.deepEqual(b.sent, []);
  });

  it('sends nothing for any other path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.constantFrom('GET', 'POST'), async (path, method) => {
        const b = bench();
        const isList = method === 'GET' && /^\/(users|servicePrincipals)(\?|$)/.test(path);
        const said = await b.ask({ path, method, body: '{}' });
        assert.equal(said === 'sent', isList);
      }),
    );
  });
});
