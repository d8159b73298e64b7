import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, assert as check, json, oneof, property, string, stringify } from 'fast-check';
import { frameOf } from './frame.ts';
import { ANN, BOB, frameText, metadata, READY, row } from './scripted-five9.test.ts';

const ROW = row({ id: ANN, state: 'READY', now: READY });

describe('frames of the supervisor socket', () => {
  it('reads a full frame and leaves the other sources aside', () => {
    const frame = frameOf(
      frameText('5000', [
        { dataSource: 'ACD_STATUS', data: [{ id: '1' }] },
        { dataSource: 'AGENT_STATE', data: [ROW, { state: 'READY' }, null] },
      ]),
    );
    assert.ok(frame.kind === 'full');
    assert.deepEqual([frame.rows.length, frame.badRows, frame.hasAgents], [1, 2, true]);
    assert.equal(frame.rows[0]?.id, ANN);
  });

  it('says when a full frame holds no agents at all', () => {
    const frame = frameOf(frameText('5000', [{ dataSource: 'STATIONS', data: [] }]));
    assert.ok(frame.kind === 'full' && !frame.hasAgents);
  });

  it('reads added, updated and removed of a difference', () => {
    const block = {
      dataSource: 'AGENT_STATE',
      added: [ROW],
      updated: [{ ...ROW, id: 300_000_000_500_102 }],
      removed: [BOB, '', 7],
    };
    const other = { dataSource: 'AGENT_STATISTIC', updated: [{ id: '' }], removed: ['9'] };
    const frame = frameOf(frameText('5012', [block, other]));
    assert.ok(frame.kind === 'diff');
    assert.deepEqual(
      frame.rows.map((one) => one.id),
      [ANN, BOB],
    );
    assert.deepEqual(frame.removed, [BOB]);
    assert.equal(frame.badRows, 0);
  });

  it('names every event that it acts on', () => {
    const kinds = [
      '1010',
      '1202',
      '1020',
      '37',
      '70',
      '71',
      '72',
      '73',
      '1001',
      '1002',
      '1004',
      '1000',
      '1003',
      '5007',
      '5004',
      '5006',
      '6001',
      '6002',
      '6003',
      '5014',
      '12345',
    ].map((id) => frameOf(frameText(id, null)).kind);
    assert.deepEqual(kinds, [
      'connected',
      'pong',
      'duplicate',
      'maintenance_soon',
      'migration_started',
      'move',
      'move',
      'move',
      'move',
      'move',
      'move',
      'restart',
      'restart',
      'reason_codes_changed',
      'view_changed',
      'view_changed',
      'view_changed',
      'view_changed',
      'view_changed',
      'other',
      'other',
    ]);
  });

  it('carries the new metadata of a forced move and the notice of maintenance', () => {
    const move = frameOf(frameText('1002', metadata('app-new.five9.com')));
    assert.ok(move.kind === 'move');
    assert.equal(move.metadata?.dataCenters[1]?.apiUrls[0]?.host, 'app-new.five9.com');
    const idle = frameOf(frameText('73', 'IDLE_MAINTENANCE'));
    assert.ok(idle.kind === 'move' && idle.metadata === undefined);
    assert.deepEqual(frameOf(frameText('37', 60_000)), { kind: 'maintenance_soon', inMs: 60_000 });
    assert.deepEqual(frameOf(frameText('37', 'later')), {
      kind: 'maintenance_soon',
      inMs: undefined,
    });
  });

  it('takes a field that is nothing of its kind for absent, and keeps its row and the others', () => {
    // A length that can be compared with nothing: zod itself throws when it holds it to a bound.
    const odd = { length: { toString: 1 } };
    const rows = [
      { id: ANN, state: odd },
      { id: odd, state: 'READY' },
      { id: BOB, state: 'READY' },
    ];
    const block = { dataSource: 'AGENT_STATE', added: [], updated: rows, removed: [] };

    const frame = frameOf(frameText('5012', [block]));

    assert.ok(frame.kind === 'diff');
    assert.deepEqual(
      frame.rows.map(({ id, state }) => [id, state]),
      [
        [ANN, ''],
        [BOB, 'READY'],
      ],
    );
    assert.equal(frame.badRows, 1);
  });

  it('takes damage for a bad frame and never throws', () => {
    for (const text of [
      '',
      '{',
      'ping',
      '[]',
      '{"context":{}}',
      frameText('5000', {}),
      frameText('5012', 'x'),
    ]) {
      assert.equal(frameOf(text).kind, 'bad', text);
    }
    check(
      property(oneof(string(), json(), anything().map(stringify)), (text) => {
        assert.equal(typeof frameOf(text).kind, 'string');
      }),
    );
    check(
      property(json(), (text) => {
        const payload: unknown = JSON.parse(text);
        for (const id of ['5000', '5012', '1002', '37']) frameOf(frameText(id, [payload]));
      }),
    );
  });
});
