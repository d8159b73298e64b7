/** The two ends that a connector is given: where its news go, and its share of the quota. */
import type { Budget, Health, Sink } from '../connectors/connector.ts';
import type { Lane } from '../delivery/delivery.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Freshness } from './freshness.ts';
import type { Pipeline } from './pipeline.ts';
import type { Population } from './population.ts';

export interface SinkParts {
  readonly population: Population;
  readonly pipeline: Pipeline;
  readonly freshness: Freshness;
  readonly lane: Lane | undefined;
  readonly onHealth: (health: Health) => void;
  readonly onCount: (event: string) => void;
}

export function sinkOf(platform: PlatformId, parts: SinkParts): Sink {
  const { population, pipeline, freshness, lane } = parts;
  return {
    observe: (observations) => {
      lane?.readSucceeded();
      for (const observation of observations) pipeline.observe(observation);
    },
    missing: (accounts, asOf) => {
      for (const account of accounts) {
        const agent = population.owner(platform, account);
        if (agent !== undefined) pipeline.apply(agent, { kind: 'missing', platform, asOf });
      }
    },
    noticed: (accounts) => {
      const agents = accounts.flatMap((account) => population.owner(platform, account) ?? []);
      return agents.length === 0 ? Promise.resolve() : pipeline.noticed(platform, agents);
    },
    confirmed: (asOf) => freshness.confirmFeed(platform, asOf),
    health: parts.onHealth,
    count: parts.onCount,
  };
}

export function budgetOf(lane: Lane | undefined): Budget {
  return {
    read: () => lane?.read() ?? Promise.resolve(),
    spend: () => lane?.spend(),
    throttled: (retryAfterMs) => lane?.throttled(retryAfterMs),
    used: () => lane?.used() ?? 0,
  };
}
