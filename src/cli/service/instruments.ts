/** Ties the engine to the metrics: what happens is counted, what stands is sampled. */
import type { App } from '../../app.ts';
import type { EngineObserver } from '../../engine/options.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Platforms } from './platforms.ts';

const SAMPLE_MS = 2_000;
const LAG_MS = 200;

export function observerOf(metrics: Metrics): EngineObserver {
  return {
    noted: (note, platform) => metrics.connectorEvent(platform ?? 'all', note),
    changed: (_agent, platform) => {
      if (platform !== undefined) metrics.changesSeen(platform);
    },
    outcome: (platform, kind) => metrics.wrote(platform, kind),
    flushed: (ms) => metrics.journalFlushed(ms),
    delay: (from, to, ms) => metrics.delay(from, to, ms),
  };
}

export interface SampleParts {
  readonly app: App;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly platforms: Platforms;
}

/** Samples until the returned function is called. */
export function sample({ app, metrics, clock, platforms }: SampleParts): () => void {
  let timers: Timer[] = [];
  let counted = { in: 0, out: 0 };
  const closedSince = new Map<string, number>();
  const gauges = (): void => {
    const { engine, reader } = app;
    const now = clock.now();
    const { inStep, moving, blocked, unknown } = reader.summary();
    const bytes = platforms.wireBytes();
    metrics.wireBytes('all', 'in', bytes.in - counted.in);
    metrics.wireBytes('all', 'out', bytes.out - counted.out);
    counted = bytes;
    metrics.agents({ in_step: inStep, moving, blocked, unknown });
    for (const platform of reader.platforms()) {
      const lane = engine.lane(platform);
      metrics.quotaUsed(platform, lane?.used() ?? 0);
      metrics.quotaLimit(platform, lane?.allowed ?? 0);
      metrics.queueLength(platform, lane?.backlog ?? 0);
      metrics.dataAge(platform, Math.max(0, ...reader.ages(platform)) * 100);
      const since = closedSince.get(platform);
      if (since !== undefined) metrics.laneClosed(platform, now - since);
      if (lane?.state().kind === 'closed') closedSince.set(platform, now);
      else closedSince.delete(platform);
    }
    timers[0] = clock.after(SAMPLE_MS, gauges);
  };
  const lag = (): void => {
    const due = clock.monotonic() + LAG_MS;
    timers[1] = clock.after(LAG_MS, () => {
      metrics.eventLoopLag(Math.max(0, clock.monotonic() - due));
      lag();
    });
  };
  gauges();
  lag();
  return () => {
    for (const timer of timers) timer.cancel();
    timers = [];
  };
}
