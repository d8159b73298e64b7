/** Conformance: reading is total, dated and counted. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assert as check, asyncProperty, jsonValue } from 'fast-check';
import type { AccountId } from '../../../model/ids.ts';
import { live, type Bench, type ConformanceHarness } from './harness.ts';

export function readingTests(makeHarness: () => ConformanceHarness): void {
  it('reads whatever the platform reports, and the other account all the same', async () => {
    await check(
      asyncProperty(jsonValue({ maxDepth: 3 }), async (raw) => {
        const b = await live(makeHarness());
        const [odd, sound] = b.harness.accounts;
        b.harness.report(odd, raw);
        const before = b.rig.said.observations.length;
        b.connector.look([odd, sound]);
        await b.rig.clock.advance(30_000);
        assertWellFormed(b, before);
        b.harness.report(sound, undefined);
        await b.connector.stop();
      }),
      { numRuns: 40 },
    );
  });

  it('observes both accounts once live, at times that never go back', async () => {
    const b = await live(makeHarness());
    await b.rig.clock.until(() => {
      const seen = new Set(b.rig.said.observations.map((o) => o.account));
      return b.harness.accounts.every((account) => seen.has(account));
    }, 'an observation of both accounts');
    assertWellFormed(b, 0);
    await b.connector.stop();
  });

  it('counts every read before it is sent, and sends none while the lane is closed', async () => {
    const b = await live(makeHarness());
    const reads = (): number => b.harness.reads?.() ?? 0;
    if (b.harness.reads !== undefined) {
      const counted = (): number => b.rig.spent.reads + b.rig.spent.spends;
      assert.ok(reads() <= counted(), `${reads()} reads sent, ${counted()} counted`);
      b.rig.lane(false);
      await b.rig.clock.advance(1_000);
      const sent = reads();
      b.connector.look(b.harness.accounts);
      await b.rig.clock.advance(60_000);
      assert.equal(reads(), sent, 'a read left through a closed lane');
    }
    await b.connector.stop();
  });
}

function assertWellFormed(b: Bench, from: number): void {
  const last = new Map<AccountId, number>();
  for (const seen of b.rig.said.observations.slice(from)) {
    assert.equal(seen.platform, b.connector.manifest.id);
    assert.equal(typeof seen.presence.raw, 'string');
    assert.ok(Number.isInteger(seen.version.generation));
    assert.ok(seen.asOf <= b.rig.clock.now(), 'an observation from the future');
    assert.ok(seen.asOf >= (last.get(seen.account) ?? 0), 'an observation went back in time');
    last.set(seen.account, seen.asOf);
  }
}
