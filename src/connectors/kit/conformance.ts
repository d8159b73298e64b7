/**
 * The conformance suite that every connector passes: `connectorConformance(name, makeHarness)` in
 * a test file registers it. It holds the connector against `connectors/connector.ts`, through a
 * scripted platform that the connector's own tests supply as a small harness.
 *
 * K1  Reading is total: no report of the platform, however odd, throws or spoils another account.
 * K2  What the traits do not list is refused and never sent.
 * K3  `write` never throws, and its outcome names the reaction that is safe.
 * K4  After `stop` nothing is said any more.
 * K5  The manifest and the doctor are complete: sources, reasons, fixes.
 * K6  No secret leaves through a log line, a health state, an outcome or a check.
 */
import { describe } from 'node:test';
import type { ConformanceHarness } from './conformance/harness.ts';
import { lifeTests } from './conformance/life.ts';
import { doctorTests, manifestTests } from './conformance/manifest.ts';
import { readingTests } from './conformance/reading.ts';
import { outcomeTests, writingTests } from './conformance/writing.ts';

/** Registers the suite. `makeHarness` is called afresh for every test. */
export function connectorConformance(name: string, makeHarness: () => ConformanceHarness): void {
  describe(`${name} keeps the connector contract`, () => {
    manifestTests(makeHarness);
    readingTests(makeHarness);
    writingTests(makeHarness);
    outcomeTests(makeHarness);
    lifeTests(makeHarness);
    doctorTests(makeHarness);
  });
}
