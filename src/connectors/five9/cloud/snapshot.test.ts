import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snapshotRow, snapshotRows } from './snapshot.ts';
import { pageFrom, refusalWords, subscriptionsFrom, tokenFrom } from './wire.ts';

const AT = Date.UTC(2026, 0, 5, 8);
const ROW = {
  id: '300000000500101',
  presenceState: 'READY',
  stateSince: new Date(AT).toISOString(),
  reasonCode: '0',
  reasonSince: null,
  voiceInteractionState: null,
};

function stateOf(more: object): string | undefined {
  return snapshotRow({ ...ROW, ...more })?.state;
}

describe('a row of the snapshot', () => {
  it('is read as the supervisor’s row', () => {
    assert.deepEqual(snapshotRow({ ...ROW, customerName: 'x', skillAvailability: [] }), {
      id: '300000000500101',
      state: 'READY',
      reasonCodeId: '0',
      stateSince: AT,
      reasonCodeSince: 0,
    });
  });

  it('is read in every spelling of a state, and an unknown one stays as it is', () => {
    const words = ['NOT_READY', 'NotReady', 'Not Ready', 'Logged Out', 'After Call Work', 'OnCall'];
    assert.deepEqual(
      words.map((presenceState) => stateOf({ presenceState })),
      ['NOT_READY', 'NOT_READY', 'NOT_READY', 'LOGGED_OUT', 'ACW', 'ON_CALL'],
    );
    assert.equal(stateOf({ presenceState: 'DREAMING' }), 'DREAMING');
    assert.equal(stateOf({ presenceState: 7 }), '');
  });

  it('shows a contact of any channel before readiness, and never one of somebody logged out', () => {
    assert.equal(stateOf({ voiceInteractionState: 'RINGING' }), 'RINGING');
    assert.equal(stateOf({ chatInteractionState: 'OnMedia' }), 'ON_CALL');
    assert.equal(
      stateOf({ voiceInteractionState: 'ACW', emailInteractionState: 'CONNECTED' }),
      'ON_CALL',
    );
    assert.equal(stateOf({ voiceInteractionState: 'IDLE' }), 'READY');
    assert.equal(
      stateOf({ presenceState: 'LOGGED_OUT', voiceInteractionState: 'ON_CALL' }),
      'LOGGED_OUT',
    );
  });

  it('has a reason only while it is Not Ready', () => {
    const reasonCode = 410_001;
    assert.equal(snapshotRow({ ...ROW, reasonCode })?.reasonCodeId, '0');
    const away = snapshotRow({ ...ROW, presenceState: 'NOT_READY', reasonCode });
    assert.equal(away?.reasonCodeId, '410001');
  });

  it('takes a time without a zone for UTC, and an odd one for none', () => {
    for (const [given, read] of [
      ['2026-01-05T08:00:00', AT],
      ['2026-01-05T09:00:00+01:00', AT],
      [AT, AT],
      [String(AT), AT],
      ['05.01.2026', 0],
      [-1, 0],
      [1.5, 0],
      [{}, 0],
    ] as const) {
      assert.equal(
        snapshotRow({ ...ROW, stateSince: given })?.stateSince,
        read,
        JSON.stringify(given),
      );
    }
  });

  it('that names nobody is counted', () => {
    const { rows, badRows } = snapshotRows([ROW, {}, null, { id: '' }, { id: 5 }]);
    assert.deepEqual([rows.map((row) => row.id), badRows], [['300000000500101', '5'], 3]);
  });
});

describe('answers of the New Platform', () => {
  it('name the next page by its cursor, in whatever address it comes', () => {
    const cursorIn = (paging: unknown): string | undefined =>
      pageFrom(JSON.stringify({ data: [], paging }))?.cursor;
    assert.equal(cursorIn({ next: '/x?pageLimit=100&pageCursor=c%3D1' }), 'c=1');
    assert.equal(cursorIn({ next: 'https://elsewhere.test/x?pageCursor=c1' }), 'c1');
    assert.equal(cursorIn({ next: 'c1' }), 'c1');
    assert.equal(cursorIn({ next: '/x' }), undefined);
    assert.equal(cursorIn({ next: null }), undefined);
    assert.equal(cursorIn(undefined), undefined);
  });

  it('are no pages without a list', () => {
    for (const text of ['', '{}', '[]', '{"data":7}']) assert.equal(pageFrom(text), undefined);
    assert.deepEqual(pageFrom('{"items":[1]}')?.rows, [1]);
  });

  it('give a token that is safe in a header, or none', () => {
    assert.deepEqual(tokenFrom('{"access_token":"abc","expires_in":"600"}'), {
      text: 'abc',
      lifeMs: 600_000,
    });
    assert.equal(tokenFrom('{"access_token":"abc"}')?.lifeMs, 600_000);
    for (const text of ['{}', '{"access_token":"a\\nb"}', '{"access_token":""}', '[]']) {
      assert.equal(tokenFrom(text), undefined);
    }
  });

  it('say why they refuse on one plain line', () => {
    const body = JSON.stringify({ details: [{ code: 'FORBIDDEN', message: 'no\nscope' }] });
    assert.equal(refusalWords(403, body), 'FORBIDDEN no scope (HTTP 403)');
    assert.equal(refusalWords(500, '<html>'), 'HTTP 500');
  });

  it('list subscriptions with their address', () => {
    const delivery = { http: { url: 'https://hook.test/x' } };
    assert.deepEqual(subscriptionsFrom([{ delivery, status: 'started' }, { delivery }, {}, null]), [
      { url: 'https://hook.test/x', status: 'STARTED' },
      { url: 'https://hook.test/x', status: '' },
    ]);
  });
});
