/** Conformance: reading is total, dated and counted. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '../../../lib/random.ts';
import type { AccountId } from '../../../model/ids.ts';
import { hostileValue } from './hostile.ts';
import { live, type Bench, type ConformanceHarness } from './harness.ts';

const HOSTILE_REPORTS = 40;
/** How old the other account may grow where the platform is swept. */
const STALE_MS = 25_000;

export function readingTests(makeHarness: () => ConformanceHarness): void {
  it('reads whatever the platform reports, and the other account all the same', async () => {
    const random = seededRandom('hostile reports');
    for (let i = 0; i < HOSTILE_REPORTS; i += 1) {
      const b = await live(makeHarness());
      const [odd, sound] = b.harness.accounts;
      await b.rig.clock.advance(10_000);
      const before = b.rig.said.observations.length;
      b.harness.report(odd, hostileValue(random));
      b.connector.look([odd, sound]);
      await b.rig.clock.advance(30_000);
      assertWellFormed(b, before);
      assertNotStale(b, sound);
      await b.connector.stop();
    }
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

/** The account is still read, or the feed as a whole still vouches for it. */
function assertNotStale(b: Bench, account: AccountId): void {
  const own = b.rig.said.observations.filter((seen) => seen.account === account);
  const newest = Math.max(0, ...own.map((seen) => seen.asOf), ...b.rig.said.confirmed);
  const age = b.rig.clock.now() - newest;
  const isSweep = b.connector.manifest.capabilities.sweep;
  assert.ok(own.length > 0, 'the other account was never observed');
  assert.ok(!isSweep || age <= STALE_MS, `the other account is ${age} ms old`);
}
