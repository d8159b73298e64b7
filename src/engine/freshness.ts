/**
 * Freshness: when each platform last confirmed what it says, for the whole feed and per agent.
 * Kept in memory only: after a restart nothing is fresh until it has been read again.
 */
import type { AgentId, PlatformId } from '../model/ids.ts';

export class Freshness {
  private readonly feeds = new Map<PlatformId, number>();
  private readonly agents = new Map<PlatformId, Map<AgentId, number>>();
  /** Any sign that reads succeed, whoever was read. */
  private readonly pulses = new Map<PlatformId, number>();

  confirmFeed(platform: PlatformId, asOf: number): void {
    raise(this.feeds, platform, asOf);
    raise(this.pulses, platform, asOf);
  }

  confirmAgent(platform: PlatformId, agent: AgentId, asOf: number): void {
    let known = this.agents.get(platform);
    if (known === undefined) {
      known = new Map();
      this.agents.set(platform, known);
    }
    raise(known, agent, asOf);
    raise(this.pulses, platform, asOf);
  }

  /** Epoch ms; undefined when it was not confirmed since the start. */
  confirmedAt(platform: PlatformId, agent: AgentId): number | undefined {
    const own = this.agents.get(platform)?.get(agent);
    // A feed that pushes whole differences confirms only whom it has mentioned once.
    const feed = own === undefined ? undefined : this.feeds.get(platform);
    return feed === undefined ? own : Math.max(feed, own ?? 0);
  }

  /** Whether the agent was confirmed at `since` or later. */
  isCurrent(platform: PlatformId, agent: AgentId, since: number): boolean {
    return (this.confirmedAt(platform, agent) ?? Number.NEGATIVE_INFINITY) >= since;
  }

  pulse(platform: PlatformId): number | undefined {
    return this.pulses.get(platform);
  }

  /** Whether anybody was confirmed at `since` or later. */
  isLive(platform: PlatformId, since: number): boolean {
    return (this.pulses.get(platform) ?? Number.NEGATIVE_INFINITY) >= since;
  }

  forget(agent: AgentId): void {
    for (const known of this.agents.values()) known.delete(agent);
  }
}

function raise<K>(map: Map<K, number>, key: K, value: number): void {
  const before = map.get(key);
  if (before === undefined || before < value) map.set(key, value);
}
