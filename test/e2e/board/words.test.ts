import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HEALTH_STATES } from '../../../src/connectors/connector.ts';
import { PRESET_LABELS } from '../../../src/model/preset.ts';
import { texts } from '../../../web/src/texts.ts';

describe('the console’s words', () => {
  it('are the model’s own for every preset', () => {
    assert.deepEqual(texts.presets, PRESET_LABELS);
  });

  it('name every state of health that a connector can report', () => {
    assert.deepEqual(Object.keys(texts.health.states).sort(), [...HEALTH_STATES].sort());
  });
});
