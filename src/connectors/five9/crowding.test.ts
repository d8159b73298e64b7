import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Crowding } from './crowding.ts';
import type { Login } from './transport.ts';

const LOGIN: Login = {
  origin: 'https://app-xyz.five9.com',
  tokenId: 'token',
  farmId: '152',
  orgId: '130045',
  userId: '300000000500001',
  variant: 'bearer_hyphen',
  at: 0,
};

describe('sockets that others take', () => {
  it('are closed in an orderly way while the session goes on', () => {
    const crowding = new Crowding();
    crowding.ended({ kind: 'lost', why: 'code 1000', code: 1000 }, LOGIN);
    assert.equal(crowding.goesOn(LOGIN, 5), true);
    assert.equal(crowding.goesOn(LOGIN, 6), false, 'counted once');
    assert.equal(crowding.recent(600_000), 1);
    assert.equal(crowding.recent(600_005), 0, 'ten minutes later');
  });

  it('are none when the session is another one, or the socket ended otherwise', () => {
    const crowding = new Crowding();
    crowding.ended({ kind: 'lost', why: 'code 1000', code: 1000 }, LOGIN);
    assert.equal(crowding.goesOn({ ...LOGIN }, 1), false);
    for (const code of [1001, 1006, 1009, 1011, 3000]) {
      crowding.ended({ kind: 'lost', why: `code ${code}`, code }, LOGIN);
      assert.equal(crowding.goesOn(LOGIN, 2), false, String(code));
    }
    crowding.ended({ kind: 'lost', why: 'no_data' }, LOGIN);
    assert.equal(crowding.goesOn(LOGIN, 3), false);
    crowding.ended({ kind: 'move', metadata: undefined }, LOGIN);
    assert.equal(crowding.goesOn(LOGIN, 4), false);
    assert.equal(crowding.recent(5), 0);
  });

  it('are forgotten beyond a hundred', () => {
    const crowding = new Crowding();
    for (let n = 0; n < 300; n += 1) {
      crowding.ended({ kind: 'lost', why: 'code 4000', code: 4_000 }, LOGIN);
      crowding.goesOn(LOGIN, n);
    }
    assert.equal(crowding.recent(300), 100);
  });
});
