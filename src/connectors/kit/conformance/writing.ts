/** Conformance: writing is partial, never throws and names the reaction that is safe. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Command } from '../../../model/mark.ts';
import type { Outcome } from '../../connector.ts';
import {
  RETRY_AFTER_S,
  WRITE_FAULTS,
  assertNoSecret,
  commandOf,
  expressions,
  firstCommand,
  live,
  settled,
  told,
  type ConformanceHarness,
  type WriteFault,
} from './harness.ts';

const DEMANDED: Readonly<Record<WriteFault, Outcome['kind']>> = {
  none: 'accepted',
  throttled: 'throttled',
  bad_request: 'refused',
  not_found: 'refused',
  unauthorised: 'denied',
  server_error: 'ambiguous',
  lost: 'ambiguous',
  unreachable: 'failed',
};

export function writingTests(makeHarness: () => ConformanceHarness): void {
  it('accepts every expression of its traits', async () => {
    const b = await live(makeHarness());
    for (const [preset, expression] of expressions(b.connector.manifest)) {
      const command = commandOf(b, preset, expression);
      const outcome = await settled(b, b.connector.write(command, b.harness.accounts[0]));
      assert.equal(outcome.kind, 'accepted', `${preset} as ${expression.value}: ${told(outcome)}`);
    }
    await b.connector.stop();
  });

  it('refuses unsent what its traits do not list', async () => {
    const b = await live(makeHarness());
    const sound = firstCommand(b);
    const life = b.connector.manifest.traits.life[sound.slot];
    const wrong: Command[] = [
      { ...sound, slot: 'no_such_slot' },
      { ...sound, value: 'No/SuchValue' },
      { ...sound, platform: 'no_such_platform' },
    ];
    if (life !== undefined) {
      wrong.push({ ...sound, lifeMs: life.minMs - 1 }, { ...sound, lifeMs: life.maxMs + 1 });
      wrong.push({ ...sound, lifeMs: Number.NaN });
    }
    const before = b.harness.writes();
    for (const command of wrong) {
      const outcome = await settled(b, b.connector.write(command, b.harness.accounts[0]));
      assert.equal(outcome.kind, 'refused', `accepted ${JSON.stringify(command)}`);
    }
    assert.equal(b.harness.writes(), before, 'a refused command was sent');
    await b.connector.stop();
  });

  it('never throws for an odd account id', async () => {
    const b = await live(makeHarness());
    for (const account of [
      '',
      '../../etc',
      'a/b?c#d',
      '\u202e\u0000',
      '__proto__',
      'x'.repeat(5_000),
    ]) {
      const outcome = await settled(b, b.connector.write(firstCommand(b), account));
      assert.ok(outcome.kind !== 'accepted', `accepted for ${JSON.stringify(account)}`);
    }
    await b.connector.stop();
  });
}

export function outcomeTests(makeHarness: () => ConformanceHarness): void {
  for (const fault of WRITE_FAULTS) {
    const kind = DEMANDED[fault];
    it(`answers a write under "${fault}" with "${kind}" and sends it at most once`, async () => {
      const b = await live(makeHarness());
      if (b.harness.cannot?.includes(fault) !== true) {
        b.harness.treatWrites(fault);
        const before = b.harness.writes();
        const outcome = await settled(b, b.connector.write(firstCommand(b), b.harness.accounts[0]));
        assert.equal(outcome.kind, kind, told(outcome));
        // A sign-in that ran out may be renewed and the same request sent once more.
        const allowed = fault === 'unauthorised' ? 2 : 1;
        assert.ok(b.harness.writes() - before <= allowed, 'the request was repeated');
        if (outcome.kind === 'throttled') assert.equal(outcome.retryAfterMs, RETRY_AFTER_S * 1_000);
        if (outcome.kind === 'denied') assert.ok(outcome.action.length > 10, 'no action in words');
        assertNoSecret(b, [told(outcome)]);
      }
      await b.connector.stop();
    });
  }
}
