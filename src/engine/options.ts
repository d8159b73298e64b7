/** What an engine is made of. */
import type { Connector, Log, Outcome } from '../connectors/connector.ts';
import type { World } from '../core/world.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Agent } from '../model/agent.ts';
import type { AgentState } from '../model/face.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Policy } from '../policy/policy.ts';
import type { PlatformSettings } from './platform-lane.ts';

export interface EngineOptions {
  readonly tenant: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly journal: Journal;
  readonly connectors: readonly Connector[];
  readonly people: readonly Agent[];
  readonly policy: Policy;
  readonly platforms: Readonly<Record<PlatformId, PlatformSettings>>;
  readonly observer?: EngineObserver;
  /** Told the time of the last record: what happens now must not be dated before it. */
  readonly notBefore?: (at: number) => void;
  /** Told what was rebuilt from the journal, before anything begins; it may throw to stop the start. */
  readonly recovered?: (states: readonly AgentState[]) => void;
}

/** Told what happens, for metrics and views. Every call is cheap and must not throw. */
export interface EngineObserver {
  changed?(agent: AgentId, platform: PlatformId | undefined): void;
  noted?(note: string, platform?: PlatformId): void;
  outcome?(platform: PlatformId, kind: Outcome['kind']): void;
  /** A record became durable this long after it was written down. */
  flushed?(ms: number): void;
  delay?(from: PlatformId, to: PlatformId, ms: number): void;
}

export function firstWorld(options: EngineOptions): World {
  return {
    tenant: options.tenant,
    epoch: 0,
    policy: options.policy,
    platforms: Object.fromEntries(
      options.connectors.map(({ manifest }) => [manifest.id, manifest.traits]),
    ),
    live: Object.fromEntries(options.connectors.map(({ manifest }) => [manifest.id, false])),
  };
}
