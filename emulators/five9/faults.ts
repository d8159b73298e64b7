/**
 * Faults that can be switched on and off at run time, by name.
 *
 * 1. A fault with `count` ends after it struck so often; one with `forMs` ends by the clock;
 *    without either it stays until it is switched off.
 * 2. A momentary fault happens once when it is switched on and never stays active.
 * 3. `hits` counts every strike over the emulator's life, so that a test can prove that it met it.
 */
import type { Clock, Timer } from '../../src/lib/clock.ts';

export const LASTING_FAULTS = [
  'zombie_socket',
  'half_open_socket',
  'socket_refused',
  'drop_diff',
  'duplicate_diff',
  'reorder_diff',
  'unauthorized_after_login',
  'improper_state',
  'rate_limited',
  'error_before_effect',
  'error_after_effect',
  'timeout_after_effect',
  'clock_skew',
  'domain_logged_out',
  'rest_down',
  'slow_answers',
  'refuse_writes',
  'ignore_writes',
  'refuse_skills',
  'graceful_delay',
] as const;

export const MOMENTARY_FAULTS = [
  'migration',
  'migration_foreign',
  'farm_moved',
  'maintenance_announced',
  'kick',
  'notices',
  'garbage_frame',
  'close_sockets',
] as const;

/** Faults that act by being switched on; every other lasting fault acts on single calls or frames. */
const ACT_AT_ONCE: ReadonlySet<string> = new Set([
  ...MOMENTARY_FAULTS,
  'clock_skew',
  'domain_logged_out',
  'graceful_delay',
]);

export type FaultName = (typeof LASTING_FAULTS)[number] | (typeof MOMENTARY_FAULTS)[number];

export interface FaultSetting {
  readonly count?: number;
  readonly forMs?: number;
  /** Meaning per fault: see the README. */
  readonly value?: number;
  /** Which REST calls it strikes; each fault has its own default. */
  readonly scope?: 'writes' | 'all';
}

interface ActiveFault extends FaultSetting {
  readonly name: FaultName;
  /** Strikes left; absent when unlimited. */
  readonly left?: number;
}

interface Entry {
  readonly setting: FaultSetting;
  left: number;
  readonly timer: Timer | undefined;
}

export function isFaultName(name: string): name is FaultName {
  return [...LASTING_FAULTS, ...MOMENTARY_FAULTS].some((known) => known === name);
}

export class Faults {
  private readonly clock: Clock;
  private readonly entries = new Map<FaultName, Entry>();
  private readonly hitsByName = new Map<FaultName, number>();
  private readonly watchers: ((name: FaultName, on: boolean, setting: FaultSetting) => void)[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Told of every switch, after it. */
  onSwitch(watch: (name: FaultName, on: boolean, setting: FaultSetting) => void): void {
    this.watchers.push(watch);
  }

  /** Switching on again replaces the earlier setting. */
  on(name: FaultName, setting: FaultSetting = {}): void {
    this.off(name);
    if (ACT_AT_ONCE.has(name)) this.hit(name);
    if (!isMomentary(name)) {
      const { forMs } = setting;
      const timer = forMs === undefined ? undefined : this.clock.after(forMs, () => this.off(name));
      this.entries.set(name, { setting, left: setting.count ?? Infinity, timer });
    }
    for (const watch of this.watchers) watch(name, true, setting);
  }

  off(name: FaultName): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    entry.timer?.cancel();
    this.entries.delete(name);
    for (const watch of this.watchers) watch(name, false, entry.setting);
  }

  clear(): void {
    for (const name of this.entries.keys()) this.off(name);
  }

  list(): readonly ActiveFault[] {
    return [...this.entries].map(([name, { setting, left }]) =>
      left === Infinity ? { name, ...setting } : { name, ...setting, left },
    );
  }

  hits(): Readonly<Partial<Record<FaultName, number>>> {
    return Object.fromEntries(this.hitsByName);
  }

  active(name: FaultName): FaultSetting | undefined {
    return this.entries.get(name)?.setting;
  }

  /** Lets the fault strike once if it is active: counts it and uses up one of its `count`. */
  strike(name: FaultName): FaultSetting | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    this.hit(name);
    entry.left -= 1;
    if (entry.left <= 0) this.off(name);
    return entry.setting;
  }

  private hit(name: FaultName): void {
    this.hitsByName.set(name, (this.hitsByName.get(name) ?? 0) + 1);
  }
}

function isMomentary(name: FaultName): boolean {
  return MOMENTARY_FAULTS.some((momentary) => momentary === name);
}
