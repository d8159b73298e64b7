/** What is known of each platform's health: what its connector says, and what its writes met. */
import type { Health, Log, Outcome } from '../connectors/connector.ts';
import type { PlatformId } from '../model/ids.ts';

const STARTING: Health = { state: 'starting', detail: 'Not started yet' };

export class Healths {
  private readonly log: Log;
  private readonly told = new Map<PlatformId, Health>();
  private readonly refusals = new Map<PlatformId, Health>();

  constructor(log: Log) {
    this.log = log;
  }

  of(platform: PlatformId): Health {
    const health = this.told.get(platform) ?? STARTING;
    return health.state === 'live' ? (this.refusals.get(platform) ?? health) : health;
  }

  set(platform: PlatformId, health: Health): void {
    const before = this.told.get(platform);
    this.told.set(platform, health);
    if (before?.state === health.state) return;
    this.log.info('platform health changed', { platform, ...health });
  }

  /** A refusal to everybody is told once, with what to do, until a write is taken again. */
  wrote(platform: PlatformId, outcome: Outcome): void {
    if (outcome.kind === 'accepted') this.refusals.delete(platform);
    if (outcome.kind !== 'denied') return;
    if (!this.refusals.has(platform)) {
      this.log.error('writes are refused', { platform, ...outcome });
    }
    const { detail, action, readOnly } = outcome;
    this.refusals.set(platform, {
      state: 'degraded',
      detail: `Writes are refused: ${detail}`,
      action,
      ...(readOnly === undefined ? {} : { readOnly }),
    });
  }
}
