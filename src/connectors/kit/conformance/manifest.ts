/** Conformance: what a connector declares, and what its doctor says. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isPreset } from '../../../model/preset.ts';
import type { Check } from '../../connector.ts';
import {
  bench,
  expressions,
  live,
  settled,
  type Bench,
  type ConformanceHarness,
} from './harness.ts';

export function manifestTests(makeHarness: () => ConformanceHarness): void {
  it('has a complete manifest', () => {
    const { manifest } = bench(makeHarness()).connector;
    assert.match(manifest.id, /^[a-z][a-z0-9_]*$/);
    assert.equal(manifest.traits.id, manifest.id);
    assert.ok(manifest.label !== '' && manifest.traits.label !== '');
    assert.ok(manifest.limits.length > 0, 'no limit is stated');
    for (const limit of manifest.limits) {
      assert.ok(Number.isFinite(limit.value) && limit.value > 0, `${limit.name} has no value`);
      assert.ok(limit.name !== '' && limit.unit !== '', `${limit.name} has no name or unit`);
      assert.match(limit.source, /^https:\/\//, `${limit.name} has no source`);
    }
    assert.ok(manifest.scopes.length > 0, 'no permission is stated');
    for (const scope of manifest.scopes) assert.ok(scope.why.length > 10, `${scope.name}: why?`);
    assert.ok(manifest.prerequisites.length > 0 && manifest.prerequisites.every((p) => p !== ''));
    if (manifest.quota !== undefined) {
      assert.match(manifest.quota.source, /^https:\/\//);
      assert.ok(manifest.quota.requests > 0 && manifest.quota.windowMs > 0);
    }
  });

  it('expresses only presets, in slots of one kind, with possible lives', () => {
    const { manifest } = bench(makeHarness()).connector;
    const kinds = new Map<string, string>();
    for (const [preset, expression] of expressions(manifest)) {
      assert.ok(isPreset(preset) && expression.shows.length > 0, `${preset} shows nothing`);
      assert.ok(expression.value !== '' && expression.slot !== '');
      assert.equal(kinds.get(expression.slot) ?? expression.kind, expression.kind);
      kinds.set(expression.slot, expression.kind);
      if (manifest.traits.kind === 'collaboration') {
        assert.ok(
          preset !== 'available' && preset !== 'ready',
          'asserts that somebody is available',
        );
      }
    }
    for (const [slot, life] of Object.entries(manifest.traits.life)) {
      assert.ok(kinds.has(slot), `the life of an unknown slot ${slot}`);
      assert.ok(life.minMs > 0 && life.minMs <= life.maxMs, `impossible life of ${slot}`);
    }
  });
}

export function doctorTests(makeHarness: () => ConformanceHarness): void {
  it('has a doctor whose every complaint carries a fix, and who writes only when allowed', async () => {
    const b = await live(makeHarness());
    const before = b.harness.writes();
    assertChecks(b, await settled(b, b.connector.doctor()));
    assert.equal(b.harness.writes(), before, 'the doctor wrote without a probe account');
    b.harness.treatWrites('bad_request');
    assertChecks(b, await settled(b, b.connector.doctor(b.harness.accounts[0])));
    await b.connector.stop();
  });
}

function assertChecks(b: Bench, checks: readonly Check[]): void {
  assert.ok(checks.length > 0, 'the doctor checked nothing');
  assert.equal(new Set(checks.map((check) => check.id)).size, checks.length, 'check ids repeat');
  for (const check of checks) {
    assert.ok(check.id.startsWith(`${b.connector.manifest.id}.`), check.id);
    assert.ok(check.title !== '' && check.evidence !== '', `${check.id} has no words`);
    if (check.status !== 'pass') assert.ok((check.fix ?? '').length > 10, `${check.id} has no fix`);
    if (check.link !== undefined) assert.match(check.link, /^https:\/\//);
  }
}
