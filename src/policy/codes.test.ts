import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveCodes } from './codes.ts';

const LISTED = [
  { code: '901', label: 'Teams: Busy', selectable: true },
  { code: '902', label: 'Teams: Do not disturb', selectable: false },
  { code: '7', label: 'Lunch', selectable: true },
];

describe('resolveCodes', () => {
  it('takes ids and labels', () => {
    const resolved = resolveCodes(
      { stop: { busy: 'teams: busy', in_call: 901 }, notReady: [{ reason: 7, show: 'brb' }] },
      LISTED,
    );
    assert.deepEqual(resolved.stopCodes, { busy: '901', in_call: '901' });
    assert.deepEqual(resolved.notReady, [{ code: '7', show: 'brb' }]);
    assert.deepEqual(resolved.mistakes, []);
  });

  it('names every mistake with its path, value and fix', () => {
    const { mistakes } = resolveCodes(
      {
        stop: { busy: '901', dnd: '902', presenting: 'Nope' },
        notReady: [
          { reason: 'Gone', show: 'dnd' },
          { reason: '901', show: 'dnd' },
        ],
      },
      LISTED,
    );
    assert.deepEqual(
      mistakes.map(({ path, value }) => [path, value]),
      [
        ['sync.reasonCodes.dnd', 'Teams: Do not disturb'],
        ['sync.reasonCodes.presenting', 'Nope'],
        ['sync.notReady.0.reason', 'Gone'],
        ['sync.notReady.1.reason', 'Teams: Busy'],
      ],
    );
    assert.match(mistakes[1]?.fix ?? '', /Teams: Busy/);
  });
});
