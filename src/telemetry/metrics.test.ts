import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METRICS, createMetrics } from './metrics.ts';

/** Samples of the exposition, by name and labels. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<Map<string, number>> {
  const text = await metrics.exposition();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

void describe('metrics', () => {
  void it('count what they are told, in seconds', async () => {
    const metrics = createMetrics();
    metrics.changesSeen('five9');
    metrics.changesSeen('five9', 2);
    metrics.wrote('teams', 'accepted');
    metrics.delay('five9', 'teams', 1_500);
    metrics.quotaUsed('teams', 0.25);
    metrics.quotaLimit('teams', 735);
    metrics.laneClosed('teams', 30_000);
    metrics.agents({ in_step: 7, moving: 1, blocked: 2, unknown: 0 });
    metrics.dataAge('teams', 4_000);
    metrics.journalFlushed(3);
    metrics.queueLength('teams', 12);
    metrics.connectorEvent('teams', 'unknown_value');
    metrics.connectorEvent('five9', 'reconnect', 2);
    metrics.connectorEvent('five9', 'bad_frame', 3);
    metrics.wireBytes('five9', 'in', 1_024);
    metrics.eventLoopLag(4);
    const found = await samples(metrics);
    const wanted: readonly (readonly [string, number])[] = [
      ['lockstep_changes_seen_total{platform="five9"}', 3],
      ['lockstep_writes_total{platform="teams",outcome="accepted"}', 1],
      ['lockstep_delay_seconds_sum{from="five9",to="teams"}', 1.5],
      ['lockstep_delay_seconds_bucket{le="1",from="five9",to="teams"}', 0],
      ['lockstep_delay_seconds_bucket{le="2",from="five9",to="teams"}', 1],
      ['lockstep_quota_used_ratio{platform="teams"}', 0.25],
      ['lockstep_quota_limit_requests{platform="teams"}', 735],
      ['lockstep_lane_closed_seconds_total{platform="teams"}', 30],
      ['lockstep_agents{step="blocked"}', 2],
      ['lockstep_data_age_seconds{platform="teams"}', 4],
      ['lockstep_journal_flush_seconds_sum', 0.003],
      ['lockstep_queue_length{platform="teams"}', 12],
      ['lockstep_unknown_values_total{platform="teams"}', 1],
      ['lockstep_reconnects_total{platform="five9"}', 2],
      ['lockstep_connector_events_total{platform="five9",event="bad_frame"}', 3],
      ['lockstep_wire_bytes_total{platform="five9",direction="in"}', 1_024],
      ['lockstep_event_loop_lag_seconds_sum', 0.004],
    ];
    for (const [name, value] of wanted) assert.equal(found.get(name), value, name);
  });

  void it('are all declared in the table, with help', async () => {
    const metrics = createMetrics();
    const text = await metrics.exposition();
    const declared = Object.values(METRICS);
    const published = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    assert.deepEqual(
      new Set(published),
      new Set(declared.map(({ name, type }) => `${name} ${type}`)),
    );
    for (const { help } of declared) assert.match(help, /\.$/);
    assert.match(metrics.contentType, /^text\/plain/);
  });

  void it('are independent of each other', async () => {
    const one = createMetrics();
    const other = createMetrics();
    one.changesSeen('five9');
    assert.equal(
      (await samples(other)).get('lockstep_changes_seen_total{platform="five9"}'),
      undefined,
    );
  });

  void it('do not grow with what a platform invents, and never throw', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 1_000; i += 1) metrics.connectorEvent('five9', `event ${i}`);
    metrics.connectorEvent('five9', '"}\n# '.repeat(100));
    for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      metrics.delay('five9', 'teams', odd);
      metrics.changesSeen('five9', odd);
      metrics.quotaUsed('teams', odd);
      metrics.quotaLimit('teams', odd);
    }
    const found = await samples(metrics);
    const events = [...found.keys()].filter((name) => name.startsWith('lockstep_connector_events'));
    assert.equal(events.length, 51);
    assert.equal(found.get('lockstep_connector_events_total{platform="five9",event="other"}'), 951);
    assert.equal(found.get('lockstep_delay_seconds_count{from="five9",to="teams"}'), undefined);
  });
});
