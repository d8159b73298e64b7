import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Healths } from './healths.ts';

const DENIED = { kind: 'denied', detail: 'HTTP 403', action: 'Grant admin consent.' } as const;

describe('the health of a platform', () => {
  it('says that writes are refused, once in the log, until one is taken', () => {
    const errors: string[] = [];
    const ignore = (): void => undefined;
    const healths = new Healths({
      info: ignore,
      warn: ignore,
      error: (text) => errors.push(text),
    });
    assert.equal(healths.of('teams').state, 'starting');
    healths.set('teams', { state: 'live', detail: 'read' });

    healths.wrote('teams', DENIED);
    healths.wrote('teams', DENIED);
    const refused = healths.of('teams');
    assert.deepEqual([refused.state, refused.action], ['degraded', DENIED.action]);
    assert.match(refused.detail, /HTTP 403/);
    assert.equal(errors.length, 1);

    healths.set('teams', { state: 'down', detail: 'no answer' });
    assert.equal(healths.of('teams').state, 'down', 'what the connector says is worse');
    healths.set('teams', { state: 'live', detail: 'read' });
    assert.equal(healths.of('teams').readOnly, undefined);
    healths.wrote('teams', { ...DENIED, readOnly: true });
    assert.equal(healths.of('teams').readOnly, true);
    healths.wrote('teams', { kind: 'accepted' });
    assert.equal(healths.of('teams').state, 'live');
  });
});
