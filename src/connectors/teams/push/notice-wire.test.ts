import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { itemOf } from './fixtures/graph-notices.ts';
import { parsePost } from './notice-wire.ts';

const ACCOUNT = 'AAAAAAAA-0000-4000-8000-000000000001';
const OF = { subscriptionId: 's-1', clientState: 'state' };
const SEALED = {
  data: 'AA==',
  dataKey: 'AA==',
  dataSignature: 'AA==',
  encryptionCertificateId: 'l',
};

function post(items: readonly unknown[], more: object = {}): ReturnType<typeof parsePost> {
  return parsePost(JSON.stringify({ value: items, ...more }));
}

describe('what Graph posts', () => {
  it('is read with the account in lower case, the content and the tokens', () => {
    const read = post([itemOf(ACCOUNT, OF, SEALED)], { validationTokens: ['a.b.c'] });

    assert.deepEqual(read, {
      notices: [{ ...OF, account: ACCOUNT.toLowerCase(), sealed: SEALED }],
      spoiled: 0,
      tokens: ['a.b.c'],
    });
  });

  it('may lack content, tokens and resource data, and may write null for each', () => {
    const bare = { ...itemOf(ACCOUNT, OF), resourceData: null, encryptedContent: null };
    for (const more of [{}, { validationTokens: null }, { validationTokens: 7 }]) {
      const read = post([bare], more);
      assert.deepEqual(read?.notices, [{ ...OF, account: ACCOUNT.toLowerCase() }]);
      assert.deepEqual(read?.tokens, []);
    }
  });

  it('names the account in its resource in either way, and a whole filter names nobody', () => {
    const of = (resource: unknown): string | undefined =>
      post([{ ...OF, resource }])?.notices[0]?.account;

    assert.equal(of(`communications/presences/${ACCOUNT}`), ACCOUNT.toLowerCase());
    assert.equal(of(`/communications/presences('${ACCOUNT}')`), ACCOUNT.toLowerCase());
    assert.equal(of(`communications/presences?$filter=id in ('${ACCOUNT}')`), undefined);
    assert.equal(of(`presences/${ACCOUNT}${' '.repeat(300)}`), undefined);
    assert.equal(of(5), undefined);
  });

  it('may be an event of the subscription itself', () => {
    const read = post([{ ...OF, lifecycleEvent: 'reauthorizationRequired' }]);

    assert.deepEqual(read?.notices, [{ ...OF, lifecycle: 'reauthorizationRequired' }]);
  });

  it('loses only the items that cannot be read (W1)', () => {
    const good = itemOf(ACCOUNT, OF);
    const bad = [
      7,
      null,
      {},
      { ...OF, clientState: 'x'.repeat(256) },
      { ...OF, subscriptionId: 1 },
    ];
    const read = post([...bad, good, ...bad]);

    assert.equal(read?.notices.length, 1);
    assert.equal(read?.spoiled, 2 * bad.length);
  });

  it('keeps the announcement of an item whose content is of no use', () => {
    for (const content of [{}, { ...SEALED, data: 5 }, { ...SEALED, dataKey: 'x'.repeat(1_025) }]) {
      const read = post([{ ...itemOf(ACCOUNT, OF), encryptedContent: content }]);
      assert.deepEqual(read?.notices, [{ ...OF, account: ACCOUNT.toLowerCase() }]);
    }
  });

  it('is refused as a whole when it is no collection', () => {
    const many = Array.from({ length: 10_001 }, () => 0);
    for (const text of ['', '{', '[]', 'null', '{"value":{}}', '{"value":[]}']) {
      assert.equal(parsePost(text), undefined, text);
    }
    assert.equal(post(many), undefined);
    assert.equal(post(many.slice(1))?.spoiled, 10_000);
  });
});
