/** Conformance: a connector comes to life, stops for good and keeps its secrets. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  assertNoSecret,
  bench,
  firstCommand,
  interestOf,
  live,
  settled,
  told,
  type ConformanceHarness,
} from './harness.ts';

const STOP_STEP_MS = 10;
const STOP_WAIT_MAX_MS = 400;
const AFTER_STOP_MS = 3_600_000;

export function lifeTests(makeHarness: () => ConformanceHarness): void {
  it('says nothing after stop, whenever it comes', async () => {
    // In steps shorter than any answer takes, so that some stops fall into the middle of one.
    for (let wait = 0; wait <= STOP_WAIT_MAX_MS; wait += STOP_STEP_MS) {
      const b = await live(makeHarness());
      b.connector.look(b.harness.accounts);
      await b.rig.clock.advance(wait);
      await b.connector.stop();
      const calls = b.rig.said.calls;
      b.connector.look(b.harness.accounts);
      b.connector.watch(interestOf(b.harness.accounts));
      await b.rig.clock.advance(AFTER_STOP_MS);
      assert.equal(b.rig.said.calls, calls, `the sink was called after a stop at ${wait} ms`);
    }
  });

  it('stops before it was ever live, and may be stopped twice', async () => {
    const b = bench(makeHarness());
    b.connector.start(b.rig.sink, b.rig.budget);
    await b.connector.stop();
    const calls = b.rig.said.calls;
    await b.rig.clock.advance(600_000);
    assert.equal(b.rig.said.calls, calls, 'the sink was called after stop');
    await b.connector.stop();
  });

  it('answers a write after stop without throwing and without sending it', async () => {
    const b = await live(makeHarness());
    await b.connector.stop();
    const before = b.harness.writes();
    const outcome = await settled(b, b.connector.write(firstCommand(b), b.harness.accounts[0]));
    assert.ok(outcome.kind !== 'accepted');
    assert.equal(b.harness.writes(), before);
  });

  it('logs and reports no secret', async () => {
    const b = await live(makeHarness());
    await settled(b, b.connector.write(firstCommand(b), b.harness.accounts[0]));
    await settled(b, b.connector.accounts());
    b.harness.treatWrites('unauthorised');
    const outcome = await settled(b, b.connector.write(firstCommand(b), b.harness.accounts[0]));
    const checks = await settled(b, b.connector.doctor(b.harness.accounts[0]));
    await b.connector.stop();
    assertNoSecret(b, [told(outcome), JSON.stringify(checks)]);
  });
}
