/**
 * The product's metrics: one table, and one typed method for each thing that is worth counting.
 *
 * Q1  Labels come from small sets. A label that outgrows its bound becomes `other`, so that no
 *     platform can fill the memory by inventing words.
 * Q2  No name, account, agent or raw value is ever a label.
 * Q3  Counting never throws.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../connectors/connector.ts';
import type { PlatformId } from '../model/ids.ts';

export interface MetricDeclaration {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, seconds. */
  readonly buckets?: readonly number[];
}

/** From a push that is there at once to an hour of outage. */
const DELAY_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 300, 900, 3_600];
const SHORT_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

export const METRICS = {
  changesSeen: {
    name: 'lockstep_changes_seen_total',
    type: 'counter',
    help: 'Changes of state that a platform told of.',
    labels: ['platform'],
  },
  writes: {
    name: 'lockstep_writes_total',
    type: 'counter',
    help: 'Commands sent to a platform, by what became of them.',
    labels: ['platform', 'outcome'],
  },
  delay: {
    name: 'lockstep_delay_seconds',
    type: 'histogram',
    help: 'From the moment a change was seen on one platform until the other was confirmed to show it.',
    labels: ['from', 'to'],
    buckets: DELAY_BUCKETS,
  },
  quotaUsed: {
    name: 'lockstep_quota_used_ratio',
    type: 'gauge',
    help: 'Share of the platform quota used in the last window, 0 to 1.',
    labels: ['platform'],
  },
  quotaLimit: {
    name: 'lockstep_quota_limit_requests',
    type: 'gauge',
    help: 'Requests per window that we allow ourselves: what was told, less a margin and what refusals have taught.',
    labels: ['platform'],
  },
  laneClosed: {
    name: 'lockstep_lane_closed_seconds_total',
    type: 'counter',
    help: 'Time for which a platform had asked to be left alone.',
    labels: ['platform'],
  },
  agents: {
    name: 'lockstep_agents',
    type: 'gauge',
    help: 'Agents by step: in_step, moving, blocked or unknown.',
    labels: ['step'],
  },
  dataAge: {
    name: 'lockstep_data_age_seconds',
    type: 'gauge',
    help: 'Age of the oldest state that decisions rest on.',
    labels: ['platform'],
  },
  inbound: {
    name: 'lockstep_inbound_answer_seconds',
    type: 'histogram',
    help: 'Time to answer what a platform sends to us, by the status of the answer.',
    labels: ['status'],
    buckets: SHORT_BUCKETS,
  },
  journalFlush: {
    name: 'lockstep_journal_flush_seconds',
    type: 'histogram',
    help: 'Time to make a group of records durable.',
    labels: [],
    buckets: SHORT_BUCKETS,
  },
  queueLength: {
    name: 'lockstep_queue_length',
    type: 'gauge',
    help: 'Agents who wait for a write; never more than there are agents.',
    labels: ['platform'],
  },
  unknownValues: {
    name: 'lockstep_unknown_values_total',
    type: 'counter',
    help: 'Values from a platform that Lockstep does not know.',
    labels: ['platform'],
  },
  reconnects: {
    name: 'lockstep_reconnects_total',
    type: 'counter',
    help: 'Connections that had to be made again.',
    labels: ['platform'],
  },
  connectorEvents: {
    name: 'lockstep_connector_events_total',
    type: 'counter',
    help: 'Everything else that a connector counts, by its own name for it.',
    labels: ['platform', 'event'],
  },
  wireBytes: {
    name: 'lockstep_wire_bytes_total',
    type: 'counter',
    help: 'Bytes sent to (out) and received from (in) a platform.',
    labels: ['platform', 'direction'],
  },
  eventLoopLag: {
    name: 'lockstep_event_loop_lag_seconds',
    type: 'histogram',
    help: 'How late the process came to something it had planned.',
    labels: [],
    buckets: SHORT_BUCKETS,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

type Step = 'in_step' | 'moving' | 'blocked' | 'unknown';

/** All times are milliseconds here; they are published in seconds. */
export interface Metrics {
  changesSeen(platform: PlatformId, by?: number): void;
  wrote(platform: PlatformId, outcome: Outcome['kind']): void;
  delay(from: PlatformId, to: PlatformId, delayMs: number): void;
  quotaUsed(platform: PlatformId, share: number): void;
  quotaLimit(platform: PlatformId, requests: number): void;
  laneClosed(platform: PlatformId, closedMs: number): void;
  agents(counts: Readonly<Record<Step, number>>): void;
  dataAge(platform: PlatformId, ageMs: number): void;
  /** A request of a platform was answered. */
  inboundAnswered(status: number, tookMs: number): void;
  journalFlushed(tookMs: number): void;
  queueLength(platform: PlatformId, length: number): void;
  /** What a connector passes to `Sink.count`. */
  connectorEvent(platform: PlatformId, event: string, by?: number): void;
  wireBytes(platform: PlatformId, direction: 'in' | 'out', bytes: number): void;
  eventLoopLag(lagMs: number): void;
  /** The text that monitoring reads, and its content type. */
  exposition(): Promise<string>;
  readonly contentType: string;
}

const LABEL_VALUES_MAX = 50;
const LABEL_LENGTH_MAX = 60;

type Labels = Readonly<Record<string, string>>;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const counter = counters(registry);
  const gauge = gauges(registry);
  const histogram = histograms(registry);
  const own = {
    unknown_value: counter(METRICS.unknownValues),
    reconnect: counter(METRICS.reconnects),
  };
  const ownCounter = (event: string): ((labels: Labels, by: number) => void) | undefined =>
    event === 'unknown_value' || event === 'reconnect' ? own[event] : undefined;
  const changes = counter(METRICS.changesSeen);
  const writes = counter(METRICS.writes);
  const events = counter(METRICS.connectorEvents);
  const bytes = counter(METRICS.wireBytes);
  const closed = counter(METRICS.laneClosed);
  const quota = gauge(METRICS.quotaUsed);
  const limit = gauge(METRICS.quotaLimit);
  const agents = gauge(METRICS.agents);
  const age = gauge(METRICS.dataAge);
  const queue = gauge(METRICS.queueLength);
  const delay = histogram(METRICS.delay);
  const flush = histogram(METRICS.journalFlush);
  const inbound = histogram(METRICS.inbound);
  const lag = histogram(METRICS.eventLoopLag);
  return {
    changesSeen: (platform, by = 1) => changes({ platform }, by),
    wrote: (platform, outcome) => writes({ platform, outcome }, 1),
    delay: (from, to, delayMs) => delay({ from, to }, delayMs / 1_000),
    quotaUsed: (platform, share) => quota({ platform }, share),
    quotaLimit: (platform, requests) => limit({ platform }, requests),
    laneClosed: (platform, closedMs) => closed({ platform }, closedMs / 1_000),
    agents: (counts): void => {
      for (const [step, count] of Object.entries(counts)) agents({ step }, count);
    },
    dataAge: (platform, ageMs) => age({ platform }, ageMs / 1_000),
    inboundAnswered: (status, tookMs) => inbound({ status: String(status) }, tookMs / 1_000),
    journalFlushed: (tookMs) => flush({}, tookMs / 1_000),
    queueLength: (platform, length) => queue({ platform }, length),
    connectorEvent: (platform, event, by = 1): void => {
      const mine = ownCounter(event);
      if (mine === undefined) events({ platform, event }, by);
      else mine({ platform }, by);
    },
    wireBytes: (platform, direction, count) => bytes({ platform, direction }, count),
    eventLoopLag: (lagMs) => lag({}, lagMs / 1_000),
    exposition: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

type Make = (declaration: MetricDeclaration) => (labels: Labels, value: number) => void;

function counters(registry: Registry): Make {
  return (declaration) => {
    const metric = new Counter({ ...describe(declaration), registers: [registry] });
    return bounded((labels, by) => metric.inc(labels, by));
  };
}

function gauges(registry: Registry): Make {
  return (declaration) => {
    const metric = new Gauge({ ...describe(declaration), registers: [registry] });
    return bounded((labels, value) => metric.set(labels, value));
  };
}

function histograms(registry: Registry): Make {
  return (declaration) => {
    const buckets = [...(declaration.buckets ?? [])];
    const metric = new Histogram({ ...describe(declaration), buckets, registers: [registry] });
    return bounded((labels, value) => metric.observe(labels, value));
  };
}

function describe({ name, help, labels }: MetricDeclaration): {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
} {
  return { name, help, labelNames: [...labels] };
}

/** Keeps labels to a bounded vocabulary and figures to what a metric can hold. */
function bounded(put: (labels: Labels, value: number) => void): ReturnType<Make> {
  const known = new Map<string, Set<string>>();
  return (labels, value) => {
    if (!Number.isFinite(value) || value < 0) return;
    const entries = Object.entries(labels).map(([label, raw]): [string, string] => {
      const values = known.get(label) ?? new Set<string>();
      known.set(label, values);
      const text = raw.slice(0, LABEL_LENGTH_MAX);
      if (!values.has(text) && values.size >= LABEL_VALUES_MAX) return [label, 'other'];
      values.add(text);
      return [label, text];
    });
    put(Object.fromEntries(entries), value);
  };
}
