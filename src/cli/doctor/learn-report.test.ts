import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../connectors/connector.ts';
import { cleaned, reportText } from './learn-report.ts';

const FINDING: Finding = {
  id: 'five9.values',
  question: 'Which values?',
  status: 'measured',
  value: { 'state=ANN_EXAMPLE': 3, kept: 'for Ann_Example only', other: true },
  unit: 'rows',
  how: 'listening',
  samples: [7, 'ann_example', 'READY: 2'],
};

describe('the report of what was learned', () => {
  it('leaves out what holds something known of the tenant, in any case of letters', () => {
    const [clean] = cleaned([FINDING], ['Ann_Example', undefined, '  ', 'at']);

    assert.deepEqual(clean?.value, { '(left out)': 3, kept: '(left out)', other: true });
    assert.deepEqual(clean?.samples, [7, '(left out)', 'READY: 2']);
    assert.deepEqual(cleaned([FINDING], ['Bob']), [FINDING]);
  });

  it('says in words what was measured, and what was not and why', () => {
    const missed: Finding = {
      id: 'teams.quota',
      question: 'How many?',
      status: 'not_measured',
      how: 'it spends the quota',
      needed: 'Run it with --learn-quota.',
    };

    const text = reportText({
      report: 'lockstep doctor --learn',
      version: 1,
      release: '0.1.0',
      madeAt: '2026-03-02T09:30:00.000Z',
      cloud: 'global',
      quota: { requests: 1_500, windowMs: 30_000 },
      findings: [FINDING, missed],
    });

    assert.match(text, /1 of 2 questions measured/);
    assert.match(text, /Which values\? \(five9\.values\)\n {2}state=ANN_EXAMPLE 3, .* \[rows\]\n/);
    assert.match(
      text,
      /Not measured: it spends the quota\.\n {2}Needed: Run it with --learn-quota\./,
    );
  });
});
