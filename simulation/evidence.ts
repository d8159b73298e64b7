/** Counts what was seen to happen, by name: notes, outcomes, log messages, changes of health. */
import type { Log } from '../src/connectors/connector.ts';
import type { EngineObserver } from '../src/engine/options.ts';

export class Evidence {
  private readonly counts = new Map<string, number>();
  private readonly secrets: readonly string[];
  /** Log lines in which a secret stood. */
  readonly leaks: string[] = [];

  constructor(secrets: readonly string[]) {
    this.secrets = secrets;
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  sum(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + this.of(name), 0);
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `note.teams.echo`, `outcome.five9.accepted`. */
  observer(): EngineObserver {
    return {
      noted: (note, platform) => this.count(`note.${platform ?? 'all'}.${note}`),
      outcome: (platform, kind) => this.count(`outcome.${platform}.${kind}`),
    };
  }

  /** `log.no token`, `health.five9.migrating`. */
  log(): Log {
    const write = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      this.count(`log.${message}`);
      const { platform, state } = fields ?? {};
      if (typeof platform === 'string' && typeof state === 'string') {
        this.count(`health.${platform}.${state}`);
      }
      const line = JSON.stringify([message, fields ?? {}]);
      if (this.secrets.some((secret) => line.includes(secret))) this.leaks.push(line);
    };
    return { info: write, warn: write, error: write };
  }
}
